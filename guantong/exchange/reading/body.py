"""Parts the rows below a header into data and the rest; every row is counted as one thing."""

import re
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.exchange.reading.headers import Head, is_blank, is_label
from guantong.exchange.reading.signatures import signatures_under
from guantong.exchange.reading.table import BASE_HEADERS, Grid, Table, Wanted
from guantong.kit.sheets import Cell, Spoilt, as_text, plain

# What programs write where there is nothing; no person writes so.
NOTHING = frozenset(["NULL", "null", "NaN", "nan", "NaT", "<NA>", "\\N"])
# How a text file made from a workbook shows that a formula failed.
_FAILED = frozenset(
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"]
)


def table_from(grid: Grid, head: Head, wanted: Wanted) -> Table:
    """Part the rows of `grid` at `head`: every row is counted as exactly one thing."""
    body = grid.rows[head.first + head.depth :]
    header, columns, notes = _header_and_columns(head.labels, body)
    before = sum(not is_blank(row) for row in grid.rows[: head.first])
    table = Table(
        name="",
        sha256="",
        sheet=grid.name,
        header=header,
        columns=columns,
        header_rows=list(range(head.first + 1, head.first + head.depth + 1)),
        rows=[],
        numbers=[],
        total=len(grid.rows),
        preamble=before,
        blanks=[n for n, row in enumerate(grid.rows[: head.first], start=1) if is_blank(row)],
        day_order=wanted.day_order,
        notes=[*grid.notes, *notes],
    )
    # Only texts tell a header; a matrix may well hold the numbers that are its labels.
    top = [
        [plain(cell) if isinstance(cell, str) and is_label(cell) else "" for cell in row]
        for row in grid.rows[head.first : head.first + head.depth]
    ]
    raw = [
        (column, cell)
        for row in grid.rows[head.first : head.first + head.depth]
        for column, cell in enumerate(row)
        if isinstance(cell, str) and cell
    ]
    _fill_down(grid, head, table)
    width = len(head.labels)
    labels = frozenset(cell for _column, cell in raw)
    other = 0
    reach = max(column + 1 for column, label in enumerate(head.labels) if label)
    top_number = head.first + head.depth + 1
    signed = signatures_under(body, lambda row: _looks_added(row, reach)) if reach > 1 else set()
    table.signatures = sorted(top_number + place for place in signed)
    for number, row in enumerate(body, start=top_number):
        if number - top_number in signed:
            continue
        if is_blank(row):
            table.blanks.append(number)
            continue
        # Most rows are cleared by comparing with each label as it stands, folding no text.
        size = len(row)
        if any(c < size and row[c] == label for c, label in raw) and _repeats(row, top):
            table.repeats.append(number)
            other = 0
            continue
        other = number if _is_other_header(row, labels) else other
        if trouble := grid.troubles.get(grid.starts[number - 1]):
            table.misfits[number] = trouble
        elif other:
            said = _(
                "From row %(row)s on the columns stand in another order: this is another table. "
                "Bring it as a file of its own."
            )
            table.misfits[number] = said % {"row": other}
        elif misfit := _looks_added(row, reach) or _misfit(row, width, reach, wanted):
            table.misfits[number] = misfit
        table.rows.append([row[c] if c < len(row) else None for c in columns])
        table.numbers.append(number)
    _mark_what_is_no_value(table)
    _say_where_repeats_differ(table)
    _say_what_is_hidden(grid, table)
    _say_what_was_left(table, before)
    if not table.rows:
        table.notes.append(_("There are no rows below the header."))
    return table


def _mark_what_is_no_value(table: Table) -> None:
    """Read a program's word for nothing as empty, and a failed formula as having no value."""
    nothing: dict[str, list[int]] = {}
    for number, row in zip(table.numbers, table.rows, strict=True):
        for column, cell in enumerate(row):
            if cell.__class__ is not str:
                continue
            if cell in NOTHING:
                nothing.setdefault(str(cell), []).append(number)
                row[column] = None
            elif cell in _FAILED:
                row[column] = Spoilt(cell)
    for word, numbers in nothing.items():
        said = ngettext(
            "“%(word)s” stands for nothing in %(count)s cell, read as empty: row %(rows)s.",
            "“%(word)s” stands for nothing in %(count)s cells, read as empty: rows %(rows)s.",
            len(numbers),
        )
        rows = numbers_said(list(dict.fromkeys(numbers)))
        table.notes.append(said % {"word": word, "count": len(numbers), "rows": rows})


