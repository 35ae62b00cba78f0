"""The places, sectors and sites of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from guantong.demonstration.building.stage import Stage
from guantong.industry.models import Place, Sector, Site, SiteKind
from guantong.industry.operations import (
    DivisionDraft,
    SiteDraft,
    register_places,
    register_sectors,
    register_sites,
)

# The first five sectors are those whose lead companies the leaders visit.
LED_SECTORS = 5
LEADS_A_SECTOR = 3


@dataclass(frozen=True)
class Field:
    """Where one can go: the sites, and the lead companies of each sector."""

    sectors: list[Sector]
    sites: list[Site]
    leads: dict[int, list[Site]]
    places: dict[str, Place]


def lay_out(stage: Stage) -> Field:
    """Register sectors, places and sites: enterprises, their works, a few parks."""
    words, size, now = stage.pen.words, stage.size, stage.now
    actor = stage.cast.coordinators[0]
    sectors = register_sectors(
        drafts=[DivisionDraft(code, name) for code, name, _lines in words.sectors],
        actor=actor,
        now=now,
    )
    drafts = []
    for number, name in enumerate(words.provinces, 1):
        drafts.append(DivisionDraft(f"R{number:02}", name))
        city = words.cities.format(province=name)
        drafts.append(DivisionDraft(f"R{number:02}-1", city, parent=f"R{number:02}"))
    places = {place.code: place for place in register_places(drafts=drafts, actor=actor, now=now)}
    cities = [places[f"R{number:02}-1"] for number in range(1, len(words.provinces) + 1)]
    most = min(len(words.brands) * 3 * len(sectors), size.sites * 8 // 10)
    enterprises = register_sites(
        drafts=[_enterprise(stage, n, sectors, cities) for n in range(most)], actor=actor, now=now
    )
    parks = max(4, size.sites // 40)
    rest = register_sites(
        drafts=[
            *(_works(stage, n, enterprises, cities) for n in range(size.sites - most - parks)),
            *(_park(stage, n, cities) for n in range(parks)),
        ],
        actor=actor,
        now=now,
    )
    leads: dict[int, list[Site]] = {}
    for site in enterprises:
        if site.is_lead:
            leads.setdefault(site.sector_id or 0, []).append(site)
    by_name = {place.name: place for place in places.values()}
    return Field(sectors, [*enterprises, *rest], leads, by_name)


def _enterprise(stage: Stage, number: int, sectors: list[Sector], cities: list[Place]) -> SiteDraft:
    words = stage.pen.words
    sector, rest = number % len(sectors), number // len(sectors)
    line = words.sectors[sector][2][rest % 3]
    brand = words.brands[(rest // 3 + sector * 5) % len(words.brands)]
    is_lead = rest < LEADS_A_SECTOR
    form = words.lead_enterprise if is_lead else words.enterprise
    return SiteDraft(
        name=form.format(brand=brand, line=line),
        code=f"E{number + 1:04}",
        sector=sectors[sector],
        place=cities[number % len(cities)],
        is_lead=is_lead,
    )


def _works(stage: Stage, number: int, enterprises: list[Site], cities: list[Place]) -> SiteDraft:
    parent = enterprises[number % len(enterprises)]
    city = cities[(number * 7 + 3) % len(cities)]
    return SiteDraft(
        name=stage.pen.words.works.format(enterprise=parent.name, city=city.name),
        code=f"W{number + 1:04}",
        kind=SiteKind.PLANT,
        sector=parent.sector,
        place=city,
        parent=parent,
    )


def _park(stage: Stage, number: int, cities: list[Place]) -> SiteDraft:
    city = cities[number % len(cities)]
    return SiteDraft(
        name=stage.pen.words.park.format(city=city.name),
        code=f"K{number + 1:04}",
        kind=SiteKind.PARK,
        place=city,
    )
