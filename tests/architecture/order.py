"""The order of the packages, as the import contract has it, and which package a file is in."""

import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "guantong"


@cache
def lines() -> tuple[frozenset[str], ...]:
    """Return the lines of packages from the top down, read from the one place they stand in."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers" and contract["containers"] == ["guantong"]:
            return tuple(
                frozenset(name.strip() for name in line.split("|")) for line in contract["layers"]
            )
    raise LookupError("pyproject.toml has no layers contract for guantong")


@cache
def height(package: str) -> int:
    """Return how high a package stands; the lowest line has 0."""
    for number, line in enumerate(reversed(lines())):
        if package in line:
            return number
    raise LookupError(f"the package {package} stands on no line in pyproject.toml")


def may_use(user: str, used: str) -> bool:
    """Return whether one package may build on another."""
    return user == used or height(user) > height(used)


def packages() -> list[str]:
    """Return every package of the project, from the top down."""
    found = [path.parent.name for path in PACKAGE.glob("*/__init__.py")]
    return sorted(found, key=lambda name: (-height(name), name))


def package_of(path: Path) -> str:
    """Return the package that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0]


def sources(pattern: str) -> list[Path]:
    """Return the project's own files of one kind that are no tests, migrations or built files."""
    return [
        path
        for path in sorted(PACKAGE.rglob(pattern))
        if not {"tests", "migrations", "static-built"} & set(path.relative_to(PACKAGE).parts[:-1])
    ]


def name(path: Path) -> str:
    """Return a file's path from the project's root, to be read."""
    return path.relative_to(ROOT).as_posix()
