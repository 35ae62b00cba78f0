"""Takes the cells of one column of ours out of a table, as a mapping says."""

import copy
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.exchange.mapping.declared import Mapping, Origin, Skip, Yield
from guantong.exchange.mapping.matching import ERROR_HEADERS
from guantong.exchange.reading import Table, numbers_said
from guantong.exchange.reading.table import BASE_HEADERS
from guantong.kit.sheets import (
    Cell,
    CellError,
    Day,
    Number,
    Parser,
    as_text,
    clean,
    plain,
    refuse_spoilt,
)

_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?\D*")


@dataclass
class Gathered:
    """The rows of a table that one yield takes: their places in it, and cells by our columns.

    `skipped` gives for each reason the numbers of the rows left out by it; `errors` the cells that
    a mapping could make nothing of, with why, by column and place.
    """

    places: list[int]
    cells: dict[str, list[Cell]]
    skipped: dict[str, list[int]] = field(default_factory=dict)
    errors: dict[tuple[str, int], tuple[str, CellError]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def column_of(table: Table, name: str) -> int:
    """Return the index of the header `name`."""
    wanted = plain(name)
    return next(n for n, label in enumerate(table.header) if plain(label) == wanted)


def unread_headers(table: Table, mapping: Mapping) -> tuple[list[str], list[str]]:
    """Return the headers that nothing reads: those of columns with something in them, and empty.

    An error column that came back is none of them.
    """
    read = {plain(name) for name in (*mapping.headers(), *ERROR_HEADERS, *BASE_HEADERS)}
    unread = [n for n, label in enumerate(table.header) if plain(label) not in read]
    filled = {n for row in table.rows for n in unread if n < len(row) and row[n] not in (None, "")}
    split: tuple[list[str], list[str]] = ([], [])
    for n in unread:
        split[n not in filled].append(table.header[n])
    return split


def told_texts(table: Table, mapping: Mapping) -> Iterator[tuple[int, str, str]]:
    """Give row, header and text of what the mapping only wants told."""
    for name in mapping.told:
        column = column_of(table, name)
        for number, row in zip(table.numbers, table.rows, strict=True):
            if text := clean(as_text(row[column])):
                yield number, table.header[column], text


def gather(table: Table, mapping: Mapping, one: Yield) -> Gathered:
    """Take the cells of one yield out of `table`, leaving out what the mapping skips."""
    places, skipped = _kept(table, (*mapping.skips, *one.skips))
    gathered = Gathered(places=places, cells={}, skipped=skipped)
    for name, origin in one.columns.items():
        gathered.cells[name] = _column(table, name, origin, gathered)
    return gathered


def _kept(table: Table, skips: Sequence[Skip]) -> tuple[list[int], dict[str, list[int]]]:
    skipped: dict[str, list[int]] = {}
    rules = [(skip, column_of(table, skip.column)) for skip in skips]
    places = []
    for place, row in enumerate(table.rows):
        for skip, column in rules:
            if skip.takes_out(as_text(row[column])):
                skipped.setdefault(skip.reason, []).append(table.numbers[place])
                break
        else:
            places.append(place)
    return places, skipped


def _column(table: Table, name: str, origin: Origin, gathered: Gathered) -> list[Cell]:
    columns = [column_of(table, each) for each in origin.columns]
    if not columns:
        return [origin.value] * len(gathered.places)
    if origin.is_plain:
        column = columns[0]
        return [table.rows[place][column] for place in gathered.places]
    change = _change(origin)
    cells: list[Cell] = []
    cut = []
    known: dict[tuple[Cell, ...], Cell | CellError] = {}
    for order, place in enumerate(gathered.places):
        row = table.rows[place]
        found = tuple(row[column] for column in columns)
        if found not in known:
            try:
                known[found] = change(found)
            except CellError as error:
                known[found] = error
        cell = known[found]
        if isinstance(cell, CellError):
            shown = origin.glue.join(text for text in map(as_text, found) if text)
            gathered.errors[name, order] = shown, cell
            cell = None
        elif origin.cut and isinstance(cell, str) and len(cell) > origin.cut:
            cell = cell[: origin.cut - 1].rstrip() + "…"
            cut.append(table.numbers[place])
        cells.append(cell)
    if origin.split and origin.take:
        _say_left_out(table, origin, columns[0], gathered)
    if cut:
        gathered.notes.append(
            ngettext(
                "%(name)s was shortened to %(length)s characters in %(count)s row: %(rows)s.",
                "%(name)s was shortened to %(length)s characters in %(count)s rows: %(rows)s.",
                len(cut),
            )
            % {
                "name": name,
                "length": origin.cut,
                "count": len(cut),
                "rows": numbers_said(cut),
            }
        )
    return cells


def _say_left_out(table: Table, origin: Origin, column: int, gathered: Gathered) -> None:
    parts = re.compile(origin.split)
    numbers = [
        table.numbers[place]
        for place in gathered.places
        if len([part for part in parts.split(as_text(table.rows[place][column])) if part]) > 1
    ]
    if numbers:
        reason = origin.say or _("Only “%(take)s” of several parts of “%(column)s” is taken") % {
            "column": table.header[column],
            "take": origin.take,
        }
        gathered.notes.append(
            ngettext(
                "%(reason)s in %(count)s row: %(rows)s.",
                "%(reason)s in %(count)s rows: %(rows)s.",
                len(numbers),
            )
            % {"reason": reason, "count": len(numbers), "rows": numbers_said(numbers, most=40)}
        )


def _change(origin: Origin) -> Callable[[tuple[Cell, ...]], Cell]:
    pattern = re.compile(origin.pattern) if origin.pattern else None
    split = re.compile(origin.split) if origin.split else None

    def change(found: tuple[Cell, ...]) -> Cell:
        cell = found[0]
        for each in found:
            if each not in origin.empty:
                refuse_spoilt(each, _("a value"))
        if len(found) > 1:
            texts = [as_text(each) for each in found]
            cell = origin.glue.join(text for text in texts if text)
        if origin.empty and as_text(cell) in origin.empty:
            cell = None
        if pattern and as_text(cell):
            match = pattern.search(as_text(cell))
            if match is None and origin.default is None:
                raise CellError(
                    _("“%(cell)s” hasn't the form that the mapping expects.")
                    % {"cell": as_text(cell)[:80]},
                    origin.pattern,
                )
            cell = (match[1] if pattern.groups else match[0]) if match else None
        if split:
            cell = _part([part.strip() for part in split.split(as_text(cell))], origin.take)
        if origin.decimal == "," and isinstance(cell, str):
            cell = _with_point(cell)
        if origin.map and (as_text(cell) or "" in origin.map):
            cell = _mapped(cell, origin)
        if origin.default is not None and not as_text(cell):
            cell = origin.default
        if origin.digest and as_text(cell):
            text = " ".join(as_text(cell).split())
            cell = hashlib.sha256(text.encode()).hexdigest()[: origin.digest]
        if (origin.prefix or origin.suffix) and as_text(cell):
            cell = origin.prefix + as_text(cell) + origin.suffix
        return cell

    return change


def _with_point(cell: str) -> str:
    """Write a number that has a comma before its decimals with a point; 12.5 is none such."""
    text = clean(cell)
    if "." in text and not _DECIMAL_COMMA.fullmatch(text):
        raise CellError(
            _("“%(cell)s” has a point where the mapping says that decimals follow a comma.")
            % {"cell": text[:80]},
            _("a number such as 1.234,5"),
        )
    return text.replace(".", "").replace(",", ".")


def _part(parts: list[str], take: str) -> str:
    parts = [part for part in parts if part]
    if not take:
        return "\n".join(parts)
    if take == "rest":
        return "\n".join(parts[1:])
    place = 0 if take == "first" else int(take) - 1
    return parts[place] if place < len(parts) else ""


def _mapped(cell: Cell, origin: Origin) -> Any:
    word = plain(as_text(cell))
    if word in origin.map:
        return origin.map[word]
    if origin.otherwise is not None:
        return cell if origin.otherwise == "as it is" else origin.otherwise
    raise CellError(
        _("The mapping doesn't say what “%(cell)s” means.") % {"cell": as_text(cell)[:80]},
        _("one of: %(words)s") % {"words": ", ".join(sorted(filter(None, origin.map)))},
    )


def parser_for(parser: Parser, origin: Origin, table: Table) -> Parser:
    """Return the column's parser, told what the mapping and the file say of days and numbers."""
    if isinstance(parser, Number) and table.delimiter == ";":
        # Where commas stand before decimals, something else has to part the cells.
        parser = copy.copy(parser)
        parser.is_likely_decimal = True
    if not isinstance(parser, Day):
        return parser
    return replace(
        parser,
        order=origin.day_order or table.day_order or parser.order,
        form=origin.day_form or parser.form,
        serials=origin.serials or parser.serials,
        from_1904=table.from_1904,
    )