def _fill_down(grid: Grid, head: Head, table: Table) -> None:
    """Give each row the value of a cell that is merged over several, as it is seen beside them."""
    filled, across = 0, 0
    for (top, left), (bottom, right) in grid.merged:
        if top < head.first + head.depth:
            continue
        across += right > left
        for row in grid.rows[top + 1 : bottom + 1]:
            if left < len(row) and not is_blank(row) and not as_text(row[left]):
                row[left] = grid.rows[top][left]
                filled += 1
    if filled:
        table.notes.append(
            ngettext(
                "%(count)s cell is merged with the one above and was read as it.",
                "%(count)s cells are merged with the one above and were read as it.",
                filled,
            )
            % {"count": filled}
        )
    if across:
        table.notes.append(
            ngettext(
                "%(count)s cell is merged over several columns and was read in the first of them.",
                "%(count)s cells are merged over several columns and were read in the first of "
                "them.",
                across,
            )
            % {"count": across}
        )


def _say_what_is_hidden(grid: Grid, table: Table) -> None:
    rows = [number for number in table.numbers if number - 1 in grid.hidden_rows]
    if rows:
        table.notes.append(
            ngettext(
                "A row that the sheet doesn't show is read as the others: %(rows)s.",
                "Rows that the sheet doesn't show are read as the others: %(rows)s.",
                len(rows),
            )
            % {"rows": numbers_said(rows)}
        )
    columns = [
        label
        for label, column in zip(table.header, table.columns, strict=True)
        # What our own workbooks hide is nothing to look at.
        if column in grid.hidden_columns and label not in BASE_HEADERS
    ]
    if columns:
        table.notes.append(
            _("Columns that the sheet doesn't show are read as the others: %(names)s.")
            % {"names": ", ".join(columns)}
        )


# What stands in the first cell of a line that adds up, or that says something about the table.
_TOTAL = re.compile(
    r"(?:grand |sub-?)?totals?:?|sum:?|summe|итого:?|共\s*\d+\s*[条项个件户次人]"
    r"|[合总小共]\s*计\s*[:：]?\s*(?:\d[\d,.]*\s*[条项个件户次人]?)?",
    re.I,
)
_NOTE = re.compile(
    r"(?:notes?|sources?|footnotes?|注释?|备注|说明|(?:资料|数据)?来源|制表人?|填表人|审核人?)\s*\d*"
    r"\s*[:：].*|[*†‡※].+|打印(?:日期|时间|人)\s*[:：].*"
    r"|第\s*\d+\s*页[\s,，/]*(?:共\s*\d+\s*页)?|page\s*\d+(?:\s*(?:of|/)\s*\d+)?",
    re.I | re.S,
)


def _looks_added(row: Sequence[Cell], reach: int) -> str:
    """Say why a row is probably none of the table: a total, or a note in a cell of its own."""
    first = next((place for place, cell in enumerate(row) if cell is not None and cell != ""), 0)
    cell = row[first] if row else None
    if reach < 2 or cell.__class__ is not str:
        return ""
    text = as_text(cell)
    is_total = _TOTAL.fullmatch(text)
    if not is_total and not _NOTE.fullmatch(text):
        return ""
    rest = [each for each in row[first + 1 :] if each not in (None, "")]
    if is_total and not any(is_label(each) for each in rest if each.__class__ is not Spoilt):
        said = _("“%(text)s”: this looks like a total, not like a row of the table.")
    elif not is_total and not rest:
        said = _("“%(text)s”: this looks like a note on the table, not like a row of it.")
    else:
        return ""
    said += " " + _("Delete the row, or leave it out by a [[skip]] of a mapping.")
    return said % {"text": text[:40]}


def _repeats(row: Sequence[Cell], top: Sequence[Sequence[str]]) -> bool:
    """Whether a row is a header again: half of what it holds, three cells at least, are labels.

    Each must stand in its own column; registers that were put together from several lists often
    have the later headers a little altered.
    """
    texts = [plain(as_text(cell)) for cell in row]
    filled = sum(map(bool, texts))
    for labels in top:
        named = sum(map(bool, labels))
        same = sum(a == b != "" for a, b in zip(texts, labels, strict=False))
        if same and ((2 * same >= filled and same >= 3) or same == filled == named):
            return True
    return False


