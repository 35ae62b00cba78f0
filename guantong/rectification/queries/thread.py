"""Reads along the thread: from problems to their measures and verifications, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guantong.records.models import LinkKind, Part, Participant, Record
from guantong.records.queries import details_of, linked
from guantong.rectification.models import Measure, Verification
from guantong.rectification.rules import LIVE


def measures_of(problem_ids: Iterable[int], *states: str) -> dict[int, list[Measure]]:
    """Return each problem's measures, the live ones if no states are named, in two queries."""
    measures = Measure.objects.filter(record__state__in=states or LIVE)
    return _reached(measures, problem_ids, LinkKind.ANSWERED_BY)


def verifications_of(problem_ids: Iterable[int]) -> dict[int, list[Verification]]:
    """Return each problem's verifications, oldest first, in two queries."""
    return _reached(Verification.objects.all(), problem_ids, LinkKind.VERIFIED_BY)


def _reached(rows: QuerySet[Any], problem_ids: Iterable[int], kind: str) -> dict[int, list[Any]]:
    """Return those of `rows` to which links of `kind` lead from each problem, oldest first.

    Joined to the links in one query, SQLite begins with all records of the campaign.
    """
    links = linked(problem_ids, kind)
    there = {one for several in links.values() for one in several}
    known = rows.select_related("record__unit", "record__campaign").in_bulk(there)
    found: dict[int, list[Any]] = defaultdict(list)
    for problem, several in links.items():
        if mine := [known[one] for one in sorted(several) if one in known]:
            found[problem] = mine
    return found


def problem_of_each(ids: Iterable[int], kind: str) -> dict[int, int]:
    """Return the problem from which each measure or verification hangs, where it has one."""
    found = linked(ids, kind, upstream=True)
    problems = set(
        Record.objects.filter(
            kind="problem", pk__in={p for sources in found.values() for p in sources}
        ).values_list("pk", flat=True)
    )
    return {
        one: next(p for p in sources if p in problems)
        for one, sources in found.items()
        if problems.intersection(sources)
    }


def inspectors_of(record_ids: Iterable[int]) -> dict[int, list[Participant]]:
    """Return who is assigned as inspector of each record."""
    found: dict[int, list[Participant]] = defaultdict(list)
    parts = Participant.objects.filter(part=Part.INSPECTOR, record__in=list(record_ids))
    for part in parts.select_related("person").order_by("pk"):
        found[part.record_id].append(part)
    return found


def judged_of_problems(ids: Sequence[int]) -> Mapping[int, Iterable[int]]:
    """Return the measures that are judged together with each problem."""
    return linked(ids, LinkKind.ANSWERED_BY)


def judged_of_verifications(ids: Sequence[int]) -> Mapping[int, Iterable[int]]:
    """Return what each verification judges: its problem and the problem's measures."""
    problems = problem_of_each(ids, LinkKind.VERIFIED_BY)
    measures = linked(problems.values(), LinkKind.ANSWERED_BY)
    return {one: {problem, *measures[problem]} for one, problem in problems.items()}


@dataclass(frozen=True)
class Subject:
    """What a verification judges: its problem, and the measures claimed for it."""

    problem: Any
    claimed: list[Measure]


def subjects_of(verifications: Sequence[Any]) -> dict[int, Subject]:
    """Return each verification's problem and the measures claimed for it, set-wise."""
    problem_ids = problem_of_each([v.pk for v in verifications], LinkKind.VERIFIED_BY)
    records = Record.objects.filter(pk__in=set(problem_ids.values()))
    problems = details_of(records)
    claimed = measures_of(problems, "claimed")
    return {v: Subject(problems[problem], claimed[problem]) for v, problem in problem_ids.items()}
