"""Reads text files whose cells are parted by a sign: commas, semicolons, tabs, bars."""

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.exchange.reading.table import Grid
from guantong.kit.sheets import Cell

# A cell may hold a whole report; the module's own end is 131,072 characters.
csv.field_size_limit(1 << 28)

DELIMITERS = (",", "\t", ";", "|", "，")
_LONGEST_RECORD = 2_000
_MANY_FAULTS = 200
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_WRAPPED = re.compile(r'\s*"(?:[^"]|"")*"\s*')
_AS_TEXT = re.compile(r'="((?:[^"]|"")*)"\s*')
_END = re.compile(r"\r\n|\r|\n")


def lines_of(text: str) -> list[str]:
    """Part text into lines with their ends, whichever of the three ends they have."""
    return _LINE.findall(text)


def _ends_of(lines: list[str], starts: list[int]) -> Counter[str]:
    """Count the line ends between rows; those inside cells say nothing about the file."""
    lasts = (lines[start - 2] for start in [*starts[1:], len(lines) + 1])
    return Counter(found[0] for line in lasts if (found := _END.search(line[-2:])))


def line_end_of(counts: Counter[str]) -> tuple[str, str]:
    """Return the commonest line end, and a sentence where there are several kinds."""
    if not counts:
        return "\r\n", ""
    ranked = counts.most_common()
    if len(ranked) == 1:
        return ranked[0][0], ""
    shown = ", ".join(f"{end!r}: {count}".replace("'", "") for end, count in ranked)
    return ranked[0][0], _("Line ends are of several kinds (%(shown)s).") % {"shown": shown}


def delimiter_of(lines: list[str], name: str = "") -> str:
    """Find the sign that parts most of the first records into equally many cells."""
    sample = lines[:400]
    best, best_score = ",", 0.0
    for sign in DELIMITERS:
        try:
            rows = [row for row in csv.reader(sample, delimiter=sign) if any(row)]
        except csv.Error:
            continue
        widths = Counter(map(len, rows))
        widths.pop(1, None)
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        score = count / len(rows) * (1 + math.log(width))
        if sign == "\t" and name.lower().endswith((".tsv", ".tab")):
            score *= 1.5
        if score > best_score * 1.05:
            best, best_score = sign, score
    return best


def read_delimited(text: str, *, name: str = "", delimiter: str = "") -> tuple[Grid, str]:
    """Read delimited text as a grid; return it with the sign that parted its cells.

    Quotation marks that are not closed, or followed by text, are taken as they stand in their own
    line only, and that is said; they never swallow the rows that follow.
    """
    notes: list[str] = []
    if nuls := text.count("\x00"):
        text = text.replace("\x00", "")
        notes.append(_("%(count)s NUL bytes were left out.") % {"count": nuls})
    if doubled := len(re.findall(r"â€|Ã[\x80-\xbf©¨¼¶]|Â\xa0", text)):
        notes.append(
            _("%(count)s places look as if they had been encoded twice (such as â€™).")
            % {"count": doubled}
        )
    lines = lines_of(text)
    declared = re.fullmatch(r"sep=(.)\s*", lines[0], re.I) if lines else None
    if declared and not delimiter:
        delimiter = declared[1]
    delimiter = delimiter or delimiter_of(lines, name)
    grid = Grid(rows=[], starts=[], notes=notes)
    for start, row in _records(lines, delimiter, grid):
        grid.rows.append([*row])
        grid.starts.append(start)
    grid.ends = _ends_of(lines, grid.starts)
    # Where every line has as many cells as any other, nothing says that a mark opened a cell
    # which then went on over the lines that follow.
    is_doubtful = grid.troubles or len(grid.rows) != len(lines) or not _is_even(grid.rows)
    if is_doubtful and '"' in text:
        plain: list[list[Cell]] = [[*line.rstrip("\r\n").split(delimiter)] for line in lines]
        if _is_even(plain) and not _are_wrapped(plain):
            said = _("Quotation marks are plain characters in this file, and were read so.")
            starts = list(range(1, len(plain) + 1))
            ends = _ends_of(lines, starts)
            return Grid(plain, starts, notes=[*notes, said], ends=ends), delimiter
    return grid, delimiter


def _is_even(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether all rows that hold anything have equally many cells, and more than one."""
    widths = {len(row) for row in rows if len(row) > 1 or any(row)}
    return len(widths) == 1 and widths != {1}


def _are_wrapped(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether more cells stand whole in quotation marks than have one otherwise.

    A program that puts all cells in marks and doesn't double those within leaves a few rows broken.
    """
    marked = [cell for row in rows for cell in row if isinstance(cell, str) and '"' in cell]
    wrapped = sum(1 for cell in marked if _WRAPPED.fullmatch(cell))
    return wrapped > len(marked) - wrapped


def without_formula_signs(grid: Grid) -> None:
    """Read ="007" as 007, as spreadsheet programs do: so is a text written that must stay one."""
    count = 0
    for row in grid.rows:
        for place, cell in enumerate(row):
            if (
                isinstance(cell, str)
                and cell.startswith('="')
                and (found := _AS_TEXT.fullmatch(cell))
            ):
                row[place] = found[1].replace('""', '"')
                count += 1
    if count:
        said = ngettext(
            '%(count)s cell is written as ="…" and was read as the text within.',
            '%(count)s cells are written as ="…" and were read as the texts within.',
            count,
        )
        grid.notes.append(said % {"count": count})


def _records(lines: list[str], delimiter: str, grid: Grid) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it begins, going on after any fault."""
    position, faults = 0, 0
    while position < len(lines):
        reader = csv.reader(
            _limited(lines, position), delimiter=delimiter, strict=faults < _MANY_FAULTS
        )
        if faults >= _MANY_FAULTS:
            # So many faults mean that this file doesn't use quotation marks as such.
            reader = csv.reader(iter(lines[position:]), delimiter=delimiter, quoting=csv.QUOTE_NONE)
            grid.notes.append(
                _("From line %(line)s on, quotation marks are read as plain characters.")
                % {"line": position + 1}
            )
        done = 0
        try:
            for row in reader:
                yield position + done + 1, row
                done = reader.line_num
                if done >= _LONGEST_RECORD and faults < _MANY_FAULTS:
                    break
            position += done
            continue
        except csv.Error:
            faults += 1
        position += done
        literal = next(csv.reader([lines[position]], delimiter=delimiter, quoting=csv.QUOTE_NONE))
        grid.troubles[position + 1] = _(
            "A quotation mark in this row is not closed, or text follows it; "
            "the line was read with quotation marks as plain characters."
        )
        yield position + 1, literal
        position += 1


def _limited(lines: list[str], position: int) -> Iterator[str]:
    # Enough for the records that end in this stretch and for the last one, however long.
    return iter(lines[position : position + 2 * _LONGEST_RECORD])
