"""One file's way in: read, staged, checked, compared, applied or held."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.campaigns.models import Campaign
from guantong.exchange.batches import (
    Batch,
    Fault,
    batches_of,
    compare_batch,
    find_things,
    resolve,
    say_what_is_alike,
    say_which_days_are_strange,
)
from guantong.exchange.batches.comparing import Words
from guantong.exchange.batches.resolving import refuse_dependents
from guantong.exchange.mapping import Mapping, mapping_for
from guantong.exchange.mapping.gathering import told_texts, unread_headers
from guantong.exchange.mapping.matching import wanted_for
from guantong.exchange.models import ImportRun, RunState, Source
from guantong.exchange.operations.applying import (
    Progress,
    RowsRefused,
    apply_batches,
)
from guantong.exchange.operations.holding import is_held, why_held
from guantong.exchange.operations.staging import close_run, open_run, source_named
from guantong.exchange.reading import Table, Wanted, numbers_said, read_table
from guantong.exchange.reading.headers import fingerprint_of
from guantong.exchange.rules import MANY_ROWS
from guantong.kit.collecting import without_collecting
from guantong.kit.days import day_of
from guantong.kit.sheets import Context, Lookup, Sheet
from guantong.kit.statistics import refresh_statistics
from guantong.records.refusals import Refused, is_refusal


@dataclass
class Outcome:
    """What came of a file: what was understood of it, what is wrong, what was written."""

    table: Table | None
    batches: list[Batch]
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    state: RunState = RunState.CHECKED
    run: ImportRun | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def counts(self) -> dict[str, dict[str, int]]:
        return {batch.sheet.kind: batch.counts() for batch in self.batches}


@without_collecting()
def import_file(
    *,
    content: bytes,
    name: str,
    sheet: Sheet | None = None,
    mapping: Mapping | None = None,
    actor: Any,
    now: datetime.datetime,
    campaign: Campaign | None,
    sheets: dict[str, Sheet],
    lookups: dict[str, Lookup],
    source: str = "",
    wanted: Wanted | None = None,
    conflicts: Words = "",
    is_dry: bool = False,
    takes_part: bool = False,
    task: int | None = None,
    progress: Progress = lambda kind, done, total: None,
) -> Outcome:
    """Import one file all or nothing, or (`takes_part`) the rows that nothing is wrong with.

    Give a `sheet` for files with our own columns, a `mapping` for foreign registers. A file that
    would turn many rows back is staged and held for a coordinator. Raises CannotRead and
    CannotUseMapping, before anything is written.
    """
    progress(_("Reading the file"), 0, 0)
    if mapping is None:
        if sheet is None:
            raise TypeError("a sheet or a mapping")
        table = read_table(content, name, wanted or wanted_for(sheet))
        mapping = mapping_for(sheet, table, source)
    else:
        table = read_table(content, name, wanted or mapping.wanted)
    batches = batches_of(table, mapping, sheets)
    context = context_of(actor=actor, now=now, campaign=campaign, source=mapping.source)
    outcome = Outcome(table, batches)
    outcome.options = {"conflicts": conflicts, "takes_part": takes_part}
    origin = source_named(mapping.source, campaign)
    outcome.run = open_run(
        source=origin,
        file_name=table.name,
        sha256=table.sha256,
        fingerprint=fingerprint_of(table.header),
        mapping=mapping.text,
        batches=[] if is_dry else batches,
        actor=actor,
        now=now,
        task=task,
    )
    progress(_("Comparing it with what is here"), 0, 0)
    same = origin.runs.filter(sha256=table.sha256, state=RunState.DONE, outcome__faults=0)
    for batch in batches:
        batch.came_before = same.exists()
    check(batches, origin, context, sheets, lookups, conflicts=conflicts)
    outcome.notes = notes_on(table, mapping, batches)
    carry_out(outcome, origin, context, is_dry=is_dry, takes_part=takes_part, progress=progress)
    return outcome


def context_of(
    *, actor: Any, now: datetime.datetime, campaign: Campaign | None, source: str
) -> Context:
    """Return what the sheets are told of an import."""
    today = campaign.day_of(now) if campaign else day_of(now)
    return Context(actor=actor, now=now, today=today, campaign=campaign, source=source)


def notes_on(table: Table, mapping: Mapping, batches: Sequence[Batch]) -> list[str]:
    """Say everything about how the file was understood that somebody might want to correct."""
    notes = list(table.notes)
    filled, empty = unread_headers(table, mapping)
    if filled:
        notes.append(_("Columns that are not read: %(names)s.") % {"names": ", ".join(filled)})
    if empty:
        notes.append(
            _("Columns that are not read and have nothing in them: %(count)s.")
            % {"count": len(empty)}
        )
    notes += [
        _("Row %(row)s, %(column)s, taken nowhere: %(text)s")
        % {"row": row, "column": column, "text": text}
        for row, column, text in told_texts(table, mapping)
    ]
    for batch in batches:
        notes += [f"{batch.sheet.label}: {note}" for note in batch.notes]
        for reason, numbers in batch.skipped.items():
            notes.append(
                ngettext(
                    "%(kind)s: %(count)s row left out (%(reason)s): %(rows)s.",
                    "%(kind)s: %(count)s rows left out (%(reason)s): %(rows)s.",
                    len(numbers),
                )
                % {
                    "kind": batch.sheet.label,
                    "count": len(numbers),
                    "reason": reason,
                    "rows": numbers_said(numbers),
                }
            )
        if batch.folded:
            notes.append(
                ngettext(
                    "%(kind)s: %(count)s row repeats a key and was joined to another: %(rows)s.",
                    "%(kind)s: %(count)s rows repeat a key and were joined to another: %(rows)s.",
                    len(batch.folded),
                )
                % {
                    "kind": batch.sheet.label,
                    "count": len(batch.folded),
                    "rows": numbers_said(list(batch.folded)),
                }
            )
    return notes


def check(
    batches: Sequence[Batch],
    source: Source,
    context: Context,
    sheets: dict[str, Sheet],
    lookups: dict[str, Lookup],
    *,
    conflicts: Words = "",
) -> None:
    """Find what the lines stand for and refer to, and compare them with what is there."""
    for batch in batches:
        find_things(batch, source, context)
    resolve(batches, source, context, lookups, sheets)
    for batch in batches:
        compare_batch(batch, context, conflicts=conflicts)
        say_what_is_alike(batch, context)
        say_which_days_are_strange(batch, context)
    refuse_dependents(batches)


@transaction.atomic
def carry_out(
    outcome: Outcome,
    source: Source,
    context: Context,
    *,
    is_dry: bool,
    takes_part: bool,
    progress: Progress,
    is_released: bool = False,
) -> None:
    """Refuse, hold or apply what was checked, and write down which: together or not at all."""
    held = [] if is_released else [batch for batch in outcome.batches if is_held(batch, source)]
    operation = None
    if not held and (is_dry or (faults_of(outcome.batches) and not takes_part)):
        # Of a file that is refused anyhow, too: what else the operations say of it is told at once.
        _rehearse(outcome, source, context, progress)
    # Said of a refused file too: with its errors put right it would still turn rows back.
    outcome.notes += [note for batch in held for note in why_held(batch, source)]
    faults = faults_of(outcome.batches) + outcome.faults
    if faults and not takes_part:
        state = RunState.REFUSED
    elif held:
        state = RunState.HELD
    elif is_dry:
        state = RunState.CHECKED
    else:
        state, operation = _apply(outcome, source, context, takes_part, progress)
    outcome.state = state
    if is_dry:
        # A look refuses nobody's file, and stages nothing that could be released.
        state = RunState.CHECKED
    outcome.faults = faults_of(outcome.batches) + outcome.faults
    assert outcome.run is not None
    close_run(
        outcome.run,
        state,
        outcome={
            "counts": outcome.counts(),
            "notes": outcome.notes,
            "faults": len(outcome.faults),
            "options": outcome.options,
        },
        actor=context.actor,
        now=context.now,
        operation=operation,
    )


def _apply(
    outcome: Outcome, source: Source, context: Context, takes_part: bool, progress: Progress
) -> tuple[RunState, Any]:
    while True:
        try:
            operation = apply_batches(
                outcome.batches, source, context, progress, takes_part=takes_part
            )
            if sum(len(batch.lines) for batch in outcome.batches) >= MANY_ROWS:
                refresh_statistics()
            return RunState.DONE, operation
        except Refused as error:
            blamed = _blame_refused(outcome, error)
            if not (blamed and takes_part):
                return RunState.REFUSED, None
        except RowsRefused:
            return RunState.REFUSED, None
        except Exception as error:
            if not is_refusal(error):
                raise
            outcome.faults.append(Fault("", 0, "", "", str(error)))
            return RunState.REFUSED, None
        for batch in outcome.batches:
            batch.forget_created()


def _rehearse(outcome: Outcome, source: Source, context: Context, progress: Progress) -> None:
    """Apply the lines and take it all back, to hear what the operations would refuse."""
    with transaction.atomic():
        _apply(outcome, source, context, True, progress)
        transaction.set_rollback(True)


def _blame_refused(outcome: Outcome, error: Refused) -> bool:
    """Give the operation's sentences to the lines that they are about."""
    blamed = False
    for refusal in error.refusals:
        pk = getattr(refusal.record, "pk", None)
        found = [
            (batch, line)
            for batch in outcome.batches
            for line in batch.alive()
            if pk is not None and line.thing is not None and line.thing.pk == pk and line.changes
        ]
        for batch, line in found:
            batch.blame(line, "", line.key, refusal.sentence)
            blamed = True
        if not found:
            outcome.faults.append(Fault("", 0, "", "", refusal.sentence))
    refuse_dependents(outcome.batches)
    return blamed


def faults_of(batches: Sequence[Batch]) -> list[Fault]:
    """Return all faults in the order of the file, each once, though several kinds have it."""
    seen: dict[tuple[Any, ...], Fault] = {}
    for batch in batches:
        for fault in batch.faults:
            seen.setdefault((fault.number, fault.column, fault.value, fault.sentence), fault)
    return sorted(seen.values(), key=lambda fault: fault.number)
