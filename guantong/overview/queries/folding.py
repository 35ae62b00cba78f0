"""Counts of rows that only ever come and go: what was counted before is counted no second time."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, QuerySet

# What is kept is compared each time with what there is; anew from time to time all the same.
SECONDS = 3600
Group = tuple[Any, ...]


@dataclass
class Folded:
    """What the rows up to `last` come to, and how many of them there were."""

    last: int = 0
    rows: int = 0
    counts: Counter[Group] = field(default_factory=Counter)


def counted(rows: QuerySet[Any], groups: tuple[str, ...], column: str) -> Counter[Group]:
    """Count, for each group, how many different values of `column` its rows have."""
    found = rows.order_by().values_list(*groups).annotate(Count(column, distinct=True))
    return Counter({tuple(group): number for *group, number in found})


def folded(
    key: str, rows: QuerySet[Any], kept: QuerySet[Any], groups: tuple[str, ...], column: str
) -> Counter[Group]:
    """Count the same of those `rows` that are among `kept`, by what was counted up to some row.

    For rows of which nothing changes that is asked for here: so as long as there are as many up
    to the last one that was counted, those are the same. `rows` are quickly numbered, since they
    are a table or a stretch of an index; what of them is kept may look elsewhere.
    """
    before: Folded = cache.get(key) or Folded()
    new = _after(before.last, rows)
    # How many there are in all the databases know sooner than how many up to one.
    if rows.count() - new["rows"] != before.rows:
        before, new = Folded(), _after(0, rows)
    if new["rows"]:
        here = kept.filter(pk__lte=new["last"])
        if before.last:
            counts = before.counts + _further(here, before.last, groups, column)
        else:
            counts = counted(here, groups, column)
        before = Folded(new["last"], before.rows + new["rows"], counts)
        cache.set(key, before, SECONDS)
    return before.counts


def _after(last: int, rows: QuerySet[Any]) -> dict[str, int]:
    return rows.filter(pk__gt=last).aggregate(rows=Count("pk"), last=Max("pk"))


def _further(
    rows: QuerySet[Any], last: int, groups: tuple[str, ...], column: str
) -> Counter[Group]:
    """Count what rows after `last` have that none of the same group had before."""
    several: dict[Group, set[int]] = defaultdict(set)
    for *group, value in rows.filter(pk__gt=last).values_list(*groups, column):
        several[tuple(group)].add(value)
    values = set().union(*several.values())
    earlier = rows.filter(pk__lte=last, **{f"{column}__in": values})
    for *group, value in earlier.values_list(*groups, column).distinct():
        several[tuple(group)].discard(value)
    return Counter({group: len(those) for group, those in several.items()})
