"""How wide the columns of a table are and how many lines its rows take, reckoned by characters.

The measure is the narrow character: half a Chinese one, about a Latin letter. Nothing is drawn to
find out, so that a spreadsheet written row by row can ask as well.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from guantong.kit.documents.declaring import Cell, Document, Table

# What stands beside a text in its cell: the room to the lines, and what no reckoning foresees.
PADDING = 2.6
# A longer word is parted; of a Chinese name so many characters stay together.
LONGEST_WORD, TOGETHER = 10, 5
# Some programs set gaps between the digits and the signs of a Chinese day.
GAPS = 1.5
# How many rows are looked at for the widths, and by what steps the room is given out.
MEASURED, STEP = 60, 2.0
# What no page of the smallest text could hold next to its header may go over to the next page.
MOST_KEPT = 30
MILLIMETRES_IN_A_POINT = 0.3528
WIDE = re.compile(r"[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]")
WORD = re.compile(r"[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|[\u2e80-\u9fff\uf900-\uffef]")
DAY = re.compile(r"\d+年\d+月\d+日|\d+ \w+ \d{4}")


def wide(text: str) -> float:
    """Return how wide a text is on one line."""
    return len(text) * 1.05 + (0.0 if text.isascii() else len(WIDE.findall(text)) * 0.95)


def column_widths(
    header: Sequence[str], rows: Sequence[Sequence[str]], whole: float
) -> tuple[float, ...]:
    """Share out `whole` so that no word is parted; the rest goes where it makes rows lower.

    `rows` may be the first some hundreds of many.
    """
    columns = list(zip(header, *rows, strict=True)) if rows else [(label,) for label in header]
    widths = [_least(label, texts) for label, *texts in columns]
    rest = whole - sum(widths)
    if rest < 0:
        return tuple(width * whole / sum(widths) for width in widths)
    some = rows[:: max(1, len(rows) // MEASURED)]
    cells = [[[wide(part) for part in text.split("\n")] for text in row] for row in some]
    while rest > 0 and cells:
        step = min(STEP, rest)
        highest = [0.0] * len(widths)
        for row in cells:
            lines = [_lines(cell, width) for cell, width in zip(row, widths, strict=True)]
            highest[lines.index(max(lines))] += max(lines) - 1
        if not any(highest):
            break
        widths[highest.index(max(highest))] += step
        rest -= step
    return tuple(width + rest / len(widths) for width in widths)


def _lines(parts: Sequence[float], width: float) -> float:
    """Return about how many lines a text takes, whose lines are so wide."""
    room = max(width - PADDING, 2.0)
    return sum(max(1.0, part / room) for part in parts)


def _least(label: str, texts: Sequence[str]) -> float:
    """Return the width in which no word of the column is parted, nor a day that stands alone."""
    found = max(map(_word, [label, *texts]), default=0.0)
    days = [wide(text) + (0 if text.isascii() else GAPS) for text in texts if DAY.fullmatch(text)]
    return max([found, *days]) + PADDING


def _word(text: str) -> float:
    """Return the width of the longest word; Chinese parts anywhere, but not in a short name."""
    words = (len(word) for word in WORD.findall(text) if len(word) > 1)
    longest = min(max(words, default=0), LONGEST_WORD) * 1.1
    runs = re.findall(r"[\u3400-\u9fff]+", text)
    together = max((min(len(run), TOGETHER) * 2.0 for run in runs), default=0.0)
    return max(longest, together)


def lines_of(text: str, width: float, beside: float = PADDING) -> int:
    """Return how many lines a text takes in a column of that width, words kept whole."""
    room = max(width - beside, 2.0)
    return sum(_wrapped(part, room) for part in text.split("\n"))


def _wrapped(text: str, room: float) -> int:
    if wide(text) <= room:
        return 1
    lines, used = 1, 0.0
    for gap, word in itertools.pairwise(["", *re.split(r"(\s+)", text), ""]):
        if not word or word.isspace():
            continue
        for piece in re.findall(r"[\u2e80-\uffef]|[^\u2e80-\uffef]+", word):
            space = 1.0 if gap.isspace() and used else 0.0
            gap = ""
            width = wide(piece)
            if used and used + space + width > room:
                lines, used, space = lines + 1, 0.0, 0.0
            used += space + width
            while used > room and width > room:
                lines, used = lines + 1, used - room
    return lines


def row_lines(row: Sequence[str], widths: Sequence[float], beside: float = PADDING) -> int:
    """Return how many lines the tallest cell of a row takes."""
    return max((lines_of(t, w, beside) for t, w in zip(row, widths, strict=True)), default=1)


def room_in(millimetres: float, points: float) -> float:
    """Return how many narrow characters a line of that length holds, at that size of text."""
    return millimetres / (points / 2 * MILLIMETRES_IN_A_POINT)


def is_parted(row: Sequence[Cell | str], table: Table, document: Document) -> bool:
    """Whether a row of the table is too high to be kept on one page."""
    room = room_in(document.width, table.points) / sum(table.widths)
    place = 0
    for cell in row:
        text, span = (cell, 1) if isinstance(cell, str) else (cell.text, cell.span)
        if lines_of(text, sum(table.widths[place : place + span]) * room) > MOST_KEPT:
            return True
        place += span
    return False
