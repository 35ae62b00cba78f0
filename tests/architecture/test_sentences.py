"""What pages say in sentences: days as the language of the page writes them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import guantong

# Workbooks and the command line write days as 2026-09-30; what they say of them is told so.
APART = {"tests", "migrations", "sheets", "management", "exchange"}
DAYS = {"day", "start", "end", "today", "original"}
# They give days on in the form that programs read.
PLAIN = {"reporting.py"}


def sentences() -> Iterator[tuple[Path, ast.Dict]]:
    root = Path(guantong.__file__).parent
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if APART & {*parts, path.stem} or path.name in PLAIN:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.BinOp(op=ast.Mod(), right=ast.Dict() as named):
                    yield path, named


def test_days_in_sentences_are_written_as_the_language_writes_them() -> None:
    found = list(sentences())
    assert len(found) > 200
    plain = [
        f"{path}:{value.lineno}: {ast.unparse(value)}"
        for path, named in found
        for key, value in zip(named.keys, named.values, strict=True)
        if isinstance(key, ast.Constant)
        and key.value in DAYS
        and not ast.unparse(value).startswith("day_in_words(")
    ]
    assert plain == []
