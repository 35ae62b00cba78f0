"""Extracts what is to be translated; `python -m tests.messages [APP …]` updates catalogues."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
import polib
from django.utils.translation.template import templatize

from tests.architecture.order import PACKAGE, package_of, packages, sources

CATALOGUE = "locale/zh_Hans/LC_MESSAGES/django.po"
KEYWORDS = [
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "ngettext:1,2", "pgettext:1c,2",
    "npgettext:1c,2,3", "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3", "_",
]  # fmt: skip
HEADER = {
    "Project-Id-Version": "guantong",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}


def has_gettext() -> bool:
    """Return whether the tool that extracts is there."""
    return shutil.which("xgettext") is not None


def extract(package: str) -> polib.POFile:
    """Return every message that one package's code and templates say, with where they say it."""
    files = [path for kind in ("*.py", "*.html", "*.txt", "*.md") for path in sources(kind)]
    with tempfile.TemporaryDirectory() as folder:
        written = []
        for path in files:
            if package_of(path) != package:
                continue
            place = path.relative_to(PACKAGE.parent)
            if path.suffix != ".py":
                if "templates" not in place.parts:
                    continue
                text = templatize(path.read_text("utf-8"), origin=str(place))
                copy = Path(folder) / place
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_text(text, "utf-8")
            written.append(str(place))
        if not written:
            return polib.POFile()
        output = Path(folder) / "messages.pot"
        subprocess.run(
            ["xgettext", "--language=Python", "--from-code=UTF-8", "--sort-by-file",
             *(f"--keyword={word}" for word in KEYWORDS),
             "--output", str(output), "--force-po", "--no-wrap", "--directory", folder,
             "--directory", str(PACKAGE.parent), *written],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        # Where all is ASCII, xgettext leaves the word CHARSET for somebody to replace.
        text = re.sub(r"charset=CHARSET", "charset=UTF-8", output.read_text("utf-8"))
        return polib.pofile(text)


def catalogue(package: str) -> polib.POFile:
    """Return a package's Chinese catalogue; an empty one where it has none."""
    path = PACKAGE / package / CATALOGUE
    if path.exists():
        return polib.pofile(str(path), wrapwidth=98)
    made = polib.POFile(wrapwidth=98)
    made.metadata = HEADER
    return made


def bring_up_to_date(package: str) -> int:
    """Add new messages to a package's catalogue and drop those no longer said; count the empty."""
    extracted, kept = extract(package), catalogue(package)
    if not len(extracted) and not len(kept):
        return 0
    kept.merge(extracted)
    for entry in kept.obsolete_entries():
        kept.remove(entry)
    for entry in kept:
        # Lines move with every change; the file alone tells where to look.
        # Chinese has one form where the template has room for two.
        entry.msgstr_plural.pop(1, None)
        entry.occurrences = sorted({(file, "") for file, _ in entry.occurrences})
    path = PACKAGE / package / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    kept.save(str(path))
    return len([entry for entry in kept if not entry.translated()])


def main(names: list[str]) -> int:
    """Bring the named packages' catalogues up to date, or all; say what is left to translate."""
    if not has_gettext():
        print("Extracting needs xgettext (on Debian and Ubuntu: apt install gettext).")
        return 1
    from django.conf import settings

    settings.configure()
    django.setup()
    for package in names or packages():
        empty = bring_up_to_date(package)
        if empty:
            print(f"guantong/{package}/{CATALOGUE}: {empty} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
