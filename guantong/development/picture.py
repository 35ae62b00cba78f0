"""An indicator drawn against its target path: coordinates only."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guantong.development.models import Indicator
from guantong.development.queries import path_points, series_of
from guantong.development.rules import Point
from guantong.kit.templatetags.days import day_in_words
from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Record, StatePeriod

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 12, 24


@dataclass(frozen=True)
class Accepted:
    """A measure that was accepted on a day, and is expected to move an indicator."""

    record: Record
    day: datetime.date


@dataclass(frozen=True)
class Mark:
    """Where an accepted measure stands in the picture."""

    at: float
    accepted: Accepted


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Picture:
    """The path, the validated values, the projections, and the measures on their days."""

    path: str
    values: str
    projections: str
    dots: list[tuple[float, float]]
    marks: list[Mark]
    sides: list[Tick]
    days: list[Tick]
    points: list[Point]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    foot: int = HEIGHT - BOTTOM


def pictures_of(
    indicators: Sequence[Indicator], *, person: Person, on: datetime.date
) -> dict[int, Picture]:
    """Draw each indicator that has a path or two values; a handful of queries for all of them."""
    paths = path_points(indicators)
    series = series_of(paths, on)
    accepted = accepted_measures(paths, person=person, on=on)
    drawn = {}
    for pk, path in paths.items():
        values, projections = series.get(pk, ([], []))
        path = sorted(path, key=lambda point: point.day)
        if path or len(values) > 1:
            drawn[pk] = draw(path, values, projections, accepted.get(pk, []))
    return drawn


def accepted_measures(
    indicators: Iterable[int], *, person: Person, on: datetime.date
) -> Mapping[int, list[Accepted]]:
    """Return, by indicator, the measures that `person` may see and that were accepted by `on`."""
    links = Link.objects.filter(
        target__in=list(indicators),
        kind=LinkKind.MOVES,
        source__in=Record.objects.visible_to(person, on).filter(kind="measure").values("pk"),
    ).select_related("source")
    days = dict(
        StatePeriod.objects.filter(
            record__in=[link.source_id for link in links], state="accepted", starts_on__lte=on
        ).values_list("record_id", "starts_on")
    )
    found: dict[int, list[Accepted]] = {}
    for link in links:
        if link.source_id in days:
            accepted = Accepted(link.source, days[link.source_id])
            found.setdefault(link.target_id, []).append(accepted)
    return found


def draw(
    path: Sequence[Point],
    values: Sequence[Point],
    projections: Sequence[Point],
    accepted: Sequence[Accepted],
) -> Picture:
    """Lay points out over their days; the side runs from the least to the most of them."""
    points = [*path, *values, *projections]
    first, last = min(p.day for p in points), max(p.day for p in points)
    least, most = min(p.value for p in points), max(p.value for p in points)
    span, height = max((last - first).days, 1), (most - least) or Decimal(1)

    def x(day: datetime.date) -> float:
        inside = min(max(day, first), last)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (inside - first).days / span, 1)

    def y(value: Decimal) -> float:
        share = float((value - least) / height)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)

    def line(several: Sequence[Point]) -> str:
        return " ".join(f"{x(point.day)},{y(point.value)}" for point in several)

    return Picture(
        path=line(path),
        values=line(values),
        projections=line([*values[-1:], *projections]) if projections else "",
        dots=[(x(point.day), y(point.value)) for point in values],
        marks=[Mark(x(one.day), one) for one in accepted],
        sides=[Tick(y(value), f"{value.normalize():f}") for value in dict.fromkeys((least, most))],
        days=[Tick(x(day), day_in_words(day)) for day in dict.fromkeys((first, last))],
        points=list(values),
    )
