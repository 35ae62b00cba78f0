"""Gives a file back as it came, with a last column that says what is wrong with each row."""

import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
import xlsxwriter
from django.utils.translation import gettext as _
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from python_calamine import CalamineWorkbook

from guantong.exchange.batches import Fault
from guantong.exchange.mapping.matching import BROKEN, ERROR_HEADERS
from guantong.exchange.reading import Table
from guantong.exchange.reading.delimited import lines_of, read_delimited
from guantong.kit.encodings import decode
from guantong.kit.sheets import plain

_BAD = PatternFill("solid", fgColor="F7D9D5")
_ENDS = ("\r\n", "\r", "\n")
_XLSX = (".xlsx", ".xlsm")


def error_file(content: bytes, table: Table, faults: Sequence[Fault]) -> tuple[bytes, str]:
    """Return the file with its errors, and the ending that its name should have.

    An XLSX keeps its sheets and formats, a text file its encoding, delimiter, quoting and line
    ends; XLS and ODS come back as XLSX, with values only. The file can be imported again.
    """
    by_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_row[fault.number or table.header_rows[-1]].append(fault)
    if table.form == "xlsx":
        return _into_workbook(content, table, by_row), _ending_of(table)
    if table.form in ("xls", "ods"):
        return _into_workbook(_as_xlsx(content), table, by_row), ".xlsx"
    return _into_text(content, table, by_row), ""


def can_be_written(table: Table, faults: Sequence[Fault]) -> bool:
    """Whether the file's own encoding has the characters of these sentences."""
    if not table.encoding:
        return True
    try:
        for fault in faults:
            _sentence([fault], table).encode(table.encoding)
        ERROR_HEADERS[0].encode(table.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _ending_of(table: Table) -> str:
    return ".xlsm" if table.name.lower().endswith(".xlsm") else ".xlsx"


def _sentence(faults: Sequence[Fault], table: Table) -> str:
    """Say all that is wrong with a row in one cell."""
    said = []
    for fault in faults:
        words = f"{fault.column}: {fault.sentence}" if fault.column else fault.sentence
        if accepted := _in_encoding(fault.accepted.rstrip("."), table.encoding):
            words += " " + _("Accepted: %(accepted)s.") % {"accepted": accepted}
        said.append(words)
    text = "\n".join(said)
    if any(fault.number in table.misfits for fault in faults):
        # Once padded, the row would look whole; only a person can say that it is.
        text = f"{BROKEN} {text} " + _("Clear this cell when the row is right.")
    return text


def _in_encoding(accepted: str, encoding: str) -> str:
    """Leave out those of the names to choose from that the file's encoding can't write."""
    kept = []
    for name in accepted.split(", "):
        try:
            name.encode(encoding or "utf-8")
        except UnicodeEncodeError:
            continue
        kept.append(name)
    return ", ".join(kept)


def _into_workbook(content: bytes, table: Table, by_row: Mapping[int, list[Fault]]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content), keep_vba=table.name.endswith(".xlsm"))
    sheet = book[table.sheet]
    column = _column_for_errors(sheet, table)
    head = sheet.cell(table.header_rows[-1], column)
    head.value = ERROR_HEADERS[0]
    places = {
        plain(label): place + 1 for label, place in zip(table.header, table.columns, strict=True)
    }
    for number in table.numbers:
        sheet.cell(number, column).value = None
    for number, faults in by_row.items():
        cell = sheet.cell(number, column)
        if number in table.header_rows:
            cell.comment = Comment(_sentence(faults, table), "Guantong")
            continue
        cell.value = _sentence(faults, table)
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        for fault in faults:
            place = places.get(plain(fault.column))
            if place:
                bad = sheet.cell(number, place)
                bad.fill = _BAD
                bad.comment = Comment(_sentence([fault], table), "Guantong")
    sheet.column_dimensions[head.column_letter].width = 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _column_for_errors(sheet: Any, table: Table) -> int:
    """Return the column of an earlier error file, or the first free one right of the table."""
    for label, place in zip(table.header, table.columns, strict=True):
        if label in ERROR_HEADERS:
            return place + 1
    column = max(table.columns) + 2
    rows = sheet.iter_rows(min_col=column, max_col=column, values_only=True)
    is_free = column > sheet.max_column or all(value is None for (value,) in rows)
    return column if is_free else sheet.max_column + 1


def _as_xlsx(content: bytes) -> bytes:
    """Copy the values of an XLS or ODS workbook into an XLSX."""
    out = io.BytesIO()
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as new:
        day = new.add_format({"num_format": "yyyy-mm-dd"})
        for name in book.sheet_names:
            sheet = new.add_worksheet(name)
            source = book.get_sheet_by_name(name)
            rows = source.to_python(skip_empty_area=False) if source.end else []
            for y, row in enumerate(rows):
                for x, value in enumerate(row):
                    if isinstance(value, str):
                        if value:
                            sheet.write_string(y, x, value)
                    elif hasattr(value, "isoformat") or hasattr(value, "total_seconds"):
                        sheet.write(y, x, value, day)
                    elif value is not None:
                        sheet.write(y, x, value)
    return out.getvalue()


def _into_text(content: bytes, table: Table, by_row: Mapping[int, list[Fault]]) -> bytes:
    """Add a cell to the end of each row, leaving every other character as it is."""
    decoded = decode(content, "" if table.strays else table.encoding)
    lines = lines_of(decoded.text)
    grid, _sign = read_delimited(decoded.text, name=table.name, delimiter=table.delimiter)
    header = ERROR_HEADERS[0]
    try:
        header.encode(table.encoding)
    except UnicodeEncodeError:
        header = ERROR_HEADERS[1]
    old = next(
        (n for n, label in zip(table.columns, table.header, strict=True) if label in ERROR_HEADERS),
        None,
    )
    width = old if old is not None else max(len(grid.rows[n - 1]) for n in table.header_rows)
    lasts = [start - 2 for start in [*grid.starts[1:], len(lines) + 1]]
    data = set(table.numbers)
    for number, last in enumerate(lasts, start=1):
        if number == table.header_rows[-1]:
            added = header
        elif number in data or number in table.header_rows or number in table.repeats:
            added = _sentence(by_row[number], table) if number in by_row else ""
        else:
            continue
        row = grid.rows[number - 1]
        if old is not None:
            # The column of an earlier error file is written anew with the rest of its row.
            first = grid.starts[number - 1] - 1
            cells = [*row[:old], added, *row[old + 1 :]]
            lines[first] = table.delimiter.join(
                _quoted(str(c or ""), table.delimiter) for c in cells
            )
            lines[first] += _end_of(lines[last]) or table.line_end
            for inner in range(first + 1, last + 1):
                lines[inner] = ""
            continue
        end = _end_of(lines[last])
        gap = table.delimiter * (max(0, width - len(row)) + 1)
        bare = lines[last].removesuffix(end)
        lines[last] = bare + gap + _quoted(added, table.delimiter) + end
    return _encoded(lines, decoded.encoding, decoded.strays)


def _encoded(lines: Sequence[str], encoding: str, strays: Mapping[int, str]) -> bytes:
    if not strays:
        return "".join(lines).encode(encoding, "replace")
    return b"".join(
        line.encode(strays.get(number, encoding), "replace")
        for number, line in enumerate(lines, start=1)
    )


def _end_of(line: str) -> str:
    return next((end for end in _ENDS if line.endswith(end)), "")


def _quoted(text: str, delimiter: str) -> str:
    if delimiter in text or any(sign in text for sign in '"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
