"""The official lists of problems and measures, as the offices know them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.lists import ListColumn, OfficialList, Said
from guantong.kit.sheets import Context
from guantong.kit.templatetags.days import day_in_words
from guantong.records.lists import (
    NUMBER,
    PARTNERS,
    PERSON,
    TIME_LIMIT,
    UNIT,
    ListedRecord,
    partners_of,
    seen_among,
    state_in_words,
)
from guantong.records.models import Link, LinkKind, Record
from guantong.rectification.models import Closure, Measure, Problem, ProgressNote, Verification
from guantong.rectification.queries import measures_of, verifications_of
from guantong.rectification.rules import PROBLEM

ANSWERED = ("accepted",)


@dataclass(frozen=True)
class ListedProblem(ListedRecord):
    """A problem with all that the lists say of it."""

    problem: Problem
    measures: list[Measure] = field(default_factory=list)
    notes: dict[int, ProgressNote] = field(default_factory=dict)
    verification: Verification | None = None
    closure: Closure | None = None


@dataclass(frozen=True)
class ListedMeasure(ListedRecord):
    """A measure with what it answers and how far it is."""

    measure: Measure
    answers: str = ""
    note: ProgressNote | None = None


def gather_problems(records: Sequence[Record], context: Context) -> list[ListedProblem]:
    """Gather problems with their measures, verifications and closures: eight queries."""
    ids = [record.pk for record in records]
    problems = Problem.objects.in_bulk(ids)
    measures = measures_of(ids)
    verifications = verifications_of(ids)
    linked = {measure.pk for some in measures.values() for measure in some}
    linked |= {one.pk for some in verifications.values() for one in some}
    seen = seen_among(linked, context)
    notes = _last_notes(seen)
    partners = partners_of(ids)
    closures = {c.record_id: c for c in Closure.objects.filter(record__in=ids, undone_on=None)}
    found = []
    for record in records:
        own = [measure for measure in measures[record.pk] if measure.pk in seen]
        judged = [one for one in verifications[record.pk] if one.pk in seen]
        found.append(
            ListedProblem(
                record,
                partners[record.pk],
                problem=problems[record.pk],
                measures=own,
                notes=notes,
                verification=judged[-1] if judged else None,
                closure=closures.get(record.pk),
            )
        )
    return found


def gather_measures(records: Sequence[Record], context: Context) -> list[ListedMeasure]:
    """Gather measures with what each answers: five queries."""
    ids = [record.pk for record in records]
    measures = Measure.objects.in_bulk(ids)
    links = Link.objects.filter(kind=LinkKind.ANSWERED_BY, target__in=ids)
    upstream: dict[int, Record] = {}
    for link in links.select_related("source").order_by("-pk"):
        upstream[link.target_id] = link.source
    seen = seen_among([source.pk for source in upstream.values()], context)
    notes = _last_notes(ids)
    partners = partners_of(ids)
    found = []
    for record in records:
        source = upstream.get(record.pk)
        answers = str(source) if source is not None and source.pk in seen else ""
        found.append(
            ListedMeasure(
                record,
                partners[record.pk],
                measure=measures[record.pk],
                answers=answers or (str(record.area) if record.area else ""),
                note=notes.get(record.pk),
            )
        )
    return found


def _last_notes(ids: Iterable[int]) -> dict[int, ProgressNote]:
    """Return the latest progress note of each record."""
    notes = ProgressNote.objects.filter(record__in=list(ids)).order_by("noted_on", "pk")
    return {note.record_id: note for note in notes}


def _problem(one: ListedProblem) -> Said:
    said = one.problem.description.strip()
    return f"{one.record.title}\n{said}" if said and said != one.record.title else one.record.title


def measures_in_words(one: ListedProblem) -> str:
    """Return a problem's measures, numbered, each with its state."""
    said = [
        _now("%(number)s. %(title)s (%(state)s)")
        % {
            "number": number,
            "title": measure.record.title,
            "state": state_in_words(measure.record),
        }
        for number, measure in enumerate(one.measures, start=1)
    ]
    return "\n".join(said)


def _progress(one: ListedProblem) -> Said:
    """The state, how many measures are accepted, and the latest notes on them."""
    said = [state_in_words(one.record)]
    if one.measures:
        accepted = sum(measure.record.state in ANSWERED for measure in one.measures)
        said.append(
            _now("%(accepted)s of %(count)s measures accepted")
            % {"accepted": accepted, "count": len(one.measures)}
        )
    noted = [one.notes[measure.pk] for measure in one.measures if measure.pk in one.notes]
    if noted:
        said.append(_noted(max(noted, key=lambda note: (note.noted_on, note.pk))))
    return "\n".join(said)


