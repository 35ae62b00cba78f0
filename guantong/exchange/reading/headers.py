"""Finds the header of a table within a sheet, and parts what follows into data and the rest."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.exchange.reading.table import Grid, Table, Wanted
from guantong.kit.sheets import Cell, as_text, plain

_SEARCHED = 60
_DEEPEST = 3
_NEARLY = 0.6
_SEPARATOR = " / "
# Numbers, days, times and amounts: what stands in data, not above it.
_FIGURES = re.compile(r"[\d\s.,:/%$€£¥+\-年月日()]*\d[\d\s.,:/%$€£¥+\-年月日()TZ]*")


@dataclass(frozen=True)
class Head:
    """A possible header: its first row's index, how many rows it has, its joined labels."""

    first: int
    depth: int
    labels: list[str]
    score: float
    matched: int


def is_blank(row: Sequence[Cell]) -> bool:
    """Whether a row holds nothing that anybody can see."""
    return not any(cell is not None and cell != "" and as_text(cell) for cell in row)


def find_head(grid: Grid, wanted: Wanted) -> Head | None:
    """Return the likeliest header of `grid`: what matches the asked columns, else what looks so."""
    if wanted.header_rows:
        indexes = [n - 1 for n in wanted.header_rows if 0 < n <= len(grid.rows)]
        if len(indexes) != len(wanted.header_rows):
            return None
        depth = indexes[-1] - indexes[0] + 1
        labels = _joined(grid, indexes[0], depth)
        return Head(indexes[0], depth, labels, 1e6, matches_in(labels, wanted.headers))
    heads = []
    seen = 0
    for first, row in enumerate(grid.rows):
        if is_blank(row):
            continue
        seen += 1
        if seen > _SEARCHED:
            break
        heads += [head for d in range(1, _DEEPEST + 1) if (head := _head(grid, first, d, wanted))]
    if not heads:
        return None
    best = max(head.score for head in heads)
    # Where all is text, rows of data look like headers too: the first that looks so is it.
    good = [head for head in heads if head.score > best - _NEARLY]
    return min(good, key=lambda head: (head.first, -head.score))


def _head(grid: Grid, first: int, depth: int, wanted: Wanted) -> Head | None:
    rows = grid.rows[first : first + depth]
    if len(rows) < depth or any(is_blank(row) for row in rows):
        return None
    if depth > 1 and not _belong_together(grid, first, depth):
        return None
    labels = _joined(grid, first, depth)
    named = [label for label in labels if label]
    matched = matches_in(labels, wanted.headers)
    distinct = len(set(map(plain, named)))
    texts = sum(_is_label(cell) for row in rows for cell in row)
    filled = sum(cell is not None and cell != "" for row in rows for cell in row)
    # What a header row is like: labels that are short texts, that differ, and reach as far as
    # the rows below do.
    below = [row for row in grid.rows[first + depth : first + depth + 40] if not is_blank(row)]
    reach = _usual_reach(below)
    likeness = texts / filled + distinct / len(named) + min(1.0, distinct / reach if reach else 0)
    if below and not all(_is_label(cell) for row in below[:20] for cell in row if cell):
        likeness += 0.5
    if depth > 1:
        likeness += 0.3
    if distinct < 2 and matched < 1:
        likeness -= 2
    return Head(first, depth, labels, 10 * matched + likeness, matched)


