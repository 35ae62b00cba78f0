"""Writes into the cells of an XLSX in place; all else in the file stays byte for byte.

A library that loads and saves a workbook loses what it doesn't know: charts, pictures, pivot
tables, and the values that formulas had.
"""

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Set
from typing import Any

from lxml import etree

from guantong.exchange.reading.body import letters_of
from guantong.exchange.reading.facts import parts_of

_STYLES = "xl/styles.xml"
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
    root = etree.fromstring(written, etree.XMLParser(huge_tree=True))
    data = root.find("{*}sheetData")
    for number, row in _numbered(data, "row"):
        if number not in texts and number not in bad:
            continue
        row.attrib.pop("spans", None)
        cells = dict(_numbered(row, "c"))
        for place in bad.get(number, ()):
            cell = cells.get(place)
            if cell is None:
                cell = cells[place] = _put(row, cells, number, place)
            if styles is not None:
                cell.set("s", styles.red(cell.get("s", "0")))
        if number in texts:
            old = cells.pop(column, None)
            if old is not None:
                row.remove(old)
            if texts[number]:
                _say(_put(row, cells, number, column), texts[number], styles)
    for size in root.findall("{*}dimension"):
        root.remove(size)
    _widen(root, data, column)
    return _written(root)


def _numbered(parent: Any, tag: str) -> Iterator[tuple[int, Any]]:
    """Yield rows or cells with their numbers from 1; one without a number follows the last."""
    number = 0
    for each in list(parent.iterfind(f"{{*}}{tag}")):
        place = each.get("r")
        if place is None:
            number += 1
        else:
            number = int(place) if tag == "row" else _column_of(place)
        yield number, each


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
