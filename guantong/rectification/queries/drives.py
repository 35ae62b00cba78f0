"""Reads of special rectifications: what they group, and how that stands."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Record, RecordQuerySet
from guantong.rectification.rules import MEASURE, PROBLEM

OPEN = Q(kind=PROBLEM.kind, state__in=PROBLEM.open_states) | Q(
    kind=MEASURE.kind, state__in=MEASURE.open_states
)


def members_of(drive_id: int) -> RecordQuerySet:
    """The problems and measures under one drive, by whomever they may be seen."""
    links = Link.objects.filter(source=drive_id, kind=LinkKind.GROUPED)
    return Record.objects.filter(pk__in=links.values("target"))


def drives_of(record_id: int) -> RecordQuerySet:
    """The special rectifications that a problem or measure is in, by whomever they may be seen."""
    links = Link.objects.filter(target=record_id, kind=LinkKind.GROUPED)
    drives = Record.objects.filter(pk__in=links.values("source")).order_by("pk")
    return drives.select_related("drive")


def left_open(drive_ids: Iterable[int]) -> dict[int, int]:
    """Count what hasn't ended under each drive."""
    links = Link.objects.filter(
        source__in=list(drive_ids),
        kind=LinkKind.GROUPED,
        target__in=Record.objects.filter(OPEN).values("pk"),
    )
    return dict(links.order_by().values_list("source").annotate(Count("pk")))


@dataclass(frozen=True)
class Standing:
    """How what one drive groups stands, as far as somebody may see it."""

    problems: dict[str, int]
    measures: dict[str, int]
    closed: int
    closed_on_time: int
    late: int


def standing_of(drive_id: int, *, person: Person, on: datetime.date) -> Standing:
    """Count a drive's problems and measures by state; those closed on time; those that are late.

    On time is by the original due day (rule 4), over the problems closed that had one.
    """
    seen = members_of(drive_id).visible_to(person, on)
    counts: dict[str, dict[str, int]] = {PROBLEM.kind: {}, MEASURE.kind: {}}
    for kind, state, number in (
        seen.order_by().values_list("kind", "state").annotate(Count("pk", distinct=True))
    ):
        counts[kind][state] = number
    problems = seen.of_kind(PROBLEM.kind)
    closed = problems.filter(state="closed", original_due_on__isnull=False)
    in_time = {
        pk
        for pk, due, closed_on in closed.values_list("pk", "original_due_on", "problem__closed_on")
        if closed_on is not None and due is not None and closed_on <= due
    }
    late = problems.filter(state__in=PROBLEM.open_states).overdue(on)
    return Standing(
        problems=counts[PROBLEM.kind],
        measures=counts[MEASURE.kind],
        closed=closed.count(),
        closed_on_time=len(in_time),
        late=late.count(),
    )
