"""Opens a spreadsheet of any common kind and says what it understood of it."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.exchange.reading.body import numbers_said, table_from
from guantong.exchange.reading.delimited import line_end_of, read_delimited, without_formula_signs
from guantong.exchange.reading.headers import SEPARATOR, Head, find_head
from guantong.exchange.reading.objects import grid_of_json, is_json
from guantong.exchange.reading.table import CannotRead, Grid, Table, Wanted
from guantong.exchange.reading.workbooks import form_of, no_text, read_grids
from guantong.kit.encodings import NAMES, CannotDecode, Decoded, decode
from guantong.kit.sheets import plain

__all__ = [
    "SEPARATOR",
    "CannotRead",
    "Table",
    "Wanted",
    "headers_for",
    "numbers_said",
    "read_table",
]

# Of two sheets of which one has all columns of the other, and so many, both are the table.
_FEW_COLUMNS = 3
_AROUND_LOST = re.compile('[^\\s,;|"\ufffd]{0,6}\ufffd[^\\s,;|"]{0,6}')
# What no text has; zero bytes and the old sign for a file's end are told apart elsewhere.
_CONTROL = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f]")


def read_table(content: bytes, name: str, wanted: Wanted | None = None) -> Table:
    """Read one table out of a file: sheet, header, encoding and delimiter are found.

    Nothing is dropped without a count: preamble, header, data, repeated headers and blank rows
    add up to the rows of the file. Raises CannotRead.
    """
    wanted = wanted or Wanted()
    if not content.strip():
        raise CannotRead(_("The file is empty."))
    form = form_of(content)
    if not form and is_json(content, name):
        grid = grid_of_json(content)
        head = find_head(grid, Wanted(header_rows=(1,)))
        if head is None:
            raise CannotRead(_no_table(wanted))
        table = table_from(grid, head, wanted)
        table.form = "json"
        return _named(table, content, name)
    table = _from_workbook(content, form, wanted) if form else _from_text(content, name, wanted)
    return _named(table, content, name)


def headers_for(content: bytes, name: str, several: Sequence[Wanted]) -> list[list[str]]:
    """Return for each of several things to look for the header that a reading would take, if any.

    The file is opened once. Raises CannotRead where it can't be.
    """
    form = form_of(content)
    if not form and is_json(content, name):
        grids, several = [grid_of_json(content)], [Wanted(header_rows=(1,)) for _each in several]
    elif form:
        grids = list(read_grids(content, form))
    else:
        try:
            decoded = decode(content)
        except CannotDecode as error:
            raise CannotRead(str(error)) from None
        grids = [read_delimited(decoded.text, name=name)[0]]
        without_formula_signs(grids[0])
    return [_header_in(grids, wanted) for wanted in several]


def _header_in(grids: Sequence[Grid], wanted: Wanted) -> list[str]:
    found = [(head, grid) for grid in grids if (head := find_head(grid, wanted))]
    return _best(found)[0].labels if found else []


def _best(found: Sequence[tuple[Head, Grid]]) -> tuple[Head, Grid]:
    """Of sheets that match as well, one that is shown, then the fuller one, then the first."""
    return max(found, key=lambda pair: (pair[0].matched, not pair[1].is_hidden, len(pair[1].rows)))


def _named(table: Table, content: bytes, name: str) -> Table:
    table.name = PurePath(name).name
    table.sha256 = hashlib.sha256(content).hexdigest()
    return table


def _from_workbook(content: bytes, form: str, wanted: Wanted) -> Table:
    grids = list(read_grids(content, form, wanted.sheet))
    found = [(head, grid) for grid in grids if (head := find_head(grid, wanted))]
    if not found:
        raise CannotRead(_no_table(wanted))
    head, grid = _best(found)
    _refuse_several(head, grid, found)
    table = table_from(grid, head, wanted)
    table.form = form
    table.from_1904 = grid.from_1904
    if len(grids) > 1:
        others = ", ".join(f"“{each.name}”" for each in grids if each is not grid)
        table.notes.insert(
            0,
            _("The sheet “%(name)s” was read; not read: %(others)s.")
            % {"name": grid.name, "others": others},
        )
    return table


def _refuse_several(head: Head, grid: Grid, found: Sequence[tuple[Head, Grid]]) -> None:
    """Refuse a workbook in which another sheet has the same columns: its rows would be lost.

    They are the same in another order too, and with a few more or fewer.
    """
    same = [
        f"“{other.name}”"
        for labels, other in found
        if _are_alike(labels.labels, head.labels) and other.is_hidden == grid.is_hidden
        if other is grid or len(other.rows) > labels.first + labels.depth
    ]
    if len(same) > 1:
        raise CannotRead(
            _("Several sheets have these columns: %(names)s. Say which sheet is meant (--sheet).")
            % {"names": ", ".join(same)}
        )


def _are_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    first, second = ({plain(label) for label in each if label} for each in (one, other))
    least = min(len(first), len(second))
    return first == second or (least >= _FEW_COLUMNS and len(first & second) == least)


def _from_text(content: bytes, name: str, wanted: Wanted) -> Table:
    try:
        decoded = decode(content, wanted.encoding)
    except CannotDecode as error:
        raise CannotRead(str(error)) from None
    if not decoded.text.strip("\ufeff \t\r\n\x00"):
        raise CannotRead(_("The file is empty."))
    sample = decoded.text[:4096]
    if not wanted.encoding and 20 * len(_CONTROL.findall(sample)) > len(sample):
        raise CannotRead(no_text())
    grid, delimiter = read_delimited(decoded.text, name=name, delimiter=wanted.delimiter)
    without_formula_signs(grid)
    end, mixture = line_end_of(grid.ends)
    head = find_head(grid, wanted)
    if head is None:
        raise CannotRead(_no_table(wanted))
    table = table_from(grid, head, wanted)
    table.encoding, table.delimiter, table.line_end = decoded.encoding, delimiter, end
    table.strays = decoded.strays
    table.notes[:0] = decoded.notes + ([mixture] if mixture else [])
    _say_strays(table, grid, decoded)
    _say_lost(table, grid, decoded)
    return table


def _say_strays(table: Table, grid: Grid, decoded: Decoded) -> None:
    """Turn the lines that were decoded otherwise into the rows that hold them."""
    if not decoded.strays:
        return
    bounds = [*grid.starts, 1 << 60]
    rows, place = set(), 0
    for line in sorted(decoded.strays):
        while bounds[place + 1] <= line:
            place += 1
        rows.add(place + 1)
    name = NAMES[next(iter(decoded.strays.values()))]
    table.notes.append(
        ngettext("Row read as %(name)s: %(rows)s.", "Rows read as %(name)s: %(rows)s.", len(rows))
        % {"name": name, "rows": numbers_said(sorted(rows), most=40)}
    )


def _say_lost(table: Table, grid: Grid, decoded: Decoded) -> None:
    """Say in which rows characters are lost that the file no longer has."""
    if "\ufffd" not in decoded.text:
        return
    rows = [
        number
        for number, row in enumerate(grid.rows, start=1)
        if any(isinstance(cell, str) and "\ufffd" in cell for cell in row)
    ]
    words = list(dict.fromkeys(_AROUND_LOST.findall(decoded.text)))[:4]
    count = decoded.text.count("\ufffd")
    said = ngettext(
        "One character is lost in the file (�), in row %(rows)s: %(words)s.",
        "%(count)s characters are lost in the file (�), in rows %(rows)s: %(words)s.",
        count,
    )
    table.notes.append(
        said
        % {
            "count": count,
            "rows": numbers_said(rows, most=40),
            "words": ", ".join(words),
        }
    )


def _no_table(wanted: Wanted) -> str:
    if wanted.header_rows:
        return _("There is no header in row %(row)s.") % {"row": wanted.header_rows[0]}
    return _("No header was found: one row should name the columns.")