def _usual_reach(rows: Sequence[Sequence[Cell]]) -> int:
    counts = sorted(sum(1 for cell in row if cell not in (None, "")) for row in rows)
    return counts[len(counts) * 3 // 4] if counts else 0


def _is_label(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return False
    text = as_text(cell)
    return bool(text) and len(text) <= 120 and not _FIGURES.fullmatch(text)


def _belong_together(grid: Grid, first: int, depth: int) -> bool:
    """Whether the rows are one header: merged, or the upper leaves gaps that the lower fills."""
    last = first + depth - 1
    # A title above a table is one filled cell; a row of groups names at least two things.
    if any(sum(map(bool, _padded(row, 0))) < 2 for row in grid.rows[first:last]):
        return False
    for (top, left), (bottom, right) in grid.merged:
        if first <= top <= last and (right > left or bottom > top) and bottom <= last:
            spanned = grid.rows[top][left : right + 1]
            if len(grid.rows[top]) > right - left + 1 and any(_is_label(cell) for cell in spanned):
                return all(_is_all_labels(row) for row in grid.rows[first : last + 1])
    for upper, lower in zip(grid.rows[first:last], grid.rows[first + 1 : last + 1], strict=True):
        width = max(len(upper), len(lower))
        above, low = _padded(upper, width), _padded(lower, width)
        opened = sum(not a and bool(b) for a, b in zip(above, low, strict=True))
        closed = sum(bool(a) and not b for a, b in zip(above, low, strict=True))
        if not opened or not (
            closed or len(set(low)) < len(low) or opened >= sum(map(bool, above))
        ):
            return False
        if not (_is_all_labels(upper) and _is_all_labels(lower)):
            return False
    return _differs_from_what_follows(grid, last)


def _differs_from_what_follows(grid: Grid, last: int) -> bool:
    """Whether figures stand below a label of row `last`: then it is a header and no data.

    A row of data that was taken for a header would be lost; a header taken for data is refused.
    """
    below = [row for row in grid.rows[last + 1 : last + 21] if not is_blank(row)]
    for column, cell in enumerate(grid.rows[last]):
        if not _is_label(cell):
            continue
        filled = [row[column] for row in below if column < len(row) and as_text(row[column])]
        figures = sum(not _is_label(each) for each in filled)
        if filled and figures > 0.6 * len(filled):
            return True
    return False


def _is_all_labels(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell is not None and cell != ""]
    years = [c for c in filled if as_text(c).isdigit() and len(as_text(c)) == 4]
    return all(_is_label(cell) or cell in years for cell in filled)


def _padded(row: Sequence[Cell], width: int) -> list[str]:
    return [as_text(cell) for cell in row] + [""] * (width - len(row))


def _joined(grid: Grid, first: int, depth: int) -> list[str]:
    """Join the header rows: a group's name goes before each label under it."""
    rows = grid.rows[first : first + depth]
    width = max(map(len, rows))
    levels = [_padded(row, width) for row in rows]
    for level, texts in enumerate(levels[:-1]):
        _spread(texts, levels[level + 1], _ranges_of(grid, first + level), width)
    labels = []
    for column in range(width):
        parts = [levels[level][column] for level in range(depth)]
        kept = [part for part in parts if part]
        labels.append(" ".join(_SEPARATOR.join(dict.fromkeys(kept)).split()))
    return labels


def _ranges_of(grid: Grid, row: int) -> dict[int, int]:
    return {
        left: right for (top, left), (bottom, right) in grid.merged if top == row and right > left
    }


def _spread(texts: list[str], below: list[str], ranges: dict[int, int], width: int) -> None:
    """Write a group's name over all columns that it stands above."""
    for left, right in ranges.items():
        for column in range(left, min(right + 1, width)):
            texts[column] = texts[left]
    if ranges:
        return
    # Without merged ranges (a CSV of such a sheet) a name reaches to the next name.
    group = ""
    for column in range(width):
        if texts[column]:
            group = texts[column] if below[column] else ""
        elif below[column]:
            texts[column] = group


def matches_in(labels: Sequence[str], headers: Sequence[Sequence[str]]) -> int:
    """Count the groups of names of which one is among `labels`."""
    there = {plain(label) for label in labels if label}
    there |= {plain(label.rsplit(_SEPARATOR, 1)[-1]) for label in labels if _SEPARATOR in label}
    return sum(any(plain(name) in there for name in names) for names in headers)


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
        notes=[*grid.notes, *notes],
    )
    # Only texts tell a header; a matrix may well hold the numbers that are its labels.
    top = [
        [plain(cell) if isinstance(cell, str) and _is_label(cell) else "" for cell in row]
        for row in grid.rows[head.first : head.first + head.depth]
    ]
    raw = [
        (column, cell)
        for row in grid.rows[head.first : head.first + head.depth]
        for column, cell in enumerate(row)
        if isinstance(cell, str) and cell
    ]
    width = len(head.labels)
    reach = max(column + 1 for column, label in enumerate(head.labels) if label)
    for number, row in enumerate(body, start=head.first + head.depth + 1):
        if is_blank(row):
            table.blanks.append(number)
            continue
        # Most rows are cleared by comparing with each label as it stands, folding no text.
        size = len(row)
        if any(c < size and row[c] == label for c, label in raw) and _repeats(row, top):
            table.repeats.append(number)
            continue
        if trouble := grid.troubles.get(grid.starts[number - 1]):
            table.misfits[number] = trouble
        elif misfit := _misfit(row, width, reach, wanted):
            table.misfits[number] = misfit
        table.rows.append([row[c] if c < len(row) else None for c in columns])
        table.numbers.append(number)
    _say_what_was_left(table, before)
    return table


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


def _misfit(row: Sequence[Cell], width: int, reach: int, wanted: Wanted) -> str:
    over = [as_text(cell) for cell in row[width:]]
    if any(over):
        return _("The row has %(count)s cells, the header %(width)s.") % {
            "count": len(row),
            "width": width,
        }
    if len(row) < reach and not wanted.takes_short_rows:
        return _("The row has only %(count)s cells, the header %(width)s.") % {
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
            _("%(count)s columns have neither header nor data and were left out.")
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


def _say_what_was_left(table: Table, before: int) -> None:
    if before:
        table.notes.append(
            _("%(count)s rows stand above the header and are no data.") % {"count": before}
        )
    if table.repeats:
        table.notes.append(
            _("The header is repeated in rows %(rows)s; these were skipped.")
            % {"rows": numbers_said(table.repeats)}
        )
    if table.blanks:
        table.notes.append(
            _("%(count)s empty rows were skipped: %(rows)s.")
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
