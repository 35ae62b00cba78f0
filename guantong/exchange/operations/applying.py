"""Applies compared lines in one transaction, through the operations that their sheets name."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from guantong.exchange.batches import Batch, Line
from guantong.exchange.batches.comparing import kept_forms, values_now
from guantong.exchange.batches.resolving import (
    in_sets,
    refuse_dependents,
    things_by_id,
)
from guantong.exchange.models import Source, SourceRow
from guantong.exchange.rules import REDACTED, WRITTEN_AT_A_TIME, Verdict
from guantong.kit.sheets import Change, Context, Pending, Sheet, Values
from guantong.ledger.operations import act
from guantong.ledger.storing import insert_rows
from guantong.records.refusals import is_refusal, sentences_of

Progress = Callable[[str, int, int], None]


_MOST_TRIES = 600
_ROW_COLUMNS = ("source_id", "kind", "key", "subject_id", "values")


class RowsRefused(Exception):
    """Operations refuse to create some of the rows, which say so themselves."""


class CannotApply(Exception):
    """What the lines were compared with has changed meanwhile, or they refer in a circle."""


def apply_batches(
    batches: Sequence[Batch],
    source: Source,
    context: Context,
    progress: Progress,
    *,
    takes_part: bool = False,
) -> uuid.UUID:
    """Create and change all that the lines say, or nothing; return the ledger's operation.

    With `takes_part`, rows that an operation refuses to create are left out, and say why.
    """
    before = sum(len(batch.faults) for batch in batches)
    made: dict[tuple[str, str], Any] = {}
    with (
        transaction.atomic(),
        act(actor=context.actor, now=context.now) as writing,
    ):
        for batch in batches:
            for line in batch.lines:
                if line.thing is not None:
                    made[batch.sheet.kind, line.key] = line.thing
        for batch in batches:
            _create(batches, batch, context, made, progress)
            _update(batch, context, made, progress)
            _remember(batch, source, made)
        # The last moment at which somebody can still stop it.
        progress(_("Writing it down"), 0, 0)
        if not takes_part and sum(len(batch.faults) for batch in batches) > before:
            raise RowsRefused
        return writing.operation


def _create(
    batches: Sequence[Batch],
    batch: Batch,
    context: Context,
    made: dict[tuple[str, str], Any],
    progress: Progress,
) -> None:
    """Create new things, those first that others of the same file hang from."""
    waiting = [line for line in batch.lines if line.verdict is Verdict.NEW]
    total, done, tries = len(waiting), 0, [0]
    while waiting:
        ready = [line for line in waiting if not (batch.is_tied and _waits(line, made))]
        if not ready:
            _refuse_circle(batch, waiting, made)
            refuse_dependents(batches)
        for some in in_sets(ready, WRITTEN_AT_A_TIME):
            known = len(batch.faults)
            _tried(batch, some, context, made, tries)
            if len(batch.faults) > known:
                refuse_dependents(batches)
            done += len(some)
            progress(batch.sheet.kind, done, total)
        gone = set(map(id, ready))
        waiting = [line for line in waiting if id(line) not in gone and not line.is_refused]


def _tried(
    batch: Batch,
    lines: Sequence[Line],
    context: Context,
    made: dict[tuple[str, str], Any],
    tries: list[int],
) -> None:
    """Create things, and blame the rows that are refused; what could be created stays so."""
    empties = {column.name: column.parse.empty for column in batch.sheet.columns}

    def create(some: Sequence[Line]) -> None:
        rows = [{**empties, **_settled(batch, line.values, made)} for line in some]
        things = list(batch.sheet.create(rows, context))
        if len(things) != len(some):
            raise CannotApply(f"{batch.sheet.kind}: {len(things)} of {len(some)} created")
        for line, thing in zip(some, things, strict=True):
            line.thing = thing
            made[batch.sheet.kind, line.key] = thing

    for line, sentence in _told_apart(create, lines, tries):
        batch.blame(line, "", "", sentence)


def _told_apart(
    work: Callable[[Sequence[Line]], None],
    lines: Sequence[Line],
    tries: list[int],
    is_told: Callable[[Exception, Sequence[Line]], bool] = lambda error, lines: False,
) -> list[tuple[Line, str]]:
    """Do some work on rows; return those refused with the reason, told apart by halving the rows.

    What could be done stays so. After some hundred tries, rows that are refused together are not
    told apart any more. A refusal that `is_told` already says itself which rows it is about.
    """
    tries[0] += 1
    try:
        with transaction.atomic():
            work(lines)
    except CannotApply:
        raise
    except Exception as error:
        if not is_refusal(error) or is_told(error, lines):
            raise
        if len(lines) > 1 and tries[0] < _MOST_TRIES:
            middle = len(lines) // 2
            return [
                refused
                for half in (lines[:middle], lines[middle:])
                for refused in _told_apart(work, half, tries, is_told)
            ]
        return [(line, sentences_of(error)[0]) for line in lines]
    return []


def _waits(line: Line, made: dict[tuple[str, str], Any]) -> bool:
    return any(True for _found in _awaited(line, made))


def _awaited(line: Line, made: dict[tuple[str, str], Any]) -> Iterator[tuple[str, Pending]]:
    """Give the rows that must be created before this one, with the column that names each."""
    for name, value in line.values.items():
        if isinstance(value, Pending | tuple):
            for each in value if isinstance(value, tuple) else (value,):
                if isinstance(each, Pending) and (each.kind, each.key) not in made:
                    yield name, each


def _refuse_circle(batch: Batch, waiting: Sequence[Line], made: dict[tuple[str, str], Any]) -> None:
    """Refuse the rows of one circle; what else waits for them is refused with them, or goes on."""
    by_key = {line.key: line for line in waiting}
    path: dict[str, str] = {}
    line = waiting[0]
    while line.key not in path:
        name, awaited = next(_awaited(line, made))
        path[line.key] = name
        if awaited.kind != batch.sheet.kind or awaited.key not in by_key:
            break
        line = by_key[awaited.key]
    keys = list(path)
    circle = [by_key[key] for key in keys[keys.index(line.key) :]]
    rows = " → ".join(str(each.number) for each in (*circle, line))
    for each in circle:
        batch.blame(
            each,
            path[each.key],
            next(_awaited(each, made))[1].key,
            _("The rows refer to one another in a circle: %(rows)s.") % {"rows": rows},
            _("what it hangs from outside of the circle, or an empty cell"),
        )


def _settled(batch: Batch, values: Values, made: dict[tuple[str, str], Any]) -> Values:
    """Return values with the things that pending rows have become."""

    def settle(value: Any) -> Any:
        if isinstance(value, Pending):
            return made[value.kind, value.key]
        if isinstance(value, tuple) and any(isinstance(each, Pending) for each in value):
            return tuple(settle(each) for each in value)
        return value

    if not batch.is_tied:
        return values
    return {name: settle(value) for name, value in values.items()}


def _update(
    batch: Batch, context: Context, made: dict[tuple[str, str], Any], progress: Progress
) -> None:
    """Change what is here; what one row is refused for, another of the file may make possible."""
    left = [line for line in batch.lines if line.verdict is Verdict.CHANGED]
    total, tries = len(left), [0]
    while left:
        refused: list[tuple[Line, str]] = []
        for some in in_sets(left, WRITTEN_AT_A_TIME):
            refused += _changed(batch, some, context, made, tries)
            progress(batch.sheet.kind, total - len(left) + len(some), total)
        if len(refused) == len(left):
            for line, sentence in refused:
                name = line.changes[0] if len(line.changes) == 1 else ""
                batch.blame(line, name, line.values.get(name, ""), sentence)
            return
        left = [line for line, _sentence in refused]


def _changed(
    batch: Batch,
    lines: Sequence[Line],
    context: Context,
    made: dict[tuple[str, str], Any],
    tries: list[int],
) -> list[tuple[Line, str]]:
    """Change things, and return the rows refused with the reason.

    A refusal that names its records is told of them all at once, by whoever called.
    """

    def change(some: Sequence[Line]) -> None:
        _refuse_if_stale(batch.sheet, some, context)
        changes = [
            Change(
                line.thing,
                _settled(batch, {name: line.values[name] for name in line.changes}, made),
            )
            for line in some
        ]
        batch.sheet.update(changes, context)

    def names_them(error: Exception, some: Sequence[Line]) -> bool:
        named = {getattr(each.record, "pk", None) for each in getattr(error, "refusals", ())}
        return bool(named) and named <= {line.thing.pk for line in some}

    return _told_apart(change, lines, tries, names_them)


def _refuse_if_stale(sheet: Sheet, lines: Sequence[Line], context: Context) -> None:
    """Make sure that nothing changed between the comparison and this transaction."""
    fresh = things_by_id(sheet, [line.thing.pk for line in lines], context)
    for line in lines:
        thing = fresh.get(line.thing.pk)
        columns = [sheet.column(name) for name in line.changes]

        def value_now(name: str, thing: Any = thing) -> Any:
            return values_now(sheet, thing, name)

        if thing is None or any(
            line.now[name] != form for name, form in kept_forms(columns, value_now).items()
        ):
            raise CannotApply(
                _("What row %(row)s stands for was changed meanwhile; import the file again.")
                % {"row": line.number}
            )
        line.thing = thing


def _remember(batch: Batch, source: Source, made: dict[tuple[str, str], Any]) -> None:
    """Keep what each line said, to compare with when it comes again."""
    # What is only shown is compared with nothing, and kept nowhere.
    columns = [c for name in batch.names if (c := batch.sheet.column(name)).writes != "shown"]
    new: list[tuple[Any, ...]] = []
    again: list[tuple[Any, ...]] = []
    for line in batch.alive():
        settled = _settled(batch, line.values, made)
        forms = kept_forms(columns, settled.__getitem__)
        if line.last is not None:
            # Words that were redacted here stay forgotten.
            forgotten = {name: said for name, said in line.last.items() if said == REDACTED}
            forms = {**line.last, **forms, **forgotten}
            if forms == line.last:
                continue
        said = orjson.dumps(forms).decode()
        row = (source.pk, batch.sheet.kind, line.key, line.thing.pk, said)
        (new if line.last is None else again).append(row)
    insert_rows(SourceRow._meta.db_table, _ROW_COLUMNS, new)
    SourceRow.objects.bulk_create(
        (SourceRow(**dict(zip(_ROW_COLUMNS, row, strict=True))) for row in again),
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["source", "kind", "key"],
        update_fields=["subject_id", "values"],
    )
