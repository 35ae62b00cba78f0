"""Writes sheets that import takes back unchanged, row by row, without holding them all."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import orjson
import xlsxwriter
from django.utils.translation import gettext as _

from guantong.exchange.batches.comparing import state_of, values_now
from guantong.exchange.reading.table import BASE_HEADERS
from guantong.kit.documents.fitting import lines_of
from guantong.kit.sheets import Cell, Column, Context, Lookup, Refers, Sheet, Text

FORMATS = ("xlsx", "csv", "json")
# A spreadsheet program runs a text that begins so as a formula.
_FORMULA = re.compile(r"'*[=+\-@]")
_LONGEST_CELL = 32_767
# In characters: columns that wait to be filled in, and the others.
_WIDE, _NARROW = 36, 16
# A text that may be longer than this is written over several lines.
_LONG = 200
# A line in points, and how many of a text are shown.
_LINE, _MOST_LINES = 15, 8


class CannotExport(Exception):
    """A text is longer than a workbook's cell may be."""


def export_rows(
    sheet: Sheet,
    context: Context,
    lookups: dict[str, Lookup],
    form: str,
    out: BinaryIO,
    *,
    things: Any = None,
    tell: Callable[[int], None] = lambda done: None,
) -> int:
    """Write the things of a sheet that the actor may see to `out`; return how many they are.

    `things` are some of them in an order; without, they are all. `tell` is told how many are done.
    """
    writers = [_writer(column, lookups) for column in sheet.columns]
    names = [column.name for column in sheet.columns]

    def rows() -> Iterator[list[Cell]]:
        found = (sheet.listed or sheet.things)(context) if things is None else things
        # The same file from the same rows, on either database: people compare files.
        found = found if found.ordered else found.order_by("pk")
        for number, thing in enumerate(found.iterator(chunk_size=2_000), start=1):
            tell(number)
            cells = [
                write(values_now(sheet, thing, name))
                for write, name in zip(writers, names, strict=True)
            ]
            yield [*cells, state_of(sheet, thing)]

    write = {"xlsx": _xlsx, "csv": _csv, "json": _json}[form]
    return write(sheet, rows(), out)


def headers_of(sheet: Sheet) -> list[str]:
    """Return the header of an export in the language that is spoken now."""
    return [*(str(column.label) for column in sheet.columns), BASE_HEADERS[0]]


def _writer(column: Column, lookups: dict[str, Lookup]) -> Callable[[Any], Cell]:
    if not isinstance(column.parse, Refers):
        return column.parse.write
    name = lookups[column.parse.kind].name

    def write(value: Any) -> Cell:
        if isinstance(value, tuple):
            return "; ".join(name(each) for each in value) or None
        return None if value is None else name(value)

    return write


def _xlsx(sheet: Sheet, rows: Iterable[list[Cell]], out: BinaryIO) -> int:
    count = 0
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(str(sheet.label)[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        as_text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        page.freeze_panes(1, 1)
        print_across(page)
        to_fill = book.add_format({"bold": True, "bottom": 1, "bg_color": "#fff2cc"})
        empty = book.add_format({"bg_color": "#fffaf0", "text_wrap": True, "valign": "top"})
        filled = [column.writes == "adds" for column in sheet.columns]
        widths = [_width(column) for column in sheet.columns]
        for x, label in enumerate(headers_of(sheet)):
            is_to_fill = x < len(filled) and filled[x]
            page.write_string(0, x, label, to_fill if is_to_fill else bold)
            _set_column(page, x, sheet.columns[x] if x < len(filled) else None, empty)
        for count, row in enumerate(rows, start=1):
            if (lines := _lines(row, widths)) > 1:
                page.set_row(count, _LINE * lines)
            for x, cell in enumerate(row):
                _write_cell(page, count, x, cell, day, as_text)
        page.autofilter(0, 0, count, len(filled) - 1)
    return count


def print_across(page: Any) -> None:
    """Set a sheet to be printed on A4 across, all columns side by side, the header on each page."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _set_column(page: Any, x: int, column: Column | None, empty: Any) -> None:
    """Give texts room, shade what is to be filled in; what only Guantong reads is out of sight."""
    if column is None:
        page.set_column(x, x, _NARROW, None, {"hidden": True})
    elif column.writes == "adds":
        page.set_column(x, x, _WIDE, empty)
    else:
        page.set_column(x, x, _width(column))


def _width(column: Column) -> int:
    is_long = isinstance(column.parse, Text) and (column.parse.longest or _LONG) >= _LONG
    return _WIDE if is_long or column.writes == "adds" else _NARROW


def _lines(row: list[Cell], widths: list[int]) -> int:
    """Return how many lines the row shows: not every program finds it out, and no text hides all.

    What Guantong alone reads stands at the end, beyond the widths.
    """
    texts = [
        lines_of(cell, width, 1)
        for cell, width in zip(row, widths, strict=False)
        if isinstance(cell, str) and (len(cell) * 2 > width or "\n" in cell)
    ]
    return min(max(texts, default=1), _MOST_LINES)


def _write_cell(page: Any, y: int, x: int, cell: Cell, day: Any, as_text: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        if len(cell) > _LONGEST_CELL:
            raise CannotExport(
                _("A text has %(count)s characters; a workbook's cell takes %(most)s. Use CSV.")
                % {"count": len(cell), "most": _LONGEST_CELL}
            )
        page.write_string(y, x, cell, as_text)
    elif isinstance(cell, dt.date):
        page.write_datetime(y, x, dt.datetime.combine(cell, dt.time()), day)
    else:
        page.write(y, x, cell)


def _csv(sheet: Sheet, rows: Iterable[list[Cell]], out: BinaryIO) -> int:
    count = 0
    # With the mark, spreadsheet programs read it as UTF-8 without being asked.
    stream = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(stream)
    writer.writerow(headers_of(sheet))
    for row in rows:
        count += 1
        writer.writerow([_harmless(cell) for cell in row])
    stream.flush()
    stream.detach()
    return count


def _harmless(cell: Cell) -> Any:
    if isinstance(cell, str) and _FORMULA.match(cell):
        return "'" + cell
    return cell


def _json(sheet: Sheet, rows: Iterable[list[Cell]], out: BinaryIO) -> int:
    names = [*(column.name for column in sheet.columns), BASE_HEADERS[0]]
    count = 0
    out.write(b'{"kind": ' + orjson.dumps(sheet.kind) + b', "rows": [')
    for count, row in enumerate(rows, start=1):
        written = dict(zip(names, map(_plain, row), strict=True))
        out.write((b",\n" if count > 1 else b"\n") + orjson.dumps(written))
    out.write(b"\n]}\n")
    return count


def _plain(cell: Cell) -> Any:
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, Decimal) else cell
