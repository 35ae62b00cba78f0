"""Gives a file back as it came, with a last column that says what is wrong with each row."""

import codecs
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence

import orjson
import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from guantong.exchange.batches import Fault
from guantong.exchange.mapping.matching import BROKEN, ERROR_HEADERS
from guantong.exchange.reading import Table
from guantong.exchange.reading.delimited import lines_of, read_delimited
from guantong.exchange.reading.workbooks import read_grids
from guantong.exchange.writing.marking import mark_cells
from guantong.kit.encodings import decode
from guantong.kit.sheets import Cell, plain
from guantong.kit.sheets.cells import Percent

_ENDS = ("\r\n", "\r", "\n")


def error_file(content: bytes, table: Table, faults: Sequence[Fault]) -> tuple[bytes, str]:
    """Return the file with its errors, and the ending that its name should have.

    An XLSX keeps its sheets and formats, a text file its encoding, delimiter, quoting and line
    ends; XLS, XLSB and ODS come back as XLSX, with values
    and merged cells only. The file can be imported again.
    """
    by_row: dict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_row[fault.number or table.header_rows[-1]].append(fault)
    if table.form == "xlsx":
        return _into_workbook(content, table, by_row), _ending_of(table)
    if table.form in ("xls", "xlsb", "ods"):
        return _into_workbook(_as_xlsx(content, table.form), table, by_row), ".xlsx"
    if table.form == "json":
        return _into_objects(content, table, by_row), ""
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
    places = {
        plain(label): place + 1 for label, place in zip(table.header, table.columns, strict=True)
    }
    is_again = any(label in ERROR_HEADERS for label in table.header)
    texts = dict.fromkeys(table.numbers, "") if is_again else {}
    bad: dict[int, set[int]] = {}
    for number, faults in by_row.items():
        if number in table.header_rows:
            continue
        texts[number] = _sentence(faults, table)
        found = (places.get(plain(fault.column)) for fault in faults)
        bad[number] = {place for place in found if place}
    texts[table.header_rows[-1]] = ERROR_HEADERS[0]
    column = _column_for_errors(content, table)
    return mark_cells(content, table.sheet, column=column, texts=texts, bad=bad)


def _column_for_errors(content: bytes, table: Table) -> int:
    """Return the column of an earlier error file, or the first free one right of the table."""
    for label, place in zip(table.header, table.columns, strict=True):
        if label in ERROR_HEADERS:
            return place + 1
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(table.sheet)
    column = max(table.columns) + 1
    rows = sheet.to_python(skip_empty_area=False)
    is_free = all(len(row) <= column or row[column] == "" for row in rows)
    return 1 + (column if is_free else max(map(len, rows)))


def _as_xlsx(content: bytes, form: str) -> bytes:
    """Copy the values and merged cells of an XLS, XLSB or ODS workbook into an XLSX."""
    out = io.BytesIO()
    grids = list(read_grids(content, form))
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        # Plain numbers that mean days go on meaning the same ones.
        "date_1904": any(grid.from_1904 for grid in grids),
    }
    with xlsxwriter.Workbook(out, options) as new:
        forms = {
            form: new.add_format({"num_format": form})
            for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm", "0.00%")
        }
        for grid in grids:
            sheet = new.add_worksheet(grid.name)
            for (top, left), (bottom, right) in grid.merged:
                sheet.merge_range(top, left, bottom, right, "")
            for y, row in enumerate(grid.rows):
                for x, value in enumerate(row):
                    if isinstance(value, str):
                        if value:
                            sheet.write_string(y, x, value)
                    elif form := _form_of(value):
                        sheet.write(y, x, value, forms[form])
                    elif value is not None:
                        sheet.write(y, x, value)
            if grid.is_hidden:
                sheet.hide()
    return out.getvalue()


def _form_of(value: Cell) -> str:
    """Return how a day, a time or a percentage is shown in a workbook."""
    if isinstance(value, Percent):
        return "0.00%"
    if isinstance(value, dt.time | dt.timedelta):
        return "hh:mm"
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return "yyyy-mm-dd hh:mm"
    return "yyyy-mm-dd" if isinstance(value, dt.date) else ""


def _into_text(content: bytes, table: Table, by_row: Mapping[int, list[Fault]]) -> bytes:
    """Add a cell to the end of each row, leaving every other character as it is."""
    decoded = decode(content, "" if table.strays else table.encoding)
    lines = lines_of(decoded.kept)
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
    if table.encoding == "utf-16" and content.startswith(codecs.BOM_UTF16_BE):
        return codecs.BOM_UTF16_BE + _encoded(lines, "utf-16-be", decoded.strays)
    return _encoded(lines, table.encoding, decoded.strays)


def _into_objects(content: bytes, table: Table, by_row: Mapping[int, list[Fault]]) -> bytes:
    """Add to each object of a JSON file what is wrong with it."""
    said = orjson.loads(content.removeprefix(codecs.BOM_UTF8))
    objects = said["rows"] if isinstance(said, dict) else said
    for number, each in enumerate(objects, start=2):
        each.pop(ERROR_HEADERS[0], None)
        if number in by_row:
            each[ERROR_HEADERS[0]] = _sentence(by_row[number], table)
    return orjson.dumps(said, option=orjson.OPT_INDENT_2)


def _encoded(lines: Sequence[str], encoding: str, strays: Mapping[int, str]) -> bytes:
    if not strays:
        return _as_bytes("".join(lines), encoding)
    return b"".join(
        _as_bytes(line, strays.get(number, encoding)) for number, line in enumerate(lines, start=1)
    )


def _as_bytes(text: str, encoding: str) -> bytes:
    """Encode with the bytes that were no characters as they came."""
    try:
        return text.encode(encoding, "surrogateescape")
    except UnicodeEncodeError:
        return text.encode(encoding, "replace")


def _end_of(line: str) -> str:
    return next((end for end in _ENDS if line.endswith(end)), "")


def _quoted(text: str, delimiter: str) -> str:
    if delimiter in text or any(sign in text for sign in '"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
