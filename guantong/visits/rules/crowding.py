"""When visits crowd a site, what it belongs to, or a place (rule 5); no Django."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from guantong.kit.words import gettext_noop as _

# From the narrowest on: the site itself, what it belongs to with all its parts, and the place.
LEVELS = ("site", "parent", "place")
SPANS = ("day", "week", "month")
LEVEL_LABELS = {"site": _("Site"), "parent": _("Enterprise with its works"), "place": _("Place")}
SPAN_LABELS = {"day": _("In one day"), "week": _("In one week"), "month": _("In one month")}

Window = tuple[str, datetime.date]


class Spot(NamedTuple):
    """What can be crowded: a site by its id, the whole that it belongs to, or a place by its id."""

    level: str
    key: int


@dataclass(frozen=True)
class Stay:
    """One visit, from its first to its last day, and all that it crowds, its site first."""

    visit: Hashable
    spots: tuple[Spot, ...]
    first: datetime.date
    last: datetime.date


@dataclass(frozen=True)
class Limits:
    """More visits than these in a day, a week (from Monday) or a month crowd one spot."""

    day: int
    week: int
    month: int

    def of(self, span: str) -> int:
        return int(getattr(self, span))


LevelLimits = Mapping[str, Limits]


@dataclass(frozen=True)
class Excess:
    """In one day, week or month, which starts on `first`, a spot has more visits than allowed.

    `visits` are the others that take place then, so that `count` is one more than they are.
    """

    spot: Spot
    span: str
    first: datetime.date
    limit: int
    visits: tuple[Hashable, ...]

    @property
    def count(self) -> int:
        return len(self.visits) + 1


@dataclass(frozen=True)
class Crowd:
    """A spot has more visits than allowed in one day, week or month: these."""

    spot: Spot
    span: str
    first: datetime.date
    limit: int
    visits: tuple[Hashable, ...]

    @property
    def over(self) -> int:
        return len(self.visits) - self.limit


def spots_of(site: int, parent: int | None, place: int | None, *, has_parts: bool) -> list[Spot]:
    """Return what a visit to a site crowds; a site that stands alone is no whole of its own."""
    spots = [Spot("site", site)]
    if parent is not None or has_parts:
        spots.append(Spot("parent", site if parent is None else parent))
    if place is not None:
        spots.append(Spot("place", place))
    return spots


def start_of(span: str, day: datetime.date) -> datetime.date:
    """Return the first day of the day, week or month in which `day` lies."""
    if span == "week":
        return day - datetime.timedelta(day.weekday())
    return day.replace(day=1) if span == "month" else day


def end_of(span: str, first: datetime.date) -> datetime.date:
    """Return the last day of the day, week or month that starts on `first`."""
    if span == "month":
        return (first + datetime.timedelta(31)).replace(day=1) - datetime.timedelta(1)
    return first + datetime.timedelta(6 if span == "week" else 0)


def windows(first: datetime.date, last: datetime.date) -> Iterator[Window]:
    """Give every day, week and month that a stay from `first` to `last` touches."""
    for span in SPANS:
        start = start_of(span, first)
        while start <= last:
            yield span, start
            start = end_of(span, start) + datetime.timedelta(1)


def reach(stays: Iterable[Stay]) -> tuple[datetime.date, datetime.date]:
    """Return the first and last day of all weeks and months that the stays touch."""
    starts, ends = [], []
    for stay in stays:
        for span in SPANS:
            starts.append(start_of(span, stay.first))
            ends.append(end_of(span, start_of(span, stay.last)))
    return min(starts), max(ends)


class Diary:
    """Which visits take place where, by day, week and month."""

    def __init__(self, stays: Iterable[Stay] = ()) -> None:
        self._booked: dict[tuple[Spot, Window], list[Hashable]] = defaultdict(list)
        for stay in stays:
            self.enter(stay)

    def enter(self, stay: Stay) -> None:
        for window in windows(stay.first, stay.last):
            for spot in stay.spots:
                self._booked[spot, window].append(stay.visit)

    def excesses(self, stay: Stay, limits: LevelLimits) -> list[Excess]:
        """Return what `stay` would crowd beside what is entered, narrowest level first."""
        found = []
        for spot in stay.spots:
            allowed = limits[spot.level]
            for span, first in windows(stay.first, stay.last):
                others = self._booked.get((spot, (span, first)), [])
                visits = tuple(visit for visit in others if visit != stay.visit)
                if len(visits) + 1 > allowed.of(span):
                    found.append(Excess(spot, span, first, allowed.of(span), visits))
        return found

    def crowds(self, limits: LevelLimits) -> list[Crowd]:
        """Return what is crowded by what is entered, the most crowded first."""
        found = []
        for (spot, (span, first)), visits in self._booked.items():
            limit = limits[spot.level].of(span)
            if len(visits) > limit:
                found.append(Crowd(spot, span, first, limit, tuple(visits)))
        return sorted(found, key=lambda crowd: (-crowd.over, crowd.first, crowd.spot, crowd.span))


def admit(
    wanted: Sequence[Stay],
    taken: Iterable[Stay],
    limits: LevelLimits,
    *,
    unseen: Collection[Hashable] = (),
) -> dict[Hashable, list[Excess]]:
    """Return, for each wanted visit in its order, what it would crowd; empty where it may be made.

    Each visit that may be made counts against those after it, but for the `unseen` ones, which
    take nobody's room.
    """
    diary = Diary(taken)
    found: dict[Hashable, list[Excess]] = {}
    for stay in wanted:
        found[stay.visit] = diary.excesses(stay, limits)
        if not found[stay.visit] and stay.visit not in unseen:
            diary.enter(stay)
    return found