def _is_other_header(row: Sequence[Cell], labels: frozenset[str]) -> bool:
    """Whether three cells of a row, and two thirds of what it holds, are names of columns.

    It is no repeated header: they stand in another order.
    """
    named = len(labels.intersection(row))
    return named >= 3 and 3 * named >= 2 * sum(cell is not None and cell != "" for cell in row)


def _misfit(row: Sequence[Cell], width: int, reach: int, wanted: Wanted) -> str:
    over = [as_text(cell) for cell in row[width:]]
    if any(over):
        return ngettext(
            "The row has %(count)s cell, the header %(width)s.",
            "The row has %(count)s cells, the header %(width)s.",
            len(row),
        ) % {
            "count": len(row),
            "width": width,
        }
    if len(row) < reach and not wanted.takes_short_rows:
        return ngettext(
            "The row has only %(count)s cell, the header %(width)s.",
            "The row has only %(count)s cells, the header %(width)s.",
            len(row),
        ) % {
            "count": len(row),
            "width": reach,
        }
    return ""


def _header_and_columns(
    labels: Sequence[str], body: Sequence[Sequence[Cell]]
) -> tuple[list[str], list[int], list[str]]:
    """Name every column that has a label or data; leave the others out, and say how many."""
    width = len(labels)
    filled = [bool(label) for label in labels]
    waiting = {column for column in range(width) if not filled[column]}
    for row in body:
        if not waiting:
            break
        for column in [c for c in waiting if c < len(row) and as_text(row[c])]:
            filled[column] = True
            waiting.discard(column)
    columns = [column for column in range(width) if filled[column]]
    notes = []
    if waiting:
        notes.append(
            ngettext(
                "%(count)s column has neither header nor data and was left out.",
                "%(count)s columns have neither header nor data and were left out.",
                len(waiting),
            )
            % {"count": len(waiting)}
        )
    times: Counter[str] = Counter()
    header = []
    unnamed, doubled = [], []
    for column in columns:
        label = labels[column]
        if not label:
            label = _("column %(letters)s") % {"letters": letters_of(column)}
            unnamed.append(label)
        times[plain(label)] += 1
        if times[plain(label)] > 1:
            doubled.append(label)
            label = f"{label} ({times[plain(label)]})"
        header.append(label)
    if unnamed:
        notes.append(
            _("Columns with data but no header: %(names)s.") % {"names": ", ".join(unnamed)}
        )
    if doubled:
        notes.append(
            _("Headers that occur more than once: %(names)s.") % {"names": ", ".join(doubled)}
        )
    return header, columns, notes


def _say_where_repeats_differ(table: Table) -> None:
    """Say in which rows two columns of one name hold different things: only the first is read."""
    places = {plain(label): place for place, label in enumerate(table.header)}
    for place, label in enumerate(table.header):
        other = places.get(plain(re.sub(r" \(\d+\)\Z", "", label)), place)
        if other == place:
            continue
        rows = [
            number
            for number, row in zip(table.numbers, table.rows, strict=True)
            if as_text(row[place]) and as_text(row[place]) != as_text(row[other])
        ]
        if rows:
            said = _("“%(one)s” says otherwise than “%(other)s” in rows %(rows)s.")
            told = {"one": label, "other": table.header[other], "rows": numbers_said(rows)}
            table.notes.append(said % told)


def _say_what_was_left(table: Table, before: int) -> None:
    if before:
        table.notes.append(
            ngettext(
                "%(count)s row stands above the header and is no data.",
                "%(count)s rows stand above the header and are no data.",
                before,
            )
            % {"count": before}
        )
    if table.repeats:
        table.notes.append(
            _("The header is repeated in rows %(rows)s; these were skipped.")
            % {"rows": numbers_said(table.repeats)}
        )
    if table.signatures:
        table.notes.append(
            _("Who made the table and when stands below it and was left out: row %(rows)s.")
            % {"rows": numbers_said(table.signatures)}
        )
    if table.blanks:
        table.notes.append(
            ngettext(
                "%(count)s empty row was skipped: %(rows)s.",
                "%(count)s empty rows were skipped: %(rows)s.",
                len(table.blanks),
            )
            % {"count": len(table.blanks), "rows": numbers_said(table.blanks)}
        )


def numbers_said(numbers: Sequence[int], most: int = 12) -> str:
    """Write row numbers shortly: 3, 7–9, 12 …"""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    said = [f"{a}–{b}" if b > a else str(a) for a, b in parts[:most]]
    return ", ".join(said) + (" …" if len(parts) > most else "")


def letters_of(column: int) -> str:
    """Return a column's letters as a spreadsheet shows them: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
