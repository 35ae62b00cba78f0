"""Turns the cells of a table into lines of values, saying what is wrong with each that can't be."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.exchange.batches.batch import ALIKE, NUMBER, Batch, Line, told_key
from guantong.exchange.mapping import Mapping, Yield
from guantong.exchange.mapping.gathering import Gathered, column_of, gather, parser_for
from guantong.exchange.mapping.matching import BROKEN, ERROR_HEADERS
from guantong.exchange.reading import Table
from guantong.exchange.reading.table import BASE_HEADERS
from guantong.kit.sheets import (
    Cell,
    CellError,
    Column,
    Refers,
    Sheet,
    Spoilt,
    as_text,
    refuse_lost,
    refuse_spoilt,
)

_LONGEST_KEY = 200
# Our exports put this sign before texts that a spreadsheet program would run as formulas.
_GUARDED = re.compile(r"'+[=+\-@]")
# Cells that are worth remembering: the same few words fill most of a column.
_MEMORY = 50_000


def batches_of(table: Table, mapping: Mapping, sheets: dict[str, Sheet]) -> list[Batch]:
    """Return the lines that a mapping yields from a table, one batch for each kind, in order."""
    mapping.check_against(table)
    _keep_broken(table)
    batches = [
        _batch(table, one, gather(table, mapping, one), sheets[one.kind], mapping)
        for one in mapping.yields
    ]
    if len(batches) == 1 and not mapping.source:
        _read_bases(table, batches[0])
    return _in_order(batches)


def _keep_broken(table: Table) -> None:
    """Keep refusing rows that an error file gave back as broken, until their cell is cleared."""
    column = next((n for n, label in enumerate(table.header) if label in ERROR_HEADERS), None)
    if column is None:
        return
    for number, row in zip(table.numbers, table.rows, strict=True):
        if as_text(row[column]).startswith(BROKEN):
            table.misfits.setdefault(
                number, _("The row was broken; clear its error cell when it is right.")
            )


def _read_bases(table: Table, batch: Batch) -> None:
    """Read what an exported sheet says of the state in which each row was exported."""
    column = next((n for n, label in enumerate(table.header) if label in BASE_HEADERS), None)
    if column is None:
        return
    bases = {n: as_text(row[column]) for n, row in zip(table.numbers, table.rows, strict=True)}
    for line in batch.lines:
        line.base = bases[line.number]


def _in_order(batches: Sequence[Batch]) -> list[Batch]:
    """Put kinds after those that they refer to; otherwise leave them as the mapping has them."""
    waiting, ordered = list(batches), []
    while waiting:
        nouns = {batch.sheet.noun_or_singular(): batch for batch in waiting}
        ready = next(
            (
                batch
                for batch in waiting
                if not any(nouns.get(noun) not in (None, batch) for noun in _nouns_of(batch))
            ),
            waiting[0],
        )
        waiting.remove(ready)
        ordered.append(ready)
    return ordered


def _nouns_of(batch: Batch) -> set[str]:
    parsers = (batch.sheet.column(name).parse for name in batch.names)
    return {parser.kind for parser in parsers if isinstance(parser, Refers)}


def _batch(table: Table, one: Yield, gathered: Gathered, sheet: Sheet, mapping: Mapping) -> Batch:
    is_foreign = bool(mapping.source)
    is_guarded = table.form == "csv" and not is_foreign
    batch = Batch(
        sheet=sheet,
        names=list(gathered.cells),
        labels={name: " + ".join(o.columns) or name for name, o in one.columns.items()},
        lines=[Line(table.numbers[place], "", {}) for place in gathered.places],
        skipped=gathered.skipped,
        notes=gathered.notes,
        matches=one.matches or not is_foreign,
    )
    for name, cells in gathered.cells.items():
        column = sheet.column(name)
        parser = parser_for(column.parse, one.columns[name], table)
        parser, notes = parser.fitted(cells)
        batch.notes += [f"{batch.labels[name]}: {note}" for note in notes]
        _read_column(batch, column, parser.read, cells, gathered, is_guarded=is_guarded)
    _refuse_misfits(table, batch)
    _give_keys(table, one, gathered, batch)
    _join_repeated(batch, one.repeated)
    return batch


def _refuse_misfits(table: Table, batch: Batch) -> None:
    """Say of a row that is none of the table only that: what its cells lack follows from it."""
    strange = table.misfits.keys() & {line.number for line in batch.lines}
    if not strange:
        return
    batch.faults = [fault for fault in batch.faults if fault.number not in strange]
    for line in batch.lines:
        if line.number in strange:
            line.values = {name: batch.sheet.column(name).parse.empty for name in batch.names}
            batch.blame(line, "", "", table.misfits[line.number])


def _read_column(
    batch: Batch,
    column: Column,
    read: Any,
    cells: Sequence[Cell],
    gathered: Gathered,
    *,
    is_guarded: bool,
) -> None:
    name, empty, check = column.name, column.parse.empty, column.check
    is_text = isinstance(empty, str)
    memory: dict[Cell, Any] = {}
    for place, (line, cell) in enumerate(zip(batch.lines, cells, strict=True)):
        if is_guarded and cell.__class__ is str and cell[:1] == "'" and _GUARDED.match(cell):
            cell = cell[1:]
        try:
            if cell.__class__ is Spoilt:
                refuse_spoilt(cell, column.parse.accepted())
            value = memory[cell] if cell.__class__ is str and cell in memory else read(cell)
            if check and value != empty and (sentence := check(value)):
                raise CellError(sentence, column.parse.accepted())
            if cell.__class__ is str and len(memory) < _MEMORY and len(cell) < 100:
                memory[cell] = value
        except CellError as error:
            line.values[name] = empty
            batch.blame(line, name, as_text(cell), error.sentence, error.accepted)
            continue
        if (name, place) in gathered.errors:
            shown, wrong = gathered.errors[name, place]
            line.values[name] = empty
            batch.blame(line, name, shown, wrong.sentence, wrong.accepted)
            continue
        if column.required and (value is None or value == empty):
            batch.blame(
                line,
                name,
                "",
                _("%(column)s is missing.") % {"column": column.label},
                column.parse.accepted(),
            )
        line.values[name] = "" if is_text and value is None else value


def _give_keys(table: Table, one: Yield, gathered: Gathered, batch: Batch) -> None:
    """Name each line: by the mapping's key, by the sheet's, or by what tells new rows apart."""
    sheet = batch.sheet
    if one.key:
        columns = [column_of(table, name) for name in one.key]
        for line, place in zip(batch.lines, gathered.places, strict=True):
            row = table.rows[place]
            if _is_lost(batch, line, one.key, [row[column] for column in columns]):
                continue
            line.key = _key([as_text(row[column]) for column in columns])
            if not line.key:
                batch.blame(
                    line,
                    " + ".join(one.key),
                    "",
                    _("The row has no key, so it can't be told apart."),
                    _("a value"),
                )
        return
    natural = [name for name in sheet.natural if name in batch.names]
    own = [name for name in sheet.key if name in batch.names]
    for line in batch.lines:
        parts = [_as_key(line.values.get(name)) for name in own]
        if own and all(parts):
            line.key = _key(parts)
        elif number := _as_key(line.values.get(sheet.number)):
            line.key = _key([NUMBER, number])
        elif any(parts := [_as_key(line.values.get(name)) for name in natural]):
            line.key = _key([ALIKE, *parts])
        elif not line.is_refused:
            lacking = ", ".join(str(sheet.column(name).label) for name in sheet.key)
            batch.blame(
                line, "", "", _("%(columns)s is missing, so the row can't be told apart.")
                % {"columns": lacking},
            )  # fmt: skip


def _is_lost(batch: Batch, line: Line, names: Sequence[str], cells: Sequence[Cell]) -> bool:
    """Refuse a line whose key holds a failed formula, or a number of which the end is lost.

    Several rows would have one key by it, or a row another one the next time.
    """
    said = {label for name, label in batch.labels.items() if name in line.blamed}
    is_lost = False
    for name, cell in zip(names, cells, strict=True):
        try:
            refuse_spoilt(cell, _("a value"))
            refuse_lost(cell, _("the whole number, in a column formatted as text"))
        except CellError as error:
            is_lost = True
            line.blamed += ("",)
            if name not in said:
                batch.blame(line, name, as_text(cell), error.sentence, error.accepted)
    return is_lost


def _as_key(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(map(str, value))
    return as_text(value) if value is not None else ""


def _key(parts: Sequence[str]) -> str:
    key = " | ".join(" ".join(part.split()) for part in parts) if any(parts) else ""
    if len(key) > _LONGEST_KEY:
        # The end of a long text tells it apart as well as its beginning does.
        key = key[:150] + "…" + hashlib.sha256(key.encode()).hexdigest()[:40]
    return key


def _join_repeated(batch: Batch, policy: str) -> None:
    """Join or refuse lines that have one key, as the mapping says."""
    places: dict[str, int] = {}
    kept: list[Line] = []
    for line in batch.lines:
        place = places.get(line.key) if line.key else None
        if place is None:
            places[line.key] = len(kept)
            kept.append(line)
            continue
        earlier = kept[place]
        is_faulty = earlier.is_refused or line.is_refused
        if policy == "error" or (policy == "same" and not is_faulty and _differs(earlier, line)):
            _blame_repeat(batch, earlier, line)
            kept.append(line)
        elif not line.is_refused and (policy == "last" or earlier.is_refused):
            # A row with an error stays refused by its own fault; its key needn't be.
            batch.folded[earlier.number] = line.number
            kept[place] = line
        else:
            batch.folded[line.number] = earlier.number
            if policy == "merge" and not is_faulty:
                _merge(batch, earlier, line)
    batch.lines = kept


def _differs(one: Line, other: Line) -> bool:
    return one.values != other.values


def _blame_repeat(batch: Batch, earlier: Line, line: Line) -> None:
    differing = [
        batch.labels.get(name, name)
        for name in batch.names
        if earlier.values.get(name) != line.values.get(name)
    ]
    sentence = _("The key “%(key)s” is in row %(row)s already") % {
        "key": told_key(line.key),
        "row": earlier.number,
    }
    sentence += (
        _(", which differs in %(columns)s.") % {"columns": ", ".join(differing[:6])}
        if differing
        else _(", and the rows are alike.")
    )
    accepted = _("one row for each key, or a mapping that says what repeated rows mean")
    batch.blame(line, "", told_key(line.key), sentence, accepted)
    if differing:
        # Nobody can say which of the two is right, so neither is taken.
        batch.blame(
            earlier,
            "",
            told_key(earlier.key),
            _("The key “%(key)s” comes again in row %(row)s, which differs in %(columns)s.")
            % {
                "key": told_key(line.key),
                "row": line.number,
                "columns": ", ".join(differing[:6]),
            },
            accepted,
        )


def _merge(batch: Batch, earlier: Line, line: Line) -> None:
    for name in batch.names:
        one, other = earlier.values.get(name), line.values.get(name)
        if isinstance(one, tuple):
            earlier.values[name] = tuple(dict.fromkeys([*one, *(other or ())]))
        elif one in (None, ""):
            earlier.values[name] = other
        elif other not in (None, "", one):
            batch.blame(
                earlier,
                name,
                other,
                _("Rows %(one)s and %(other)s have one key but differ here.")
                % {"one": earlier.number, "other": line.number},
                _("one row for each key, or a mapping that says what repeated rows mean"),
            )
