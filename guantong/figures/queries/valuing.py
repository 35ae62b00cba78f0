"""The value of a figure, and the rows behind it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet, Sum

from guantong.figures.queries.dimensions import narrowed
from guantong.figures.registry import Figure, Scope, Shape
from guantong.figures.rules import median, percent


@dataclass(frozen=True)
class Value:
    """What a figure came to: `count` rows behind it, `numerator` made of them.

    The numerator is the count but for DISTINCT, where it is how many different values they have,
    and SUM, where it is what their numbers come to.
    """

    shape: Shape
    numerator: int
    count: int
    denominator: int | None = None
    median: Decimal | None = None

    @property
    def amount(self) -> int | Decimal | None:
        """The number to show: percent for a ratio; None where there is nothing to divide."""
        if self.shape is Shape.RATIO:
            return self.share
        return self.median if self.shape is Shape.MEDIAN else self.numerator

    @property
    def share(self) -> Decimal | None:
        """The numerator in percent of the denominator."""
        return percent(self.numerator, self.denominator) if self.denominator else None


def rows_of(figure: Figure, scope: Scope) -> QuerySet[Any]:
    """Return the rows behind the figure, all of which the viewer may see."""
    return _told_by(figure.records, figure, scope)


def count_of(figure: Figure, scope: Scope) -> int:
    """Return how many rows are behind the figure."""
    return scope.count((figure.code, figure.records), partial(rows_of, figure, scope))


def denominator_of(figure: Figure, scope: Scope) -> QuerySet[Any] | None:
    """Return the rows of which the figure's are a share, or None."""
    return None if figure.denominator is None else _told_by(figure.denominator, figure, scope)


def _told_by(rows: Callable[[Scope], QuerySet[Any]], figure: Figure, scope: Scope) -> QuerySet[Any]:
    return narrowed(rows(scope), figure, scope)


def value_of(figure: Figure, scope: Scope) -> Value:
    """Count the figure: one query, two where it has a denominator."""
    whole, denominator = figure.denominator, None
    if whole is not None:
        denominator = scope.count((figure.code, whole), partial(_told_by, whole, figure, scope))
    if figure.shape in {Shape.COUNT, Shape.RATIO}:
        count = count_of(figure, scope)
        return Value(figure.shape, count, count, denominator)
    rows = rows_of(figure, scope).order_by()
    if figure.shape is Shape.MEDIAN:
        days = days_of(figure, rows)
        return Value(Shape.MEDIAN, len(days), len(days), denominator, median(days))
    count = rows.count()
    numerator = count
    if figure.shape is Shape.DISTINCT:
        given = rows.filter(**{f"{figure.of}__isnull": False})
        numerator = given.values(figure.of).distinct().count()
    elif figure.shape is Shape.SUM:
        numerator = whole_of(rows.aggregate(_sum=Sum(figure.of))["_sum"])
    return Value(figure.shape, numerator, count, denominator)


def whole_of(number: Decimal | None) -> int:
    """Return a sum as the whole number that is shown of it: halves go up, none is nought."""
    return int((number or Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP))


def days_of(figure: Figure, rows: QuerySet[Any]) -> list[int]:
    """Return the days of which the figure is the median, one for each row that has them."""
    return [days for _key, days in keyed_days(figure, rows, None)]


def keyed_days(figure: Figure, rows: QuerySet[Any], path: str | None) -> Iterable[tuple[Any, int]]:
    """Yield what stands at `path` and the days, for each row that has them."""
    keys = [path] if path else []
    if isinstance(figure.of, tuple):
        for *key, first, last in rows.values_list(*keys, *figure.of):
            if first is not None and last is not None:
                yield key[0] if key else None, (_day(last) - _day(first)).days
    else:
        for *key, days in rows.annotate(_days=figure.of).values_list(*keys, "_days"):
            if days is not None:
                yield key[0] if key else None, int(days)


def _day(value: datetime.date | datetime.datetime) -> datetime.date:
    return value.date() if isinstance(value, datetime.datetime) else value
