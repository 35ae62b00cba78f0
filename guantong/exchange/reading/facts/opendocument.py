"""Reads the facts of an ODS out of its XML."""

import io
import zipfile
from xml.etree import ElementTree

from guantong.exchange.reading.facts.fact import Facts, xml
from guantong.kit.sheets import Spoilt

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ERRORS = ("#", "Err:")
# A sheet is padded with its last row and cell, repeated to the end of what a program can show.
_PADDING = 10_000


def of_ods(content: bytes) -> tuple[dict[str, Facts], bool]:
    found: dict[str, Facts] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tree = xml(archive, "content.xml")
    for table in tree.iter(f"{_TABLE}table") if tree is not None else ():
        facts = found[table.get(f"{_TABLE}name", "")] = Facts()
        column = 0
        for about in table.iter(f"{_TABLE}table-column"):
            times = _times(about, "columns")
            if about.get(f"{_TABLE}visibility") in ("collapse", "filter") and times < _PADDING:
                facts.columns.update(range(column, column + times))
            column += times
        row = 0
        for line in table.iter(f"{_TABLE}table-row"):
            times = _times(line, "rows")
            if times < _PADDING:
                for number in range(row, row + times):
                    _read_line(line, number, facts)
            row += times
    return found, False


def _read_line(line: ElementTree.Element, row: int, facts: Facts) -> None:
    if line.get(f"{_TABLE}visibility") in ("collapse", "filter"):
        facts.rows.add(row)
    column = 0
    for cell in line:
        down = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        right = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
        if down > 1 or right > 1:
            facts.merged.append(((row, column), (row + down - 1, column + right - 1)))
        if _is_failed(cell):
            facts.spoilt[row, column] = Spoilt("".join(cell.itertext()))
        times = _times(cell, "columns")
        if cell.get(f"{_OFFICE}value-type") == "percentage":
            facts.percent.update((row, column + n) for n in range(times))
        column += times


def _is_failed(cell: ElementTree.Element) -> bool:
    if any(name.endswith("}value-type") and kind == "error" for name, kind in cell.items()):
        return True
    is_formula = cell.get(f"{_TABLE}formula") is not None
    has_value = cell.get(f"{_OFFICE}string-value") != "" and cell.get(f"{_OFFICE}value") != "0"
    return is_formula and not has_value and "".join(cell.itertext()).startswith(_ERRORS)


def _times(element: ElementTree.Element, what: str) -> int:
    return int(element.get(f"{_TABLE}number-{what}-repeated", "1"))
