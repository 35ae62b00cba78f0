"""Reads about revisits: what is still to be revisited, and what their moves lack."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.industry.models import Site
from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Record
from guantong.records.queries import linked
from guantong.rectification.models import Closure, Problem, Severity
from guantong.rectification.queries.thread import inspectors_of, problem_of_each
from guantong.rectification.rules import ENDED, REVISIT
from guantong.visits.models import Visit
from guantong.visits.rules import TOOK_PLACE


def closings_to_revisit(campaign: Campaign) -> list[Closure]:
    """Return the standing closings of our own that no revisit and no draw has considered yet.

    Each has its problem's `severity`; oldest first.
    """
    closings = Closure.objects.filter(
        record__campaign=campaign,
        record__state="closed",
        undone_on=None,
        is_from_source=False,
        listed_in=None,
        revisits=None,
    )
    return list(
        closings.annotate(severity=F("record__problem__severity"))
        .select_related("record__unit", "record__campaign", "record__area")
        .order_by("closed_on", "pk")
    )


def problems_of_revisits(ids: Iterable[int]) -> dict[int, Problem]:
    """Return the problem that each revisit looks at, by the revisit's id."""
    problem_ids = problem_of_each(ids, LinkKind.REVISITED_BY)
    problems = Problem.objects.select_related("record__unit", "record__campaign").in_bulk(
        set(problem_ids.values())
    )
    return {one: problems[problem] for one, problem in problem_ids.items()}


def judged_of_revisits(ids: Sequence[int]) -> Mapping[int, Iterable[int]]:
    """Return what each revisit judges: its problem and the problem's measures."""
    problems = problem_of_each(ids, LinkKind.REVISITED_BY)
    measures = linked(problems.values(), LinkKind.ANSWERED_BY)
    return {one: {problem, *measures[problem]} for one, problem in problems.items()}


def has_open_revisit(problems: Sequence[Any]) -> dict[int, str]:
    open_ones = Link.objects.filter(
        kind=LinkKind.REVISITED_BY,
        source__in=[p.pk for p in problems],
        target__state__in=REVISIT.open_states,
    )
    sentence = _("A revisit of it is under way. Replace its inspector if need be.")
    return dict.fromkeys(open_ones.values_list("source_id", flat=True), sentence)


def has_inspector(revisits: Sequence[Any]) -> dict[int, str]:
    named = inspectors_of(r.pk for r in revisits)
    sentence = _("%(person)s is its inspector. Replace the inspector, with the reason.")
    return {one: sentence % {"person": parts[0].person.name} for one, parts in named.items()}


def no_longer_closed(revisits: Sequence[Any]) -> dict[int, str]:
    problems = problems_of_revisits(r.pk for r in revisits)
    sentence = _("%(problem)s was reopened meanwhile, so that it can't be sustained.")
    return {
        one: sentence % {"problem": problem.record.reference}
        for one, problem in problems.items()
        if problem.record.state not in ENDED
    }


def without_visit(revisit_ids: Iterable[int]) -> set[int]:
    """Return those of the revisits for which no visit that was registered took place."""
    ids = set(revisit_ids)
    made = Record.objects.filter(kind="visit", state__in=TOOK_PLACE)
    links = Link.objects.filter(
        kind=LinkKind.FIELDWORK, source__in=ids, target__in=made.values("pk")
    )
    return ids - set(links.values_list("source_id", flat=True))


def site_found_at(revisit_id: int, *, viewer: Person, on: datetime.date) -> Site | None:
    """Return where the problem of a revisit was found, by the last visit that `viewer` may see."""
    problem = problem_of_each([revisit_id], LinkKind.REVISITED_BY)[revisit_id]
    seen = Record.objects.visible_to(viewer, on, is_few=True)
    visits = seen.filter(kind="visit", outbound__target__outbound__target=problem)
    last = Visit.objects.filter(record__in=visits).select_related("site").order_by("pk").last()
    return last.site if last else None


def list_in_words(severity: str, month: str) -> str:
    """Say from which list a sample for revisits is drawn."""
    said = {"severity": Severity(severity).label, "month": month}
    return _("problems of severity “%(severity)s” closed in %(month)s") % said


def by_month_and_severity(
    closings: Sequence[Any],
) -> dict[tuple[datetime.date, str], list[Any]]:
    """Group closings into the lists that samples are drawn from, in order."""
    groups: dict[tuple[datetime.date, str], list[Any]] = defaultdict(list)
    for closing in closings:
        groups[closing.closed_on.replace(day=1), closing.severity].append(closing)
    return dict(sorted(groups.items()))
