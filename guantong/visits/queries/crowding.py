"""Reads of what visits crowd, as far as somebody may know of it (rule 5)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.industry.models import Site
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.visits.models import Visit
from guantong.visits.queries.saying import refusal_of, sentences_of
from guantong.visits.rules import (
    CLEARED,
    DRAFT,
    LEVELS,
    SPANS,
    TAKING_PLACE,
    Diary,
    Excess,
    Limits,
    Stay,
    admit,
    reach,
    spots_of,
)
from guantong.visits.rules.crowding import LevelLimits

# How many visits a sentence names.
NAMED = 5
StayRow = tuple[int, int, int | None, int | None, datetime.date, datetime.date]
STAY = ("pk", "site", "site__parent", "site__place", "starts_on", "ends_on")


def limits_of(campaign: Campaign) -> LevelLimits:
    """Return how many visits crowd a site, what it belongs to, and a place, in the campaign."""
    return {
        level: Limits(*(campaign.threshold(f"{level}_visits_a_{span}") for span in SPANS))
        for level in LEVELS
    }


def wholes(site_ids: Iterable[int]) -> set[int]:
    """Return those of the sites to which others belong."""
    return set(
        Site.objects.filter(parts__isnull=False, pk__in=set(site_ids)).values_list("pk", flat=True)
    )


def stays_at(
    visits: Iterable[tuple[int | None, Site, datetime.date, datetime.date]],
) -> list[Stay]:
    """Return the stays of visits that are to be made: (id, site, first day, last day)."""
    visits = list(visits)
    with_parts = wholes(site.pk for _pk, site, _first, _last in visits)
    return [
        Stay(
            pk,
            tuple(
                spots_of(site.pk, site.parent_id, site.place_id, has_parts=site.pk in with_parts)
            ),
            first,
            last,
        )
        for pk, site, first, last in visits
    ]


def stays_of(visits: Sequence[Visit]) -> list[Stay]:
    return stays_at((v.pk, v.site, v.starts_on, v.ends_on) for v in visits)


def known_to(viewer: Person | None, on: datetime.date) -> Q:
    """Return the condition on Visit for what counts before `viewer` (rule 5).

    An unannounced visit counts for its team and the coordinators only, until it is made; so what
    everybody else sees tells nothing of it. None is the public count, by which visits clear.
    """
    announced = Q(record__is_hidden=False)
    if viewer is None:
        return announced
    hidden = Record.objects.filter(kind="visit", is_hidden=True).visible_to(viewer, on)
    return announced | Q(record__in=hidden.values("pk"))


def read_stays(rows: Iterable[StayRow]) -> list[Stay]:
    """Return stays from rows of `STAY`."""
    rows = list(rows)
    with_parts = wholes(row[1] for row in rows)
    return [
        Stay(pk, tuple(spots_of(site, parent, place, has_parts=site in with_parts)), first, last)
        for pk, site, parent, place, first, last in rows
    ]


def taken(
    wanted: Iterable[Stay], *, campaign: Campaign, viewer: Person | None, on: datetime.date
) -> list[Stay]:
    """Return the stays that crowd the same spots in the weeks and months touched."""
    stays = list(wanted)
    if not stays:
        return []
    first, last = reach(stays)
    keys: dict[str, set[int]] = defaultdict(set)
    for stay in stays:
        for spot in stay.spots:
            keys[spot.level].add(spot.key)
    near = Site.objects.filter(
        Q(pk__in=keys["site"] | keys["parent"])
        | Q(parent__in=keys["parent"])
        | Q(place__in=keys["place"])
    )
    rows = Visit.objects.filter(
        known_to(viewer, on),
        site__in=near.values("pk"),
        starts_on__lte=last,
        ends_on__gte=first,
        record__campaign=campaign,
        record__state__in=TAKING_PLACE,
    )
    return read_stays(rows.values_list(*STAY))


def excesses_of(visits: Sequence[Visit], *, on: datetime.date) -> dict[int, list[Excess]]:
    """Return by id what each of these visits of one campaign would crowd, admitted in order.

    By what everybody may know, whoever asks: a visit that stood still though there is room would
    tell of another that is unannounced.
    """
    if not visits:
        return {}
    campaign = visits[0].record.campaign
    wanted = stays_of(visits)
    there = taken(wanted, campaign=campaign, viewer=None, on=on)
    mine = {stay.visit for stay in wanted}
    others = [stay for stay in there if stay.visit not in mine]
    unseen = {visit.pk for visit in visits if visit.record.is_hidden}
    found = admit(wanted, others, limits_of(campaign), unseen=unseen)
    return {visit.pk: found[visit.pk] for visit in visits}


@dataclass(frozen=True)
class Crowding:
    """What one more visit to a site on some days would meet, as far as its viewer may know.

    `visits` are the other visits to the site in these weeks and months that the viewer may see
    (all that everybody may, where there is no viewer), planned or made; `joinable` those of them
    that are still ahead.
    """

    site: Site
    excesses: Sequence[Excess]
    visits: Sequence[Visit]
    joinable: Sequence[Visit]

    @property
    def is_crowded(self) -> bool:
        return bool(self.excesses)


def crowding(
    *,
    site: Site,
    first: datetime.date,
    last: datetime.date,
    campaign: Campaign,
    viewer: Person | None,
    on: datetime.date,
    besides: int | None = None,
) -> Crowding:
    """Return what a visit from `first` to `last` would crowd, `besides` being that visit itself."""
    [stay] = stays_at([(besides, site, first, last)])
    there = taken([stay], campaign=campaign, viewer=viewer, on=on)
    others = Diary(one for one in there if one.visit != besides)
    start, end = reach([stay])
    records = Record.objects.filter(kind="visit", campaign=campaign)
    seen = (
        records.filter(is_hidden=False, is_restricted=False)
        if viewer is None
        else records.visible_to(viewer, on)
    )
    visits = list(
        Visit.objects.filter(site=site, starts_on__lte=end, ends_on__gte=start)
        .filter(record__in=seen.values("pk"), record__state__in=(DRAFT, *TAKING_PLACE))
        .exclude(pk=besides)
        .select_related("record__unit", "record__owner", "site")
        .order_by("starts_on", "pk")
    )
    excesses = others.excesses(stay, limits_of(campaign))
    return Crowding(site, excesses, visits, [v for v in visits if can_be_joined(v, on)])


def warnings(found: Crowding) -> list[str]:
    """Say in sentences what is crowded, and which visits could be joined instead."""
    sentences = sentences_of(found.excesses)
    references = [v.record.reference for v in found.joinable if v.record.reference]
    if sentences and references:
        sentences.append(
            _("Could you join one of these instead: %(visits)s?")
            % {"visits": _(", ").join(references[:NAMED])}
        )
    return sentences


def can_be_joined(visit: Visit, on: datetime.date) -> bool:
    """Whether another team can still join: it is ahead, and everybody may know of it."""
    is_ahead = visit.ends_on >= on and visit.record.state in (DRAFT, CLEARED)
    return is_ahead and not visit.record.is_hidden


def without_room(visits: Sequence[Visit]) -> dict[int, str]:
    """Return a sentence for each visit that everybody's count keeps from clearing itself."""
    found: dict[int, str] = {}
    by_campaign: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_campaign[visit.record.campaign_id].append(visit)
    for group in by_campaign.values():
        campaign = group[0].record.campaign
        limits = limits_of(campaign)
        stays = stays_of(group)
        diary = Diary(taken(stays, campaign=campaign, viewer=None, on=campaign.starts_on))
        crowded = {
            visit.pk: excesses
            for visit, stay in zip(group, stays, strict=True)
            if (excesses := diary.excesses(stay, limits))
        }
        found |= refusal_of(crowded)
    return found
