"""Where the thread of a campaign is cut."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import nlargest
from typing import Any, NamedTuple

from django.db.models import Aggregate, Count, Min, QuerySet, TextField
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.figures.forms import query_of
from guantong.figures.queries import rows_of
from guantong.figures.registry import Scope, figures
from guantong.kit.words import gettext_noop
from guantong.kit.written import Row
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.queries.thread import can_tell, list_url, narrowing, of_kind, words_of
from guantong.people.rules import COORDINATOR, HEAD, LIAISON, RESEARCHER
from guantong.records.models import Record, RecordQuerySet
from guantong.records.registry import Kind, kinds
from guantong.units.models import Unit

UPKEEP = frozenset({LIAISON, HEAD, COORDINATOR})


@dataclass(frozen=True)
class Gap:
    """One kind of cut: what a figure counts, or a list of one kind with filters.

    `step` and `in_picture` say where in the picture its tail hangs, and with which words. `act` is
    what is done about it, by those who hold one of the roles `by`: on the list of its `kind`, where
    it has one, or on the page `at`.
    """

    label: str
    figure: str = ""
    kind: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    step: str = ""
    in_picture: str = ""
    act: str = ""
    by: frozenset[str] = UPKEEP
    at: str = ""


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
        kind="problem",
        filters={"overdue": "1"},
        act=gettext_noop("remind them"),
    ),
    Gap(
        gettext_noop("Claims waiting for verification"),
        figure="rectification.problems_claimed",
        step="problem",
        in_picture=gettext_noop("claimed, unverified"),
        kind="problem",
        filters={"state": "claimed"},
        act=gettext_noop("share them out"),
        by=frozenset({COORDINATOR}),
    ),
    Gap(
        gettext_noop("Measures past their original day"),
        kind="measure",
        filters={"overdue": "1"},
        act=gettext_noop("remind them"),
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
        kind="project",
        filters={"state": "reported"},
        act=gettext_noop("convert them"),
        by=frozenset({COORDINATOR}),
    ),
    Gap(
        gettext_noop("Ideas that nobody has answered"),
        kind="idea",
        filters={"state": "raised"},
        act=gettext_noop("answer them"),
    ),
    Gap(gettext_noop("Units with no session"), figure="study.units_without_session"),
    Gap(gettext_noop("Units behind the study requirements"), figure="study.units_behind"),
    Gap(gettext_noop("Sites crowded"), figure="visits.sites_crowded"),
    Gap(
        gettext_noop("Sites never visited"),
        figure="visits.sites_never_visited",
        act=gettext_noop("plan visits"),
        by=UPKEEP | {RESEARCHER},
        at="visit-sites",
    ),
    Gap(
        gettext_noop("Indicators off their path that no measure moves"),
        figure="development.indicators_off_path_unmoved",
    ),
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
    act: str = ""
    act_url: str = ""
    act_by: frozenset[str] = frozenset()


def cuts_of(scope: Scope) -> list[CutLine]:
    """Count each cut; the largest first, empty ones left out."""
    return until_the_next_entry(("cuts", *words_of(scope)), lambda: _cuts(scope))


def _cuts(scope: Scope) -> list[CutLine]:
    counted = []
    for gap in GAPS:
        rows, url = _rows(gap, scope)
        if rows is not None:
            count = scope.asked(gap.label, rows, _count, _read)
            if count.number:
                counted.append((gap, count, url))
    named = Unit.objects.in_bulk({unit for _gap, count, _url in counted for unit in count.most})
    lines = [_line(gap, scope, count, url, named) for gap, count, url in counted]
    return sorted(lines, key=lambda line: -line.count)


def _rows(gap: Gap, scope: Scope) -> tuple[Callable[[], QuerySet[Any]] | None, str]:
    """Return what a gap counts and where it opens; None where no app brings it."""
    if gap.figure:
        figure = next((one for one in figures() if one.code == gap.figure), None)
        if figure is None or not can_tell(figure, scope):
            return None, ""
        url = reverse("figure-rows", args=[gap.figure]) + query_of(scope)
        return partial(rows_of, figure, scope), url
    kind = next((one for one in kinds() if one.name == gap.kind), None)
    if kind is None or not set(scope.only) <= set(kind.filters):
        return None, ""
    url = list_url(kind, **narrowing(scope), **gap.filters)
    return partial(_listed, kind, gap.filters, scope), url


def _listed(kind: Kind, filters: Mapping[str, str], scope: Scope) -> RecordQuerySet:
    """The same as the list reads from the address that is given."""
    records = of_kind(kind, scope)
    if "state" in filters:
        records = scope.standing(records, filters["state"])
    if "overdue" in filters:
        records = scope.overdue(records, *kind.lifecycle.due_states)
    return records


def _line(gap: Gap, scope: Scope, count: _Count, url: str, named: Mapping[int, Unit]) -> CutLine:
    return CutLine(
        step=gap.step,
        label=_(gap.label),
        in_picture=_(gap.in_picture) if gap.in_picture else "",
        count=count.number,
        where_most=[str(named[unit]) for unit in count.most],
        oldest=count.oldest,
        url=url,
        act=_(gap.act) if gap.act else "",
        act_url=_act_url(gap, scope) if gap.act else "",
        act_by=gap.by,
    )


def _act_url(gap: Gap, scope: Scope) -> str:
    if gap.at:
        return reverse(gap.at)
    kind = next(one for one in kinds() if one.name == gap.kind)
    return list_url(kind, **narrowing(scope), **gap.filters)


class _Count(NamedTuple):
    """How many; of records, also since when and in which units most are."""

    number: int
    oldest: datetime.date | None = None
    most: Sequence[int] = ()


class _Joined(Aggregate):
    """All ids in one text: SQLite would sort them to group by them, which takes twice as long."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The same in its words."""
        template = "STRING_AGG(%(expressions)s::text, ',')"
        return self.as_sql(compiler, connection, template=template, **context)


def _count(rows: QuerySet[Any]) -> _Count:
    """Count what a gap leaves, by one question."""
    if rows.model is not Record:
        return _Count(rows.count())
    found = rows.order_by().aggregate(
        number=Count("*"), oldest=Min("opened_on"), units=_Joined("unit_id")
    )
    return _Count(found["number"], found["oldest"], _most(found["units"]))


def _read(found: Sequence[Row]) -> _Count:
    """The same of the row that answers this question."""
    number, *rest = found[0]
    if not rest:
        return _Count(number)
    oldest, units = rest
    # The databases' own forms: of what is not a plain column SQLite gives the text.
    day = datetime.date.fromisoformat(oldest) if isinstance(oldest, str) else oldest
    return _Count(number, day, _most(units))


def _most(units: str | None) -> list[int]:
    """Return the two that are named most; of those named equally often the one registered first."""
    named = Counter(units.split(",") if units else ())
    # Of thousands of units few are named so often that they come into question.
    least = min(nlargest(2, named.values()), default=0)
    often = [(-number, int(unit)) for unit, number in named.items() if number >= least]
    return [unit for _number, unit in sorted(often)[:2]]
