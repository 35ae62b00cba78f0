"""Where the thread of a campaign is cut."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Min, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.figures.forms import query_of
from guantong.figures.queries import rows_of
from guantong.figures.registry import Scope, figures
from guantong.kit.words import gettext_noop
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.queries.thread import can_tell, list_url, narrowing, of_kind, words_of
from guantong.records.models import Record
from guantong.records.registry import kinds
from guantong.units.models import Unit


@dataclass(frozen=True)
class Gap:
    """One kind of cut: what a figure counts, or a list of one kind with filters.

    `step` and `in_picture` say where in the picture its tail hangs, and with which words.
    """

    label: str
    figure: str = ""
    kind: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    step: str = ""
    in_picture: str = ""


GAPS = (
    Gap(
        gettext_noop("Accepted findings that nothing took up"),
        figure="research.findings_unsettled",
        step="finding",
        in_picture=gettext_noop("taken up by nothing"),
    ),
    Gap(
        gettext_noop("Problems past their original day"),
        figure="rectification.problems_past_original_day",
    ),
    Gap(
        gettext_noop("Claims waiting for verification"),
        figure="rectification.problems_claimed",
        step="problem",
        in_picture=gettext_noop("claimed, unverified"),
    ),
    Gap(
        gettext_noop("Measures past their original day"),
        kind="measure",
        filters={"overdue": "1"},
    ),
    Gap(
        gettext_noop("Problems routed up and not answered"),
        figure="rectification.problems_routed_up",
    ),
    Gap(gettext_noop("Reviews past their day"), figure="rectification.reviews_overdue"),
    Gap(
        gettext_noop("Accepted risks that have expired"),
        figure="rectification.risks_expired",
    ),
    Gap(
        gettext_noop("Inspections that the unit hasn't answered"),
        figure="rectification.inspections_unanswered",
    ),
    Gap(
        gettext_noop("Systemic problems proposed"),
        figure="rectification.systemic_proposed",
    ),
    Gap(
        gettext_noop("Projects reported but not converted"),
        figure="research.projects_unconverted",
    ),
    Gap(
        gettext_noop("Ideas that nobody has answered"),
        kind="idea",
        filters={"state": "raised"},
    ),
    Gap(gettext_noop("Units with no session"), figure="study.units_without_session"),
    Gap(gettext_noop("Sites never visited"), figure="visits.sites_never_visited"),
    Gap(gettext_noop("Indicators off their path"), figure="development.indicators_off_path"),
)


@dataclass(frozen=True)
class CutLine:
    """One cut in a list: how many, since when, and the units that have most of them."""

    step: str
    label: str
    in_picture: str
    count: int
    where_most: list[str]
    oldest: datetime.date | None
    url: str


def cuts_of(scope: Scope) -> list[CutLine]:
    """Count each cut; the largest first, empty ones left out."""
    return until_the_next_entry(("cuts", *words_of(scope)), lambda: _cuts(scope))


def _cuts(scope: Scope) -> list[CutLine]:
    lines = []
    for gap in GAPS:
        rows, url = _rows(gap, scope)
        if rows is None:
            continue
        line = _line(gap, rows, url)
        if line.count:
            lines.append(line)
    return sorted(lines, key=lambda line: -line.count)


def _rows(gap: Gap, scope: Scope) -> tuple[QuerySet[Any] | None, str]:
    """Return what a gap counts and where it opens; None where no app brings it."""
    if gap.figure:
        figure = next((one for one in figures() if one.code == gap.figure), None)
        if figure is None:
            return None, ""
        if not can_tell(figure, scope):
            return None, ""
        url = reverse("figure-rows", args=[gap.figure]) + query_of(scope)
        return rows_of(figure, scope), url
    kind = next((one for one in kinds() if one.name == gap.kind), None)
    if kind is None or not set(scope.only) <= set(kind.filters):
        return None, ""
    records = of_kind(kind, scope)
    # The same as the list reads from the address that is given.
    if "state" in gap.filters:
        records = scope.standing(records, gap.filters["state"])
    if "overdue" in gap.filters:
        records = scope.standing(records.overdue(scope.as_of), *kind.lifecycle.due_states)
    return records, list_url(kind, **narrowing(scope), **gap.filters)


def _line(gap: Gap, rows: QuerySet[Any], url: str) -> CutLine:
    """Count what a gap leaves; of records, say also since when and in which units most are."""
    count, oldest, where_most = _counted(rows) if rows.model is Record else (rows.count(), None, [])
    return CutLine(
        step=gap.step,
        label=_(gap.label),
        in_picture=_(gap.in_picture) if gap.in_picture else "",
        count=count,
        where_most=where_most,
        oldest=oldest,
        url=url,
    )


def _counted(records: QuerySet[Any]) -> tuple[int, datetime.date | None, list[str]]:
    """Return how many, since when, and the two units with most, of equals the one registered first.

    In one query: to look at tens of thousands of records takes longer than to add up their units.
    """
    # By the column itself SQLite would walk the index of units, through all records of the kind.
    by_unit = records.order_by().values_list(F("unit_id") + 0)
    parts = list(by_unit.annotate(Count("pk"), Min("opened_on")))
    if not parts:
        return 0, None, []
    most = [unit for unit, _number, _day in sorted(parts, key=lambda p: (-p[1], p[0]))[:2]]
    named = Unit.objects.in_bulk(most)
    return (
        sum(number for _unit, number, _day in parts),
        min(day for _unit, _number, day in parts),
        [str(named[unit]) for unit in most],
    )
