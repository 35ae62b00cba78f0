"""Finds the header of a table within a sheet: one row or several, below whatever stands above."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from guantong.exchange.reading.table import Grid, Wanted
from guantong.kit.sheets import Cell, as_text, plain

_SEARCHED = 60
_DEEPEST = 3
_NEARLY = 0.6
SEPARATOR = " / "
# What stands behind a label: a mark of a footnote, a number raised, words in brackets.
_TAIL = re.compile(r"(.*\S)\s*([*†‡※¹²³⁰⁴-⁹:：]|\[\w+\]|[(（][^()（）]+[)）])", re.S)
# A line above a table that says who sent it and when; but 其中：女 is a column's name.
_SAID = re.compile(r"(?!其中)[^:：]+[:：]\s*\S.*", re.S)
_SCALE = re.compile(r"[\d百千万亿%％‰/]|thousand|million|billion|percent|hundred|per\b|index", re.I)
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
    if depth > 1 and not _belong_together(grid, first, depth, wanted):
        return None
    labels = _joined(grid, first, depth)
    named = [label for label in labels if label]
    matched = matches_in(labels, wanted.headers)
    distinct = len(set(map(plain, named)))
    texts = sum(is_label(cell) for row in rows for cell in row)
    filled = sum(cell is not None and cell != "" for row in rows for cell in row)
    # What a header row is like: labels that are short texts, that differ, and reach as far as
    # the rows below do.
    below = [row for row in grid.rows[first + depth : first + depth + 40] if not is_blank(row)]
    reach = _usual_reach(below)
    likeness = texts / filled + distinct / len(named) + min(1.0, distinct / reach if reach else 0)
    if below and not all(is_label(cell) for row in below[:20] for cell in row if cell):
        likeness += 0.5
    if depth > 1:
        likeness += 0.3
    if distinct < 2 and matched < 1:
        likeness -= 2
    if _is_cut(grid, first + depth - 1):
        likeness -= 1
    return Head(first, depth, labels, 10 * matched + likeness, matched)


def _usual_reach(rows: Sequence[Sequence[Cell]]) -> int:
    counts = sorted(sum(1 for cell in row if cell not in (None, "")) for row in rows)
    return counts[len(counts) * 3 // 4] if counts else 0


def is_label(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return False
    text = as_text(cell)
    return bool(text) and len(text) <= 120 and not _FIGURES.fullmatch(text)


def _belong_together(grid: Grid, first: int, depth: int, wanted: Wanted) -> bool:
    """Whether the rows are one header: merged, or the upper leaves gaps that the lower fills."""
    last = first + depth - 1
    # A title above a table is one filled cell; a row of groups names at least two things.
    if any(sum(map(bool, _padded(row, 0))) < 2 for row in grid.rows[first:last]):
        return False
    # 填报单位：… 填报日期：… names no groups of columns.
    if any(_only_says(row) for row in grid.rows[first:last]):
        return False
    merged = [_is_tied(grid, row, last) for row in range(first, last)]
    names_more = _names_more(grid, first, depth, wanted)
    if all(merged):
        return all(_is_all_labels(row) for row in grid.rows[first : last + 1])
    if any(merged):
        # A line above the table that says who sent it is no part of the merged header below it.
        return False
    for upper, lower in zip(grid.rows[first:last], grid.rows[first + 1 : last + 1], strict=True):
        width = max(len(upper), len(lower))
        above, low = _padded(upper, width), _padded(lower, width)
        opened = sum(not a and bool(b) for a, b in zip(above, low, strict=True))
        closed = sum(bool(a) and not b for a, b in zip(above, low, strict=True))
        if not opened or not (
            closed or names_more or len(set(low)) < len(low) or opened >= sum(map(bool, above))
        ):
            return False
        if not (_is_all_labels(upper) and _is_all_labels(lower)):
            return False
    lowest = [as_text(cell) for cell in grid.rows[last] if as_text(cell)]
    # A row of data doesn't hold the names of two columns, nor does it make such with what is above.
    return (
        names_more
        or matches_in(lowest, wanted.headers) >= 2
        or _differs_from_what_follows(grid, last)
    )


def _only_says(row: Sequence[Cell]) -> bool:
    return all(_SAID.fullmatch(text) for text in _padded(row, 0) if text)


def _names_more(grid: Grid, first: int, depth: int, wanted: Wanted) -> bool:
    """Whether the rows read together name two wanted columns more than any of them alone."""
    alone = (
        matches_in(_padded(row, 0), wanted.headers) for row in grid.rows[first : first + depth]
    )
    return matches_in(_joined(grid, first, depth), wanted.headers) >= max(alone) + 2


def _is_cut(grid: Grid, last: int) -> bool:
    """Whether a label reaches from row `last` into the row below: the header goes on there."""
    return any(
        left == right and top <= last < bottom and is_label(grid.rows[top][left])
        for (top, left), (bottom, right) in grid.merged
        if left < len(grid.rows[top])
    )


def _is_tied(grid: Grid, row: int, last: int) -> bool:
    """Whether a merged range ties a row of a header to those below: a group, or a tall label."""
    for (top, left), (bottom, right) in grid.merged:
        is_range = right > left or bottom > top
        if is_range and top <= row and bottom <= last and (top == row or bottom > row):
            spanned = grid.rows[top][left : right + 1]
            if len(grid.rows[top]) > right - left + 1 and any(is_label(cell) for cell in spanned):
                return True
    return False


def _differs_from_what_follows(grid: Grid, last: int) -> bool:
    """Whether figures stand below a label of row `last`: then it is a header and no data.

    A row of data that was taken for a header would be lost; a header taken for data is refused.
    """
    below = [row for row in grid.rows[last + 1 : last + 21] if not is_blank(row)]
    for column, cell in enumerate(grid.rows[last]):
        if not is_label(cell):
            continue
        filled = [row[column] for row in below if column < len(row) and as_text(row[column])]
        figures = sum(not is_label(each) for each in filled)
        if filled and figures > 0.6 * len(filled):
            return True
    return False


def _is_all_labels(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell is not None and cell != ""]
    years = [c for c in filled if as_text(c).isdigit() and len(as_text(c)) == 4]
    return all(is_label(cell) or cell in years for cell in filled)


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
        kept = [part for part, _again in groupby(part for part in parts if part)]
        labels.append(" ".join(SEPARATOR.join(kept).split()))
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


def short_names(label: str) -> tuple[set[str], set[str]]:
    """Return what a label under a group is also called: together with it, and without it.

    责任 / 单位 may be 责任单位, 日期 / 发现 may be 发现日期; and they may be 单位 and 发现.
    """
    group, _sign, part = label.rpartition(SEPARATOR)
    if not group:
        return set(), set()
    nearest = group.rsplit(SEPARATOR, 1)[-1]
    glue = " " if label.isascii() else ""
    return {nearest + glue + part, part + glue + nearest}, {part}


def fingerprint_of(header: Sequence[str]) -> str:
    """Return a digest of the names of columns in their order: files of one shape share it."""
    return hashlib.sha256("\x1f".join(map(plain, header)).encode()).hexdigest()


def matches_in(labels: Sequence[str], headers: Sequence[Sequence[str]]) -> int:
    """Count the groups of names of which one is among `labels`."""
    there = {plain(name) for label in labels if label for name in _all_names(label)}
    return sum(any(plain(name) in there for name in names) for names in headers)


def _all_names(label: str) -> set[str]:
    with_group, without = short_names(label)
    return {label, bare_name(label)} | with_group | without | names_in_both_languages(label)


_LONGEST_LABEL = 80
# Capitals alone are an abbreviation that belongs to the word beside it: “ERP 编号”.
_LATIN = r"(?=[^\W\d_]*[a-z])[A-Za-z][A-Za-z .,'-]*"
_CHINESE = r"[^A-Za-z]*[\u3400-\u9fff][^A-Za-z]*?"
_PARTED = r"[)）]?(?:\s*[/／|｜]\s*|\s*[(（]\s*|\s+)"
_BOTH_LANGUAGES = re.compile(
    rf"({_CHINESE}){_PARTED}({_LATIN})[)）]?|({_LATIN}){_PARTED}({_CHINESE})[)）]?"
)


def names_in_both_languages(label: str) -> set[str]:
    """Return the two names of a label that says the same in Chinese and English, or none.

    课题名称 Project, 课题名称/Project and Project（课题名称） are all 课题名称 and Project.
    """
    part = label.rpartition(SEPARATOR)[2]
    found = _BOTH_LANGUAGES.fullmatch(part) if len(part) <= _LONGEST_LABEL else None
    return {name.strip() for name in found.groups() if name} if found else set()


def bare_name(label: str) -> str:
    """Return a label without a footnote's mark, and without a unit that changes no number.

    人数（人） is 人数, but 产值（万元） is no 产值: its numbers mean ten thousand times as much.
    """
    part = label.rpartition(SEPARATOR)[2]
    while (found := _TAIL.fullmatch(part)) and not _SCALE.search(found[2]):
        part = found[1].strip()
    return part
