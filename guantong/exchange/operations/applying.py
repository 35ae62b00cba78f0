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

Progress = Callable[[str, int, int], None]


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
            things = list(batch.sheet.create(rows, context))
            if len(things) != len(some):
                raise CannotApply(f"{batch.sheet.kind}: {len(things)} of {len(some)} created")
            for line, thing in zip(some, things, strict=True):
                line.thing = thing
                made[batch.sheet.kind, line.key] = thing
            done += len(some)
            progress(batch.sheet.kind, done, total)
        gone = set(map(id, ready))
        waiting = [line for line in waiting if id(line) not in gone]


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