def _noted(note: ProgressNote) -> str:
    return f"{day_in_words(note.noted_on)} {note.text}"


def closed_or_not(record: Record) -> str:
    """Say whether a problem is closed; what a source says is said to be the source's word."""
    if PROBLEM.state(record.state).is_final:
        return state_in_words(record)
    return _now("Not closed")


def _closed(one: ListedProblem) -> Said:
    said = closed_or_not(one.record)
    if one.closure is not None and one.closure.closed_on:
        return f"{said}\n{day_in_words(one.closure.closed_on)}"
    return said


def _verified(one: ListedProblem) -> Said:
    if one.verification is None:
        return ""
    said = [state_in_words(one.verification.record)]
    if one.verification.concluded_on:
        said.append(day_in_words(one.verification.concluded_on))
    return "\n".join(said)


def _task_progress(one: ListedMeasure) -> Said:
    said = state_in_words(one.record)
    return f"{said}\n{_noted(one.note)}" if one.note else said


def _done(one: ListedMeasure) -> Said:
    """Claimed is not accepted: only what somebody else accepted is done."""
    if one.record.state == "accepted":
        return _now("Done, accepted")
    if one.record.state == "claimed":
        return _now("Claimed, not yet accepted")
    return _now("Not done")


def _post(one: ListedProblem) -> Said:
    return one.record.owner.post if one.record.owner else ""


def _level(one: ListedProblem) -> Said:
    return level_in_words(one.record.escalation_level)


def level_in_words(level: int) -> str:
    """Return to whom an overdue record was raised; the levels are those of rule 8."""
    names = ("", _now("unit head"), _now("unit above"), _now("coordinator"))
    return names[min(level, 3)]


def _identified(one: ListedProblem) -> datetime.date:
    return one.problem.identified_on


PROBLEM_COLUMN = ListColumn(_("Problem"), _problem)
MEASURES_COLUMN = ListColumn(_("Rectification measures"), measures_in_words)
CAUSE = ListColumn(_("Root cause"), lambda one: one.problem.root_cause)
PROGRESS = ListColumn(_("Progress"), _progress)
CLOSED = ListColumn(_("Closed or not"), _closed)

LISTS = (
    OfficialList(
        "problem-list",
        _("Problem list"),
        "problem",
        (
            *(NUMBER, PROBLEM_COLUMN, ListColumn(_("Identified on"), _identified)),
            ListColumn(_("Severity"), lambda one: one.problem.get_severity_display()),
            *(CAUSE, MEASURES_COLUMN, UNIT, PERSON, TIME_LIMIT, PROGRESS, CLOSED),
        ),
        gather_problems,
    ),
    OfficialList(
        "responsibility-list",
        _("Responsibility list"),
        "problem",
        (
            *(NUMBER, PROBLEM_COLUMN, UNIT, PARTNERS, PERSON, ListColumn(_("Post"), _post)),
            ListColumn(_("Closure criterion"), lambda one: one.problem.closure_criterion),
            *(TIME_LIMIT, ListColumn(_("Supervised by"), _level), CLOSED),
        ),
        gather_problems,
    ),
    OfficialList(
        "rectification-ledger",
        _("Rectification ledger"),
        "problem",
        (
            *(NUMBER, PROBLEM_COLUMN, CAUSE, MEASURES_COLUMN, UNIT, PARTNERS, PERSON, TIME_LIMIT),
            *(PROGRESS, ListColumn(_("Verification"), _verified)),
            ListColumn(
                _("Determination"), lambda one: one.closure.determination if one.closure else ""
            ),
            CLOSED,
        ),
        gather_problems,
    ),
    OfficialList(
        "task-list",
        _("Task list"),
        "measure",
        (
            *(NUMBER, ListColumn(_("Task"), lambda one: one.record.title)),
            ListColumn(_("Answers"), lambda one: one.answers),
            ListColumn(_("Kind of measure"), lambda one: one.measure.get_measure_kind_display()),
            *(UNIT, PERSON, TIME_LIMIT, ListColumn(_("Progress"), _task_progress)),
            ListColumn(_("Done or not"), _done),
        ),
        gather_measures,
    ),
)
