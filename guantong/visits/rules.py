"""The lifecycle of a visit, and when visits to one site crowd (rule 5); no Django."""

import datetime
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import Lifecycle, State, Transition, Who

L, R, C = Who.LIAISON, Who.RESEARCHER, Who.COORDINATOR

DRAFT, CLEARED, MADE, WRITTEN_UP = "draft", "cleared", "made", "written_up"
MERGED, CANCELLED, NOT_MADE = "merged", "cancelled", "not_made"

# A visit in one of these states takes place, as far as anybody knows, and counts for crowding.
TAKING_PLACE = (CLEARED, MADE, WRITTEN_UP)
# A visit in one of these states took place.
TOOK_PLACE = (MADE, WRITTEN_UP)

# Under the limits a visit clears itself: whoever enters it, or asks again, only sets that off.
ENTERING = frozenset({L, R, C, Who.SYSTEM})

VISIT = Lifecycle(
    "visit",
    (
        State(DRAFT, _("Draft")),
        State(CLEARED, _("Cleared")),
        State(MADE, _("Made")),
        State(WRITTEN_UP, _("Written up"), is_final=True),
        State(MERGED, _("Merged"), is_final=True),
        State(CANCELLED, _("Cancelled"), is_final=True),
        State(NOT_MADE, _("Not made"), is_final=True),
    ),
    (
        Transition(
            "clear",
            _("Clear"),
            "visits.visit.cleared",
            ENTERING,
            (DRAFT,),
            CLEARED,
            needs=("occasion", "room"),
        ),
        Transition(
            "clear_over_limits",
            _("Clear over the limits"),
            "visits.visit.cleared_over_limits",
            frozenset({C}),
            (DRAFT,),
            CLEARED,
            is_second=True,
            needs_reason=True,
            needs=("occasion",),
        ),
        Transition(
            "change",
            _("Change site, days or team"),
            "visits.visit.changed",
            frozenset({L, R, C}),
            (DRAFT, CLEARED),
            DRAFT,
        ),
        Transition(
            "make", _("Enter as made"), "visits.visit.made", frozenset({R}), (CLEARED,), MADE
        ),
        Transition(
            "register_late",
            _("Register late"),
            "visits.visit.registered_late",
            ENTERING,
            (DRAFT,),
            MADE,
            needs_reason=True,
            needs=("occasion",),
        ),
        Transition(
            "write_up",
            _("Write up"),
            "visits.visit.written_up",
            frozenset({R}),
            (MADE,),
            WRITTEN_UP,
        ),
        Transition(
            "merge",
            _("Merge into another visit"),
            "visits.visit.merged",
            frozenset({R, C}),
            (DRAFT, CLEARED),
            MERGED,
            needs_reason=True,
        ),
        Transition(
            "cancel",
            _("Cancel"),
            "visits.visit.cancelled",
            frozenset({R, C}),
            (DRAFT, CLEARED),
            CANCELLED,
            needs_reason=True,
        ),
        Transition(
            "enter_not_made",
            _("Enter as not made"),
            "visits.visit.not_made",
            frozenset({R, C}),
            (DRAFT, CLEARED),
            NOT_MADE,
            needs_reason=True,
        ),
    ),
)

# The kinds of record that a visit may be made for, and the link that leads from them to it.
OCCASIONS: Mapping[str, str] = {"project": "fieldwork", "revisit": "fieldwork"}


@dataclass(frozen=True)
class Stay:
    """One visit to one site, from its first to its last day; `visit` tells it from others."""

    visit: Hashable
    site: int
    first: datetime.date
    last: datetime.date


@dataclass(frozen=True)
class Limits:
    """More visits than these to one site in a day, a week (from Monday) or a month crowd it."""

    day: int
    week: int
    month: int

    def of(self, span: str) -> int:
        return int(getattr(self, span))


@dataclass(frozen=True)
class Excess:
    """In one day, week or month, which starts on `first`, one site has more visits than allowed.

    `visits` are the others that take place then, so that `count` is one more than they are.
    """

    span: str
    first: datetime.date
    limit: int
    visits: tuple[Hashable, ...]

    @property
    def count(self) -> int:
        return len(self.visits) + 1


SPANS = ("day", "week", "month")
Window = tuple[str, datetime.date]


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
    """Which visits take place at which sites, by day, week and month."""

    def __init__(self, stays: Iterable[Stay] = ()) -> None:
        self._booked: dict[tuple[int, Window], list[Hashable]] = defaultdict(list)
        for stay in stays:
            self.enter(stay)

    def enter(self, stay: Stay) -> None:
        for window in windows(stay.first, stay.last):
            self._booked[stay.site, window].append(stay.visit)

    def excesses(self, stay: Stay, limits: Limits) -> list[Excess]:
        """Return the days, weeks and months that `stay` would crowd, beside what is entered."""
        found = []
        for span, first in windows(stay.first, stay.last):
            others = self._booked.get((stay.site, (span, first)), [])
            visits = tuple(visit for visit in others if visit != stay.visit)
            if len(visits) + 1 > limits.of(span):
                found.append(Excess(span, first, limits.of(span), visits))
        return found


def admit(
    wanted: Sequence[Stay], taken: Iterable[Stay], limits: Limits
) -> dict[Hashable, list[Excess]]:
    """Return, for each wanted visit in its order, what it would crowd; empty where it may be made.

    Each visit that may be made counts against those after it.
    """
    diary = Diary(taken)
    found: dict[Hashable, list[Excess]] = {}
    for stay in wanted:
        found[stay.visit] = diary.excesses(stay, limits)
        if not found[stay.visit]:
            diary.enter(stay)
    return found
