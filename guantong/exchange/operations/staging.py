"""Puts rows by, committed, before any of them is applied; and takes them up again."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

import orjson
from django.db import transaction

from guantong.campaigns.models import Campaign
from guantong.exchange.batches import Batch, Line
from guantong.exchange.batches.resolving import in_sets
from guantong.exchange.entries import ImportEntry
from guantong.exchange.models import Chunk, ImportRun, RunState, Source
from guantong.exchange.rules import CHUNK_SIZE, Verdict
from guantong.kit.sheets import Sheet
from guantong.ledger.operations import act

_CODES = {
    RunState.CHECKED: ImportEntry.CHECKED,
    RunState.REFUSED: ImportEntry.REFUSED,
    RunState.HELD: ImportEntry.HELD,
    RunState.STOPPED: ImportEntry.STOPPED,
    RunState.DONE: ImportEntry.DONE,
}


def source_named(name: str, campaign: Campaign | None) -> Source:
    """Return the source of that name in the campaign, a new one where there is none."""
    source, _is_new = Source.objects.get_or_create(campaign=campaign, name=name)
    return source


def open_run(
    *,
    source: Source,
    file_name: str,
    sha256: str,
    fingerprint: str,
    mapping: str,
    batches: Sequence[Batch],
    actor: Any,
    now: datetime.datetime,
    task: int | None = None,
) -> ImportRun:
    """Stage the lines of a file, before they are looked up or compared."""
    run = ImportRun(
        source=source,
        actor=actor,
        started_at=now,
        file_name=file_name[-255:],
        sha256=sha256,
        fingerprint=fingerprint,
        mapping=mapping,
        task=task,
    )
    with act(actor=actor, now=now) as writing:
        writing.create([run], code=ImportEntry.STAGED)
    for batch in batches:
        columns = [batch.sheet.column(name) for name in batch.names]
        keeps = [(column.name, column.parse.keep) for column in columns]
        for position, lines in enumerate(in_sets(batch.alive(), CHUNK_SIZE)):
            rows = [
                [
                    line.number,
                    line.key,
                    line.base,
                    [keep(line.values[name]) for name, keep in keeps],
                ]
                for line in lines
            ]
            with transaction.atomic():
                Chunk.objects.create(
                    run=run,
                    kind=batch.sheet.kind,
                    position=position,
                    columns=batch.names,
                    rows=orjson.dumps(rows).decode(),
                )
    return run


def staged_batches(run: ImportRun, sheets: dict[str, Sheet]) -> list[Batch]:
    """Take up the staged lines of a run again, kinds in the order in which they were applied."""
    batches: dict[str, Batch] = {}
    for chunk in run.chunks.order_by("pk"):
        sheet = sheets[chunk.kind]
        # What the file calls its columns is not kept: they are said as they are called here.
        batch = batches.setdefault(chunk.kind, Batch(sheet, chunk.columns, {}))
        recalls = [(name, sheet.column(name).parse.recall) for name in chunk.columns]
        for number, key, base, kept in orjson.loads(chunk.rows):
            values = {
                name: recall(value) for (name, recall), value in zip(recalls, kept, strict=True)
            }
            batch.lines.append(Line(number, key, values, base=base, verdict=Verdict.NEW))
    return list(batches.values())


def close_run(
    run: ImportRun,
    state: RunState,
    *,
    outcome: dict[str, Any],
    actor: Any,
    now: datetime.datetime,
    operation: uuid.UUID | None = None,
) -> None:
    """Write down what came of a run; staged rows stay only while it is held."""
    values = {"state": state, "finished_at": now, "operation": operation, "outcome": outcome}
    with act(actor=actor, now=now) as writing:
        writing.update([run], code=_CODES[state], changes={run.pk: values})
        if state != RunState.HELD:
            run.chunks.all().delete()
