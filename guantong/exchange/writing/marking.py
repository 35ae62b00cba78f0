"""Writes into the cells of an XLSX in place; all else in the file stays byte for byte.

A library that loads and saves a workbook loses what it doesn't know: charts, pictures, pivot
tables, and the values that formulas had.
"""

import copy
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from lxml import etree

from guantong.exchange.reading.body import letters_of
from guantong.exchange.reading.facts import parts_of

_STYLES = "xl/styles.xml"
_BEGIN = re.compile(rb"<(?:\w+:)?worksheet\b[^>]*>")
_DATA = re.compile(rb"<((?:\w+:)?)sheetData\s*>(.*)</\1sheetData\s*>", re.S)
_ROW = re.compile(rb"<((?:\w+:)?)row(?:\s(?:[^>/]|/(?!>))*)?(?:/>|>.*?</\1row\s*>)", re.S)
_NUMBER = re.compile(rb'^<(?:\w+:)?row\s[^>]*?\br="(\d+)"')
_RED = "FFF7D9D5"
_WIDTH = "60"
_WIDEST = 16_384
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def mark_cells(
    content: bytes,
    sheet: str,
    *,
    column: int,
    texts: Mapping[int, str],
    bad: Mapping[int, Set[int]],
) -> bytes:
    """Return the workbook with `texts` (by row) in `column`, and the `bad` cells coloured.

    Rows and columns are counted from 1. Whatever stood in the column in these rows is replaced.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = parts_of(archive)[sheet]
        styles = _Styles(archive.read(_STYLES)) if _STYLES in archive.namelist() else None
        written = _marked(archive.read(part), column, texts, bad, styles)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            for about in archive.infolist():
                if about.filename == part:
                    made.writestr(about, written)
                elif about.filename == _STYLES and styles is not None:
                    made.writestr(about, styles.written())
                else:
                    made.writestr(about, archive.read(about))
    return out.getvalue()


class _Styles:
    """The formats of a workbook, to which coloured twins of those in use are added."""

    def __init__(self, written: bytes) -> None:
        self.root = etree.fromstring(written)
        self.formats = self.root.find("{*}cellXfs")
        self._twins: dict[tuple[str, bool], str] = {}
        self._fill = ""

    def red(self, style: str) -> str:
        return self._twin(style, is_red=True)

    def wrapped(self) -> str:
        return self._twin("0", is_red=False)

    def _twin(self, style: str, *, is_red: bool) -> str:
        if self.formats is None:
            return style
        if (style, is_red) not in self._twins:
            twin = copy.deepcopy(self.formats[int(style)])
            if is_red:
                twin.set("fillId", self._red_fill())
                twin.set("applyFill", "1")
            else:
                for old in twin.findall("{*}alignment"):
                    twin.remove(old)
                twin.insert(0, _like(twin, "alignment", vertical="top", wrapText="1"))
                twin.set("applyAlignment", "1")
            self._twins[style, is_red] = str(len(self.formats))
            self.formats.append(twin)
            self.formats.set("count", str(len(self.formats)))
        return self._twins[style, is_red]

    def _red_fill(self) -> str:
        fills = self.root.find("{*}fills")
        if not self._fill:
            self._fill = str(len(fills))
            fill = _like(fills, "fill")
            pattern = etree.SubElement(fill, _name(fills, "patternFill"), patternType="solid")
            etree.SubElement(pattern, _name(fills, "fgColor"), rgb=_RED)
            fills.append(fill)
            fills.set("count", str(len(fills)))
        return self._fill

    def written(self) -> bytes:
        return _written(self.root)


def _marked(
    written: bytes,
    column: int,
    texts: Mapping[int, str],
    bad: Mapping[int, Set[int]],
    styles: _Styles | None,
) -> bytes:
    found = _DATA.search(written)
    if found is None:
        return written
    rows, number = [], 0
    for row in (each[0] for each in _ROW.finditer(found[2])):
        place = _NUMBER.search(row)
        number = int(place[1]) if place else number + 1
        if number in texts or number in bad:
            row = _marked_row(
                row,
                found[1],
                written,
                number,
                column,
                texts.get(number),
                bad.get(number, ()),
                styles,
            )
        rows.append(row)
    # Of a large sheet only the rows that are marked are ever read as XML.
    hollow = b"<" + found[1] + b"sheetData/>"
    root = etree.fromstring(written[: found.start()] + hollow + written[found.end() :])
    for size in root.findall("{*}dimension"):
        root.remove(size)
    _widen(root, root.find("{*}sheetData"), column)
    begin, end = (b"<" + sign + found[1] + b"sheetData>" for sign in (b"", b"/"))
    return _written(root).replace(hollow, begin + b"".join(rows) + end)


def _marked_row(
    row: bytes,
    prefix: bytes,
    sheet: bytes,
    number: int,
    column: int,
    text: str | None,
    bad: Iterable[int],
    styles: _Styles | None,
) -> bytes:
    """Return one row with its bad cells coloured and the text in its place; None leaves that."""
    before = _BEGIN.search(sheet)
    assert before is not None
    end = b"</" + prefix + b"worksheet>"
    root = etree.fromstring(before[0] + row + end)
    element = root[0]
    element.attrib.pop("spans", None)
    cells = dict(_cells_of(element))
    for place in bad:
        cell = cells.get(place)
        if cell is None:
            cell = cells[place] = _put(element, cells, number, place)
        if styles is not None:
            cell.set("s", styles.red(cell.get("s", "0")))
    if text is not None:
        old = cells.pop(column, None)
        if old is not None:
            element.remove(old)
        if text:
            _say(_put(element, cells, number, column), text, styles)
    written: bytes = etree.tostring(root, encoding="UTF-8")
    return written[written.index(b"<" + prefix + b"row") : written.rindex(end)]


def _cells_of(row: Any) -> Iterator[tuple[int, Any]]:
    """Yield the cells of a row with their columns from 1; one without a name follows the last."""
    column = 0
    for each in list(row.iterfind("{*}c")):
        place = each.get("r")
        column = column + 1 if place is None else _column_of(place)
        yield column, each


def _column_of(place: str) -> int:
    column = 0
    for letter in place.rstrip("0123456789"):
        column = 26 * column + ord(letter) - 64
    return column


def _put(row: Any, cells: Mapping[int, Any], number: int, column: int) -> Any:
    """Add an empty cell to a row, in its place among the others."""
    made = _like(row, "c", r=f"{letters_of(column - 1)}{number}")
    after = [place for place in cells if place < column]
    if after:
        cells[max(after)].addnext(made)
    else:
        row.insert(0, made)
    return made


def _say(cell: Any, text: str, styles: _Styles | None) -> None:
    cell.set("t", "inlineStr")
    if styles is not None:
        cell.set("s", styles.wrapped())
    said = etree.SubElement(etree.SubElement(cell, _name(cell, "is")), _name(cell, "t"))
    said.text = _UNWRITABLE.sub("", text)
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _widen(root: Any, data: Any, column: int) -> None:
    """Give the column a width to read in, parting a range of columns that it lies in."""
    columns = root.find("{*}cols")
    if columns is None:
        columns = _like(root, "cols")
        data.addprevious(columns)
    for old in list(columns):
        first, last = int(old.get("min")), int(old.get("max"))
        if not first <= column <= last:
            continue
        for start, end in ((first, column - 1), (column + 1, min(last, _WIDEST))):
            if start <= end:
                part = copy.deepcopy(old)
                part.set("min", str(start))
                part.set("max", str(end))
                old.addprevious(part)
        columns.remove(old)
    place = str(column)
    made = _like(root, "col", min=place, max=place, width=_WIDTH, customWidth="1")
    before = sum(int(each.get("min")) < column for each in columns)
    columns.insert(before, made)


def _name(near: Any, tag: str) -> str:
    return f"{{{etree.QName(near).namespace}}}{tag}"


def _like(near: Any, tag: str, **said: str) -> Any:
    """Make an element in the namespace of another, with its prefix."""
    return etree.Element(_name(near, tag), said, nsmap={near.prefix: etree.QName(near).namespace})


def _written(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
