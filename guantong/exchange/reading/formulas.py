"""Finds the cells of an XLSX whose formula failed or was never computed: no value can be read."""

import io
import re
import zipfile
from xml.etree import ElementTree

from guantong.kit.sheets import Spoilt

_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# A cell of the type “error”, or one with a formula and no stored value.
_FAILED = re.compile(rb'<c\s[^>]*?\bt="e"[^>]*>.*?</c>', re.S)
_UNSTORED = re.compile(
    rb"<c\s[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_VALUE = re.compile(rb"<v>([^<]*)</v>")
_FORMULA = re.compile(rb"<f[^>]*>([^<]*)</f>")


def spoilt_cells(content: bytes) -> dict[str, dict[tuple[int, int], Spoilt]]:
    """Return for each sheet the cells that hold no value, by (row, column) from 0."""
    found: dict[str, dict[tuple[int, int], Spoilt]] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, part in _parts(archive).items():
            try:
                written = archive.read(part)
            except KeyError:
                continue
            found[name] = _of_sheet(written)
    return found


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of each sheet with that of the part that holds its cells."""
    book = xml(archive, "xl/workbook.xml")
    relations = xml(archive, "xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return {}
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    return {
        sheet.get("name", ""): "xl/"
        + targets.get(sheet.get(_RELATION), "").removeprefix("/xl/").lstrip("/")
        for sheet in book.iter(f"{_SPREADSHEET}sheet")
    }


def xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element | None:
    """Return a part of a workbook as XML, None where there is none."""
    try:
        return ElementTree.fromstring(archive.read(name))
    except (KeyError, ElementTree.ParseError):
        return None


def counts_from_1904(content: bytes, form: str) -> bool:
    """Whether a workbook says that its days are counted from 1904, as old Macs did."""
    if form != "xlsx":
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = xml(archive, "xl/workbook.xml")
    properties = None if book is None else book.find(f"{_SPREADSHEET}workbookPr")
    return properties is not None and properties.get("date1904") in ("1", "true")


def _of_sheet(written: bytes) -> dict[tuple[int, int], Spoilt]:
    cells: dict[tuple[int, int], Spoilt] = {}
    for cell in (found[0] for found in _FAILED.finditer(written)):
        _put(cells, cell, _VALUE)
    for cell in (found[0] for found in _UNSTORED.finditer(written)):
        _put(cells, cell, _FORMULA, "=")
    return cells


def _put(
    cells: dict[tuple[int, int], Spoilt], cell: bytes, shown: re.Pattern[bytes], sign: str = ""
) -> None:
    if place := _PLACE.search(cell):
        column = 0
        for letter in place[1]:
            column = 26 * column + letter - 64
        text = found[1].decode("utf-8", "replace") if (found := shown.search(cell)) else "?"
        cells[int(place[2]) - 1, column - 1] = Spoilt(sign + text)
