"""Compiles every app's catalogue: `python -m guantong.project.translations [TARGET]`."""

import sys
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parents[1]


def catalogues(package: Path = PACKAGE) -> list[Path]:
    """Return the catalogues of all apps, as they are written by hand."""
    return sorted(package.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_catalogues(*, target: Path = PACKAGE) -> list[Path]:
    """Compile each catalogue to the same place below `target`; return the files made.

    Pure Python, so that a machine without gettext can install.
    """
    made = []
    for source in catalogues():
        compiled = (target / source.relative_to(PACKAGE)).with_suffix(".mo")
        compiled.parent.mkdir(parents=True, exist_ok=True)
        polib.pofile(str(source)).save_as_mofile(str(compiled))
        made.append(compiled)
    return made


if __name__ == "__main__":
    compile_catalogues(target=Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE)
