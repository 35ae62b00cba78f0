"""The liaison's weekly sheet: the open problems and measures, with four columns to fill."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.evidence.models import Attachment
from guantong.evidence.operations import NamedDocument, Reuse, name_documents, reuse_files
from guantong.kit.sheets import (
    Change,
    Column,
    Context,
    Day,
    Row,
    RowError,
    Sheet,
    Text,
    Values,
)
from guantong.ledger.operations import act
from guantong.people.rules import COORDINATOR, HEAD, LIAISON, holds
from guantong.records.models import Link, LinkKind, Record
from guantong.records.operations import comment_on
from guantong.records.registry import kind_of
from guantong.records.sheets import REFERENCE, seen_by
from guantong.rectification.models import ProgressNote
from guantong.rectification.operations import claim_measures, claim_problems, note_progress
from guantong.rectification.rules import BEFORE_CLAIM, MEASURE, PROBLEM
from guantong.units.models import Unit

FILLED = ("progress", "completed_on", "evidence", "obstacle")
REPORTING = (LIAISON, HEAD, COORDINATOR)
# A claimed measure waits for somebody else.
_MEASURES_AT_WORK = ("proposed", "approved", "returned")
_AT_WORK = Q(kind=PROBLEM.kind, state__in=BEFORE_CLAIM) | Q(
    kind=MEASURE.kind, state__in=_MEASURES_AT_WORK
)


def _rows(context: Context) -> Any:
    answered = Link.objects.filter(kind=LinkKind.ANSWERED_BY, source__kind="problem")
    return (
        Record.objects.filter(pk__in=seen_by(context), kind__in=(PROBLEM.kind, MEASURE.kind))
        .select_related("unit", "campaign", "owner", "measure", "problem")
        .prefetch_related(
            Prefetch("inbound", answered.select_related("source"), to_attr="answered"),
            Prefetch("progress_notes", ProgressNote.objects.order_by("noted_on", "pk")),
        )
    )


def _open_rows(context: Context) -> Any:
    """What is at work in the units that the person reports for, and below, in official order."""
    rows = _rows(context).filter(_AT_WORK)
    if context.actor is not None:
        grants = context.actor.grants(context.today)
        paths = [grant.path for grant in grants if grant.role in REPORTING]
        mine = [Q(path__startswith=path) for path in paths]
        units = Unit.objects.filter(Q(*mine, _connector=Q.OR)) if mine else Unit.objects.none()
        rows = rows.filter(unit__in=units.values("pk"))
    return rows.order_by("unit__path", F("due_on").asc(nulls_last=True), "pk")


def _find(keys: Sequence[tuple[str, ...]], context: Context) -> dict[tuple[str, ...], Record]:
    found = _rows(context).filter(reference__in=[reference for (reference,) in keys])
    return {(record.reference,): record for record in found}


def _update(changes: Sequence[Change], context: Context) -> None:
    """Keep the evidence first, then what was done, then what it completes, measures before all."""
    with act(actor=context.actor, now=context.now):
        _attach(changes, context)
        for change in changes:
            record, said = change.thing, change.values
            is_measure = record.kind == MEASURE.kind
            remarks = (said.get("obstacle"), None if is_measure else said.get("progress"))
            for text in filter(None, remarks):
                comment_on(record=record, text=text, actor=context.actor, now=context.now)
        noted = {c.thing.pk: c.values["progress"] for c in changes if c.values.get("progress")}
        measures = [c.thing.measure for c in changes if c.thing.kind == MEASURE.kind]
        note_progress(
            measures=[measure for measure in measures if measure.pk in noted],
            text=noted,
            actor=context.actor,
            now=context.now,
        )
        _claim(changes, context)


def _attach(changes: Sequence[Change], context: Context) -> None:
    """Take what is named as evidence: a file that the unit has here, else a document it keeps.

    A file on a record that the person may not see is none that they can name.
    """
    for change in changes:
        named = change.values.get("evidence")
        if not named:
            continue
        record = change.thing
        day = change.values.get("completed_on") or context.today
        kept = Attachment.objects.in_force().filter(
            record__in=seen_by(context), record__unit=record.unit_id, name=named
        )
        known = kept.select_related("file").order_by("-pk").first()
        if known is not None and known.file is not None:
            reuses = [Reuse(record, known.file, known.name, known.caption, day)]
            reuse_files(reuses=reuses, actor=context.actor, now=context.now)
            continue
        documents = [NamedDocument(name=named, kept_at=record.unit.name, dated_on=day)]
        name_documents(record=record, documents=documents, actor=context.actor, now=context.now)


def _claim(changes: Sequence[Change], context: Context) -> None:
    completed: dict[datetime.date, list[Any]] = defaultdict(list)
    problems = []
    for change in changes:
        day = change.values.get("completed_on")
        if day and change.thing.kind == MEASURE.kind:
            completed[day].append(change.thing.measure)
        elif day:
            problems.append(change.thing.problem)
    for day, measures in completed.items():
        claim_measures(measures=measures, actor=context.actor, now=context.now, completed_on=day)
    claim_problems(problems=problems, actor=context.actor, now=context.now)


def _check(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    grants = context.actor.grants(context.today) if context.actor is not None else ()
    for row in rows:
        record, said = row.thing, row.values
        if record is None or not any(said.get(name) for name in FILLED):
            continue
        if context.actor is None or not holds(grants, REPORTING, record.unit.path):
            sentence = _now("%(unit)s isn't yours to report for: ask its liaison.")
            yield RowError(row.number, "", sentence % {"unit": record.unit.name})
        elif record.state in kind_of(record.kind).lifecycle.final_states:
            sentence = _now("%(reference)s has ended; nothing more is reported on it.")
            yield RowError(row.number, "", sentence % {"reference": record.reference})
        day = said.get("completed_on")
        if day and day > context.today:
            sentence = _now("%(day)s is in the future.") % {"day": day}
            yield RowError(row.number, "completed_on", sentence, _now("today or an earlier day"))


def _create(rows: Sequence[Values], context: Context) -> Sequence[Any]:
    raise NotImplementedError("A weekly sheet makes no rows: its key is a reference.")


def _problem_of(record: Record) -> str:
    links = getattr(record, "answered", ())
    return str(links[0].source) if links else ""


def _last_progress(record: Record) -> str:
    notes = list(record.progress_notes.all())
    return f"{notes[-1].noted_on}: {notes[-1].text}" if notes else ""


def _nothing(record: Record) -> str:
    # What is said here was said in its week; the next sheet begins empty.
    return ""


def _completed_on(record: Record) -> datetime.date | None:
    return record.measure.completed_on if record.kind == MEASURE.kind else None


def _state(record: Record) -> str:
    return str(_now(kind_of(record.kind).lifecycle.state(record.state).label))


def _shown(name: str, label: Any, get: Any, longest: int | None = None) -> Column:
    return Column(name, label, Text(longest), get=get, writes="shown")


WEEKLY = Sheet(
    kind="weekly",
    label=_("Weekly sheet"),
    columns=(
        replace(
            REFERENCE, get=lambda record: record.reference, writes="shown", required=True, help=""
        ),
        _shown("kind", _("Sort"), lambda record: str(kind_of(record.kind).label), 40),
        _shown("unit", _("Responsible unit"), lambda record: record.unit.name, 120),
        _shown("title", _("Problem or measure"), lambda record: record.title),
        _shown("problem", _("Answers the problem"), _problem_of),
        _shown("owner", _("Person responsible"), lambda record: str(record.owner or ""), 120),
        _shown("due_on", _("Due day"), lambda record: str(record.due_on or ""), 20),
        _shown("state", _("State"), _state, 40),
        _shown("last_progress", _("Progress so far"), _last_progress),
        Column(
            "progress",
            _("Progress this week"),
            Text(),
            aliases=("本周进展",),
            get=_nothing,
            writes="adds",
            help=_("What was done since the last sheet. Empty where nothing is to be said."),
        ),
        Column(
            "completed_on",
            _("Completed on"),
            Day(),
            aliases=("完成日期",),
            get=_completed_on,
            writes="adds",
            help=_("The day; it claims completion. A problem is claimed after all its measures."),
        ),
        Column(
            "evidence",
            _("Evidence"),
            Text(255),
            aliases=("佐证材料",),
            get=_nothing,
            writes="adds",
            help=_("The name of a file that the unit has here, or which document shows it."),
        ),
        Column(
            "obstacle",
            _("What stands in the way"),
            Text(),
            aliases=("存在困难",),
            get=_nothing,
            writes="adds",
            help=_("It becomes a comment on the record, which those above can answer."),
        ),
    ),
    key=("reference",),
    things=_rows,
    listed=_open_rows,
    find=_find,
    create=_create,
    update=_update,
    check=_check,
    lists=(PROBLEM.kind, MEASURE.kind),
    noun="weekly",
    names=(),
    after=("problems", "measures"),
)
