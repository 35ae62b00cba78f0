"""Reads of sites: which are crowded, back and ahead, as far as somebody may know."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from guantong.campaigns.models import Campaign
from guantong.industry.models import Place, Sector, Site
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.visits.models import Visit
from guantong.visits.queries.crowding import STAY, known_to, limits_of, read_stays
from guantong.visits.queries.saying import names_of
from guantong.visits.rules import SPANS, TAKING_PLACE, Diary, Spot, Stay, end_of
from guantong.visits.rules.crowding import Crowd

AHEAD, BACK = "ahead", "back"
# How far the page looks: a year back, and as far ahead as visits are planned for.
HORIZON = {AHEAD: datetime.timedelta(92), BACK: datetime.timedelta(365)}


@dataclass(frozen=True)
class CrowdedSpot:
    """A spot that is crowded in one day, week or month, and those visits that one may open."""

    crowd: Crowd
    name: str
    last: datetime.date
    visits: Sequence[Record]

    @property
    def count(self) -> int:
        return len(self.crowd.visits)

    @property
    def unnamed(self) -> int:
        """How many of them this person may count but not open."""
        return self.count - len(self.visits)


@dataclass(frozen=True)
class Narrowing:
    """Which of the crowded spots are asked for; None asks for all."""

    when: str = AHEAD
    level: str | None = None
    span: str | None = None
    sector: Sector | None = None
    place: Place | None = None


def crowded_spots(
    *,
    campaign: Campaign,
    viewer: Person,
    on: datetime.date,
    asked: Narrowing,
    limit: int,
) -> tuple[list[CrowdedSpot], int]:
    """Return the most crowded spots, and how many there are in all, in a fixed few queries."""
    earliest, latest = _stretch(asked.when, on)
    visits = Visit.objects.filter(
        known_to(viewer, on),
        record__campaign=campaign,
        record__state__in=TAKING_PLACE,
        ends_on__gte=earliest,
        starts_on__lte=latest,
    )
    diary = Diary(read_stays(visits.values_list(*STAY)))
    within = _spots_within(asked)
    crowds = [
        crowd
        for crowd in diary.crowds(limits_of(campaign))
        if _is_asked(crowd, asked, on) and (within is None or crowd.spot in within)
    ]
    return _named(crowds[:limit], viewer=viewer, on=on), len(crowds)


def crowded_sites(visits: QuerySet[Visit], *, campaign: Campaign, on: datetime.date) -> set[int]:
    """Return the ids of the sites that `visits` crowd in a day, week or month not past on `on`."""
    earliest, _latest = _stretch(AHEAD, on)
    allowed = limits_of(campaign)["site"]
    meeting = visits.filter(ends_on__gte=earliest).order_by()
    rows = list(meeting.values_list("pk", "site", "starts_on", "ends_on"))
    # Where fewer meet than the narrowest limit allows, there is nothing to look for.
    least = min(allowed.of(span) for span in SPANS)
    number = Counter(site for _pk, site, _first, _last in rows)
    diary = Diary(
        Stay(pk, (Spot("site", site),), first, last)
        for pk, site, first, last in rows
        if number[site] > least
    )
    crowds = diary.crowds({"site": allowed})
    return {crowd.spot.key for crowd in crowds if end_of(crowd.span, crowd.first) >= on}


def _stretch(when: str, on: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return whole months, and the weeks that reach into them, so that no count is cut off."""
    first, last = (on, on + HORIZON[AHEAD]) if when == AHEAD else (on - HORIZON[BACK], on)
    a_week = datetime.timedelta(6)
    return first.replace(day=1) - a_week, end_of("month", last.replace(day=1)) + a_week


def _spots_within(asked: Narrowing) -> set[Spot] | None:
    """Return the spots of one sector and place; None where neither is asked for."""
    if asked.sector is None and asked.place is None:
        return None
    sites = Site.objects.all()
    spots = set()
    if asked.sector is not None:
        sites = sites.filter(sector=asked.sector)
    if asked.place is not None:
        sites = sites.filter(place=asked.place)
    if asked.sector is None and asked.place is not None:
        spots.add(Spot("place", asked.place.pk))
    for pk in sites.values_list("pk", flat=True):
        spots |= {Spot("site", pk), Spot("parent", pk)}
    return spots


def _is_asked(crowd: Crowd, asked: Narrowing, on: datetime.date) -> bool:
    last = end_of(crowd.span, crowd.first)
    in_time = last >= on if asked.when == AHEAD else last < on
    return in_time and asked.level in (None, crowd.spot.level) and asked.span in (None, crowd.span)


def _named(crowds: Sequence[Crowd], *, viewer: Person, on: datetime.date) -> list[CrowdedSpot]:
    names = names_of(crowd.spot for crowd in crowds)
    visible = Record.objects.visible_to(viewer, on)
    records = visible.filter(pk__in={pk for crowd in crowds for pk in crowd.visits}).in_bulk()
    return [
        CrowdedSpot(
            crowd,
            names[crowd.spot],
            end_of(crowd.span, crowd.first),
            [records[pk] for pk in dict.fromkeys(crowd.visits) if pk in records],
        )
        for crowd in crowds
    ]
