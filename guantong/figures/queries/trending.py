"""How a figure went from day to day: from one query where its rows allow, else on some days."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, When

from guantong.figures.queries.valuing import Value, rows_of, value_of
from guantong.figures.registry import Figure, Scope, Shape
from guantong.ledger.keeping import until_the_next_entry
from guantong.records.models import RecordQuerySet, StatePeriod

SAMPLES = 31
ONE = datetime.timedelta(1)


@dataclass(frozen=True)
class Trend:
    """The values on days in a row, or (`is_every_day` false) on days evenly apart."""

    points: list[tuple[datetime.date, Value]]
    is_every_day: bool


class Spanning(Scope):
    """A scope over many days: it notes what is asked for and leaves the days to the caller."""

    def standing(self, records: RecordQuerySet, *states: str) -> RecordQuerySet:
        self.__dict__.setdefault("states", []).append(states)
        return records

    def overdue(self, records: RecordQuerySet, *states: str) -> RecordQuerySet:
        self.__dict__["is_overdue"] = True
        return self.standing(records, *states).filter(original_due_on__isnull=False)


def trend_of(figure: Figure, scope: Scope, first: datetime.date) -> Trend:
    """Return the figure's values from the day `first` to the scope's own day.

    Counted anew after each entry of the ledger: a past day's records may be entered late.
    """
    question = ("trend", figure.code, first, *scope.question)
    return until_the_next_entry(question, lambda: _trend(figure, scope, first))


def _trend(figure: Figure, scope: Scope, first: datetime.date) -> Trend:
    first = min(first, scope.as_of)
    days = [first + ONE * number for number in range((scope.as_of - first).days + 1)]
    if figure.is_standing and figure.shape is Shape.COUNT and figure.record is not None:
        counts = _every_day(figure, scope, days)
        if counts is not None:
            return Trend(
                [(day, Value(Shape.COUNT, counts[day], counts[day])) for day in days],
                is_every_day=True,
            )
    chosen = _sampled(days)
    points = [(day, value_of(figure, scope.on(day))) for day in chosen]
    return Trend(points, is_every_day=len(chosen) == len(days))


def _sampled(days: list[datetime.date]) -> list[datetime.date]:
    """Return at most so many of the days, evenly apart, the first and the last among them."""
    if len(days) <= SAMPLES:
        return days
    last = len(days) - 1
    return [days[round(number * last / (SAMPLES - 1))] for number in range(SAMPLES)]


def _every_day(
    figure: Figure, scope: Scope, days: list[datetime.date]
) -> dict[datetime.date, int] | None:
    """Count all days at once from the periods in which the records stood; two queries.

    None where the units hang differently on some of the days and the figure is asked of one.
    """
    if (scope.unit is not None or "unit" in scope.only) and not scope.on(days[0]).is_todays_tree:
        return None
    if "state" in scope.only:
        return None
    spanning = Spanning(**{name: getattr(scope, name) for name in scope.__dataclass_fields__})
    rows = rows_of(replace(figure, records=lambda _scope: figure.records(spanning)), scope)
    rows = rows.order_by()
    asked: list[tuple[str, ...]] = spanning.__dict__.get("states", [])
    is_overdue = "is_overdue" in spanning.__dict__
    opened = figure.path("opened_on")
    if opened is None or (is_overdue and figure.record):
        return None
    begins: Counter[datetime.date] = Counter()
    ends: Counter[datetime.date | None] = Counter()
    if not asked:
        for day, count in rows.values_list(opened).annotate(_rows=Count("pk")):
            begins[day] += count
    elif len(asked) == 1:
        periods = StatePeriod.objects.filter(
            Q(ends_on=None) | Q(ends_on__gt=F("starts_on")),
            record__in=rows.values(figure.record or "pk"),
            state__in=asked[0],
        )
        if figure.record:
            spans = _weighed(periods, rows, figure.record)
        else:
            spans = _spans(periods, is_overdue)
        for starts_on, ends_on, count in spans:
            if ends_on is None or starts_on < ends_on:
                begins[starts_on] += count
                ends[ends_on] += count
    else:
        return None
    counts = {}
    running = sum(count for day, count in begins.items() if day < days[0])
    running -= sum(count for day, count in ends.items() if day and day < days[0])
    for day in days:
        running += begins[day] - ends[day]
        counts[day] = running
    return counts


def _weighed(
    periods: QuerySet[StatePeriod], rows: QuerySet[Any], record: str
) -> Iterable[tuple[datetime.date, datetime.date | None, int]]:
    """Yield from when to when so many rows stood, each as long as the record that it names."""
    weight = dict(rows.values_list(record).annotate(_rows=Count("pk")))
    for pk, starts_on, ends_on in periods.values_list("record_id", "starts_on", "ends_on"):
        yield starts_on, ends_on, weight[pk]


def _spans(
    periods: QuerySet[Any], is_overdue: bool
) -> Iterable[tuple[datetime.date, datetime.date | None, int]]:
    """Yield from when to when so many records stood, or stood past their original due day."""
    if not is_overdue:
        yield from periods.order_by().values_list("starts_on", "ends_on").annotate(Count("pk"))
        return
    # Told apart by the database: it gives a row for each pair of days, not one for each period.
    due = F("record__original_due_on")
    told = periods.annotate(_due=Case(When(starts_on__lte=due, then=due)))
    told = told.annotate(_from=Case(When(_due=None, then=F("starts_on"))))
    told = told.order_by().values_list("_due", "_from", "ends_on").annotate(Count("pk"))
    for due_on, starts_on, ends_on, count in told:
        yield starts_on or due_on + ONE, ends_on, count
