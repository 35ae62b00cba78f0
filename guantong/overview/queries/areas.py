"""Priority areas: what moves in each, and whether its indicators are on their paths."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.development.models import Indicator
from guantong.development.picture import Picture, pictures_of
from guantong.development.queries import Standing, standings_against_path
from guantong.overview.queries.thread import list_url
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.registry import kinds


@dataclass(frozen=True)
class Tally:
    """How many records of one kind an area has, and how many of them are still open."""

    label: str
    total: int
    open: int
    url: str


@dataclass(frozen=True)
class AreaLine:
    """One area in the list of areas."""

    area: Area
    tallies: dict[str, Tally]
    on_path: int = 0
    off_path: int = 0
    silent: int = 0


@dataclass(frozen=True)
class Series:
    """One indicator of an area: where it stands, and its picture."""

    indicator: Indicator
    standing: Standing | None
    picture: Picture | None


def tallies_of(
    campaign: Campaign, *, person: Person, on: datetime.date
) -> dict[int, dict[str, Tally]]:
    """Count the records of each area by kind, in one query."""
    seen = Record.objects.visible_to(person, on).filter(campaign=campaign, area__isnull=False)
    rows = seen.order_by().values_list("area", "kind", "state").annotate(Count("pk"))
    counts: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for area, kind, state, number in rows:
        counts[area, kind][state] = number
    areas = {area.pk: area for area in campaign.areas.all()}
    found: dict[int, dict[str, Tally]] = {pk: {} for pk in areas}
    for kind in kinds():
        for pk, area in areas.items():
            if states := counts.get((pk, kind.name)):
                still = sum(states.get(name, 0) for name in kind.lifecycle.open_states)
                url = list_url(kind, area=area.code)
                total = sum(states.values())
                found[pk][kind.name] = Tally(_(str(kind.plural)), total, still, url)
    return found


def areas_of(campaign: Campaign, *, person: Person, on: datetime.date) -> list[AreaLine]:
    """Return the areas in their order, with their tallies and how their indicators stand."""
    tallies = tallies_of(campaign, person=person, on=on)
    standings: dict[int, list[bool | None]] = defaultdict(list)
    active = active_indicators(campaign, person=person, on=on)
    found = standings_against_path(active, on)
    for indicator in active:
        standing = found.get(indicator.pk)
        area = indicator.record.area_id
        if area is not None:
            standings[area].append(standing.is_on_path if standing else None)
    return [
        AreaLine(
            area,
            tallies[area.pk],
            on_path=standings[area.pk].count(True),
            off_path=standings[area.pk].count(False),
            silent=standings[area.pk].count(None),
        )
        for area in campaign.areas.select_related("goal", "unit")
    ]


def active_indicators(
    campaign: Campaign, *, person: Person, on: datetime.date, area: Area | None = None
) -> list[Indicator]:
    records = Record.objects.visible_to(person, on).filter(
        campaign=campaign, kind="indicator", state="active"
    )
    if area is not None:
        records = records.filter(area=area)
    return list(
        Indicator.objects.filter(record__in=records.values("pk"))
        .select_related("record__unit")
        .order_by("record__unit__path", "pk")
    )


def series_in(area: Area, *, person: Person, on: datetime.date) -> list[Series]:
    """Return the active indicators of an area, those off their path first."""
    indicators = active_indicators(area.campaign, person=person, on=on, area=area)
    standings = standings_against_path(indicators, on)
    pictures = pictures_of(indicators, person=person, on=on)
    lines = [Series(one, standings.get(one.pk), pictures.get(one.pk)) for one in indicators]
    return sorted(lines, key=lambda line: line.standing is None or line.standing.is_on_path)
