"""Applies compared lines in one transaction, through the operations that their sheets name."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from guantong.exchange.batches import Batch, Line
from guantong.exchange.batches.comparing import kept_forms, values_now
from guantong.exchange.batches.resolving import in_sets, things_by_id
from guantong.exchange.models import Source, SourceRow
from guantong.exchange.rules import Verdict
from guantong.kit.sheets import Change, Context, Pending, Sheet, Values
from guantong.ledger.operations import act
from guantong.records.refusals import Refused

Progress = Callable[[str, int, int], None]


_MOST_TRIES = 400


class RowsRefused(Exception):
    """An operation refuses to create some of the rows, each for the reason beside it."""

    def __init__(self, batch: Batch, refused: Sequence[tuple[Line, str]]) -> None:
        super().__init__(refused[0][1])
        self.batch = batch
        self.refused = refused


class CannotApply(Exception):
    """What the lines were compared with has changed meanwhile, or they refer in a circle."""


def apply_batches(
    batches: Sequence[Batch], source: Source, context: Context, progress: Progress
) -> uuid.UUID:
    """Create and change all that the lines say, or nothing; return the ledger's operation."""
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
            _create(batch, context, made, progress)
            _update(batch, context, made, progress)
            _remember(batch, source, made)
        return writing.operation


def _create(
    batch: Batch, context: Context, made: dict[tuple[str, str], Any], progress: Progress
) -> None:
    """Create new things, those first that others of the same file hang from."""
    waiting = [line for line in batch.lines if line.verdict is Verdict.NEW]
    empties = {column.name: column.parse.empty for column in batch.sheet.columns}
    total, done = len(waiting), 0
    while waiting:
        ready = [line for line in waiting if not _waits(line, made)]
        if not ready:
            raise CannotApply(
                _("Rows %(rows)s refer to one another in a circle.")
                % {"rows": ", ".join(str(line.number) for line in waiting[:10])}
            )
        for some in in_sets(ready):
            rows = [{**empties, **_settled(line.values, made)} for line in some]
            things = _tried(batch, some, rows, context)
            for line, thing in zip(some, things, strict=True):
                line.thing = thing
                made[batch.sheet.kind, line.key] = thing
            done += len(some)
            progress(batch.sheet.kind, done, total)
        gone = set(map(id, ready))
        waiting = [line for line in waiting if id(line) not in gone]


def _tried(
    batch: Batch, lines: Sequence[Line], rows: Sequence[Values], context: Context
) -> list[Any]:
    """Create things; where the operation refuses, find out which rows it is about."""
    try:
        with transaction.atomic():
            things = list(batch.sheet.create(rows, context))
    except Exception as error:
        if not is_refusal(error):
            raise
        raise RowsRefused(batch, _located(batch, lines, rows, context, error)) from error
    if len(things) != len(lines):
        raise CannotApply(f"{batch.sheet.kind}: {len(things)} of {len(lines)} created")
    return things


def _located(
    batch: Batch,
    lines: Sequence[Line],
    rows: Sequence[Values],
    context: Context,
    error: Exception,
) -> list[tuple[Line, str]]:
    """Halve the rows until each refused one stands alone; all is rolled back in the end.

    After some hundred tries the rest is named by the first row of each part that is left.
    """
    found: list[tuple[Line, str]] = []
    waiting: list[tuple[int, int, str]] = [(0, len(lines), _sentence(error))]
    tries = 0
    while waiting:
        first, last, sentence = waiting.pop()
        if last - first == 1 or tries >= _MOST_TRIES:
            found.append((lines[first], sentence))
            continue
        middle = (first + last) // 2
        for start, end in ((middle, last), (first, middle)):
            tries += 1
            try:
                with transaction.atomic():
                    batch.sheet.create(rows[start:end], context)
                    transaction.set_rollback(True)
            except Exception as inner:
                if not is_refusal(inner):
                    raise
                waiting.append((start, end, _sentence(inner)))
    return found or [(lines[0], _sentence(error))]


def _sentence(error: Exception) -> str:
    """Return why, without the reference of a record that was not to be."""
    return error.refusals[0].sentence if isinstance(error, Refused) else str(error)


def is_refusal(error: Exception) -> bool:
    """Whether an operation refused: its errors are named for what can't be done."""
    return isinstance(error, Refused) or type(error).__name__.startswith("Cannot")


def _waits(line: Line, made: dict[tuple[str, str], Any]) -> bool:
    return any(
        isinstance(each, Pending) and (each.kind, each.key) not in made
        for value in line.values.values()
        if isinstance(value, Pending | tuple)
        for each in (value if isinstance(value, tuple) else (value,))
    )


def _settled(values: Values, made: dict[tuple[str, str], Any]) -> Values:
    """Return values with the things that pending rows have become."""

    def settle(value: Any) -> Any:
        if isinstance(value, Pending):
            return made[value.kind, value.key]
        if isinstance(value, tuple) and any(isinstance(each, Pending) for each in value):
            return tuple(settle(each) for each in value)
        return value

    return {name: settle(value) for name, value in values.items()}


def _update(
    batch: Batch, context: Context, made: dict[tuple[str, str], Any], progress: Progress
) -> None:
    lines = [line for line in batch.lines if line.verdict is Verdict.CHANGED]
    done = 0
    for some in in_sets(lines):
        _refuse_if_stale(batch.sheet, some, context)
        changes = [
            Change(line.thing, _settled({name: line.values[name] for name in line.changes}, made))
            for line in some
        ]
        batch.sheet.update(changes, context)
        done += len(some)
        progress(batch.sheet.kind, done, len(lines))


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
    columns = [batch.sheet.column(name) for name in batch.names]
    rows = []
    for line in batch.alive():
        settled = _settled(line.values, made)
        forms = kept_forms(columns, settled.__getitem__)
        if line.last is not None:
            forms = {**line.last, **forms}
            if forms == line.last:
                continue
        rows.append(
            SourceRow(
                source=source,
                kind=batch.sheet.kind,
                key=line.key,
                subject_id=line.thing.pk,
                values=orjson.dumps(forms).decode(),
            )
        )
    SourceRow.objects.bulk_create(
        rows,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["source", "kind", "key"],
        update_fields=["subject_id", "values"],
    )
