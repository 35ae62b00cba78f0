"""Runs every check in order and stops at the first that fails: `python -m tests [STAGE …]`."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tests.postgres import PostgresNotFound, throwaway_postgres

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    "-rfEs",
    "-n",
    "2",
    "--dist",
    "loadfile",
    # As they stand: else the files with few tests come last, and those are the ones that take long.
    "--no-loadscope-reorder",
    "-p",
    "no:cacheprovider",
]

# What a stage had to leave out, to be said again at the end.
left_out: list[str] = []


def run(*command: str | Path, **environment: str) -> bool:
    """Run one command at the project's root; return whether it was content."""
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    return done.returncode == 0


def run_on_postgres() -> bool:
    """Run what asks a database on a PostgreSQL made for this run, or on that of DATABASE_URL."""
    command = [*PYTEST, "-m", "database"]
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        return run(*command, DATABASE_URL=given)
    try:
        with ExitStack() as servers:
            # One for each of the two workers: the ledger's sequencer waits for older transactions
            # of the whole server, and would wait for those that the other worker's tests keep open.
            urls = [servers.enter_context(throwaway_postgres()) for _worker in range(2)]
            return run(*command, DATABASE_URL=urls[0], GUANTONG_TEST_DATABASES=" ".join(urls))
    except PostgresNotFound as reason:
        if os.environ.get("CI") == "true":
            print(f"In CI the tests must run on PostgreSQL, and {reason}.")
            return False
        left_out.append(f"the tests were not run on PostgreSQL: {reason}")
        print(f"SKIPPED: {left_out[-1]}.")
        return True


Stage = tuple[str, str, Callable[[], bool]]
STAGES: dict[str, Stage] = {
    "format": (
        "Format (ruff format)",
        "Run 'ruff format .' to put it right.",
        lambda: run(BIN / "ruff", "format", "--quiet", "--check", "--diff", "."),
    ),
    "lint": (
        "Lint (ruff)",
        "Many of these are put right by 'ruff check --fix .'.",
        lambda: run(BIN / "ruff", "check", "--quiet", "."),
    ),
    "templates": (
        "Templates (djlint)",
        "The rules are explained in djlint's documentation, by their codes.",
        lambda: run(BIN / "djlint", "guantong", "--lint", "--quiet"),
    ),
    "types": (
        "Types (mypy)",
        "Each line above names a file, a line and what does not fit.",
        lambda: run(BIN / "mypy", "--no-error-summary", "guantong", "tests"),
    ),
    "imports": (
        "Directions (import-linter)",
        "What may import what is drawn in docs/architecture.md.",
        lambda: run(BIN / "lint-imports", "--no-logo"),
    ),
    "sqlite": (
        "Tests on SQLite",
        "Run one alone with 'pytest path/to/test_file.py -k name'.",
        lambda: run(*PYTEST, DATABASE_URL=""),
    ),
    "postgres": (
        "Tests on PostgreSQL",
        "Run them alone with 'python -m tests postgres'.",
        run_on_postgres,
    ),
}


def main(names: list[str]) -> int:
    """Run the named stages, or all; return 0 if all were content."""
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        print(f"There is no stage '{unknown[0]}'; the stages are: {', '.join(STAGES)}.")
        return 2
    for name in names or STAGES:
        heading, way_out, stage = STAGES[name]
        print(f"\n{heading}\n{'-' * len(heading)}", flush=True)
        started = time.monotonic()
        if not stage():
            print(f"\nStopped: the stage '{name}' failed. {way_out}")
            return 1
        print(f"Good, in {time.monotonic() - started:.0f} s.", flush=True)
    print("\nAll that was run has passed.")
    for sentence in left_out:
        print(f"SKIPPED: {sentence}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
