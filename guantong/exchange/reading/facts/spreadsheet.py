"""Reads the facts of an XLSX or XLSM out of its XML."""

import io
import re
import zipfile
from xml.etree import ElementTree

from guantong.exchange.reading.facts.fact import (
    PERCENT_FORMATS,
    Facts,
    Place,
    shows_percent,
    targets_of,
    xml,
)
from guantong.kit.sheets import Spoilt

_FAILED = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="e"[^>]*>.*?</(?:\w+:)?c>', re.S)
_UNSTORED = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[^>]*>([^<]*)</(?:\w+:)?f>")
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\bhidden="(?:1|true)"[^>]*>')
_COLUMN = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_ROW_START = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d+)"')
# Columns from AA on; the 26 before them never make a sheet too large.
_FAR_COLUMN = re.compile(rb'\br="([A-Z]{2,3})\d')
_BOUND = re.compile(rb'\b(min|max)="(\d+)"')


def parts_of(archive: zipfile.ZipFile, book: str = "xl/workbook.xml") -> dict[str, str]:
    """Return the name of each sheet of an XLSX with that of the part that holds its cells."""
    tree = xml(archive, book)
    targets = targets_of(archive, book)
    if tree is None:
        return {}
    return {
        sheet.get("name", ""): targets.get(_relation(sheet), "")
        for sheet in tree.findall(".//{*}sheet")
    }


def _relation(sheet: ElementTree.Element) -> str:
    ids = (value for name, value in sheet.items() if name.endswith("relationships}id"))
    return next(ids, "")


def of_xlsx(content: bytes) -> tuple[dict[str, Facts], bool]:
    found: dict[str, Facts] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        percent = _percent_styles(archive)
        for name, part in parts_of(archive).items():
            try:
                written = archive.read(part)
            except KeyError:
                continue
            found[name] = _of_part(written)
            found[name].percent = _shown_as_percentages(written, percent)
        book = xml(archive, "xl/workbook.xml")
    properties = None if book is None else book.find("{*}workbookPr")
    return found, properties is not None and properties.get("date1904") in ("1", "true")


def _of_part(written: bytes) -> Facts:
    facts = Facts(cells=_cells_of(written))
    for cell in (found[0] for found in _FAILED.finditer(written)):
        _put(facts.spoilt, cell, _VALUE)
    for found in _UNSTORED.finditer(written):
        # A formula whose stored text is empty was computed: to nothing.
        if b't="str"' not in found[1]:
            _put(facts.spoilt, found[0], _FORMULA, "=")
    for found in _HIDDEN_ROW.finditer(written):
        if number := _ROW_NUMBER.search(found[0]):
            facts.rows.add(int(number[1]) - 1)
    for column in (found[0] for found in _COLUMN.finditer(written)):
        if b'hidden="1"' in column or b'hidden="true"' in column:
            bounds = {name: int(number) for name, number in _BOUND.findall(column)}
            facts.columns.update(range(bounds[b"min"] - 1, bounds[b"max"]))
    return facts


def _cells_of(written: bytes) -> int:
    """Return how many cells a sheet has at most from the first to the farthest in both ways."""
    last = written.rfind(b"row ")
    row = _ROW_START.search(written, max(0, written.rfind(b"<", 0, last)) if last > 0 else 0)
    rows = int(row[1]) if row else 0
    columns = max(map(_column, set(_FAR_COLUMN.findall(written))), default=26)
    return rows * columns


def _percent_styles(archive: zipfile.ZipFile) -> list[bytes]:
    """Return the numbers of the styles that show 0.125 as 12.5 %."""
    tree = xml(archive, "xl/styles.xml")
    if tree is None:
        return []
    formats = set(map(str, PERCENT_FORMATS))
    for each in tree.iterfind("{*}numFmts/{*}numFmt"):
        if shows_percent(each.get("formatCode", "")):
            formats.add(each.get("numFmtId", ""))
    styles = tree.iterfind("{*}cellXfs/{*}xf")
    return [b"%d" % n for n, style in enumerate(styles) if style.get("numFmtId") in formats]


def _shown_as_percentages(written: bytes, styles: list[bytes]) -> set[Place]:
    if not styles:
        return set()
    cell = rb'<(?:\w+:)?c\s(?=[^>]*?\bs="(?:%s)")[^>]*>' % b"|".join(styles)
    places = (_place(found[0]) for found in re.finditer(cell, written))
    return {place for place in places if place}


def _place(cell: bytes) -> Place | None:
    found = _PLACE.search(cell)
    if found is None:
        return None
    return int(found[2]) - 1, _column(found[1]) - 1


def _column(letters: bytes) -> int:
    """Return a column's number as its letters say it: A is 1, AA is 27."""
    column = 0
    for letter in letters:
        column = 26 * column + letter - 64
    return column


def _put(cells: dict[Place, Spoilt], cell: bytes, shown: re.Pattern[bytes], sign: str = "") -> None:
    if place := _place(cell):
        text = found[1].decode("utf-8", "replace") if (found := shown.search(cell)) else "?"
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        cells[place] = Spoilt(sign + text)
