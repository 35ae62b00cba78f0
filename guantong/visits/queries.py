"""Reads of visits: what crowds a site, what is said of it, and what was never visited."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.industry.models import Site
from guantong.people.models import Person
from guantong.records.models import Link, Part, Participant, Record
from guantong.visits.models import Visit
from guantong.visits.rules import (
    OCCASIONS,
    TAKING_PLACE,
    Diary,
    Excess,
    Limits,
    Stay,
    admit,
    end_of,
    reach,
)


def limits_of(campaign: Campaign) -> Limits:
    """Return how many visits a site may have in the campaign before it is crowded."""
    return Limits(
        campaign.threshold("site_visits_a_day"),
        campaign.threshold("site_visits_a_week"),
        campaign.threshold("site_visits_a_month"),
    )


def stay_of(visit: Visit) -> Stay:
    return Stay(visit.pk, visit.site_id, visit.starts_on, visit.ends_on)


def known_to(viewer: Person | None, on: datetime.date) -> Q:
    """Return the condition on Visit for what counts before `viewer` (rule 5).

    An unannounced visit counts for its team and the coordinators only, until it is made; so what
    everybody else sees tells nothing of it. None is the public count.
    """
    announced = Q(record__is_hidden=False)
    if viewer is None:
        return announced
    hidden = Record.objects.filter(kind="visit", is_hidden=True).visible_to(viewer, on)
    return announced | Q(record__in=hidden.values("pk"))


def taken(
    wanted: Iterable[Stay], *, campaign: Campaign, viewer: Person | None, on: datetime.date
) -> list[Stay]:
    """Return the stays at the wanted sites that take place in the weeks and months touched."""
    stays = list(wanted)
    if not stays:
        return []
    first, last = reach(stays)
    rows = Visit.objects.filter(
        known_to(viewer, on),
        site__in={stay.site for stay in stays},
        starts_on__lte=last,
        ends_on__gte=first,
        record__campaign=campaign,
        record__state__in=TAKING_PLACE,
    )
    return [Stay(*row) for row in rows.values_list("pk", "site_id", "starts_on", "ends_on")]


def excesses_of(
    visits: Sequence[Visit], *, viewer: Person | None, on: datetime.date
) -> dict[int, list[Excess]]:
    """Return by id what each of these visits of one campaign would crowd, admitted in order."""
    if not visits:
        return {}
    campaign = visits[0].record.campaign
    wanted = [stay_of(visit) for visit in visits]
    there = taken(wanted, campaign=campaign, viewer=viewer, on=on)
    mine = {stay.visit for stay in wanted}
    others = [stay for stay in there if stay.visit not in mine]
    found = admit(wanted, others, limits_of(campaign))
    return {visit.pk: found[visit.pk] for visit in visits}


@dataclass(frozen=True)
class Crowding:
    """What one more visit to a site on some days would meet, as far as its viewer may know.

    `visits` are those of them that the viewer may see, to join one instead.
    """

    site: Site
    excesses: Sequence[Excess]
    visits: Sequence[Visit]

    @property
    def is_crowded(self) -> bool:
        return bool(self.excesses)


def crowding(
    *,
    site: Site,
    first: datetime.date,
    last: datetime.date,
    campaign: Campaign,
    viewer: Person,
    on: datetime.date,
    besides: int | None = None,
) -> Crowding:
    """Return what a visit from `first` to `last` would crowd, `besides` being that visit itself."""
    stay = Stay(besides, site.pk, first, last)
    there = taken([stay], campaign=campaign, viewer=viewer, on=on)
    others = Diary(one for one in there if one.visit != besides)
    start, end = reach([stay])
    visible = Record.objects.visible_to(viewer, on).filter(kind="visit")
    visits = (
        Visit.objects.filter(pk__in=[one.visit for one in there if one.visit != besides])
        .filter(starts_on__lte=end, ends_on__gte=start, record__in=visible.values("pk"))
        .select_related("record__unit")
        .order_by("starts_on", "pk")
    )
    return Crowding(site, others.excesses(stay, limits_of(campaign)), list(visits))


def warnings(found: Crowding) -> list[str]:
    """Say in sentences what is crowded, and which visits could be joined instead."""
    sentences = [sentence_of(excess, found.site) for excess in found.excesses]
    references = [v.record.reference for v in found.visits if v.record.reference]
    if sentences and references:
        sentences.append(
            _("Could you join one of these instead: %(visits)s?")
            % {"visits": _(", ").join(references[:5])}
        )
    return sentences


def sentence_of(excess: Excess, site: Site) -> str:
    """Say when a site would have how many visits, and how many are the limit."""
    values = {
        "site": site,
        "count": excess.count,
        "limit": excess.limit,
        "first": excess.first.isoformat(),
        "last": end_of(excess.span, excess.first).isoformat(),
    }
    if excess.span == "day":
        return (
            _("%(site)s would have %(count)s visits on %(first)s; the limit is %(limit)s.") % values
        )
    return (
        _(
            "%(site)s would have %(count)s visits from %(first)s to %(last)s; "
            "the limit is %(limit)s."
        )
        % values
    )


def refusal_of(excesses: Sequence[Excess], site: Site) -> str:
    """Say why a visit doesn't clear itself, and what would make it possible."""
    return _("%(crowding)s Move it, join another visit, or ask the coordinator to clear it.") % {
        "crowding": " ".join(sentence_of(excess, site) for excess in excesses[:3])
    }


def without_room(visits: Sequence[Visit]) -> dict[int, str]:
    """Return a sentence for each visit that everybody's count keeps from clearing itself."""
    found: dict[int, str] = {}
    by_campaign: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_campaign[visit.record.campaign_id].append(visit)
    for group in by_campaign.values():
        campaign = group[0].record.campaign
        limits = limits_of(campaign)
        stays = [stay_of(visit) for visit in group]
        diary = Diary(taken(stays, campaign=campaign, viewer=None, on=campaign.starts_on))
        for visit, stay in zip(group, stays, strict=True):
            excesses = diary.excesses(stay, limits)
            if excesses:
                found[visit.pk] = refusal_of(excesses, visit.site)
    return found


def without_occasion(visits: Sequence[Visit]) -> dict[int, str]:
    """Return a sentence for each visit that no project or other occasion led to."""
    links = Link.objects.filter(
        target__in=[visit.pk for visit in visits],
        kind__in=set(OCCASIONS.values()),
        source__kind__in=OCCASIONS,
    )
    led_to = set(links.values_list("target_id", flat=True))
    sentence = _("A visit has an occasion: link it from the project that it is made for.")
    return {visit.pk: sentence for visit in visits if visit.pk not in led_to}


def teams_of(record_ids: Collection[int]) -> dict[int, list[Person]]:
    """Return the team of each record, in the order in which its members were named."""
    found: dict[int, list[Person]] = {record_id: [] for record_id in record_ids}
    parts = Participant.objects.filter(record__in=found, part=Part.RESEARCHER)
    for part in parts.select_related("person").order_by("pk"):
        found[part.record_id].append(part.person)
    return found


def visits_named(
    references: Collection[str], *, viewer: Person | None, campaign: Campaign, on: datetime.date
) -> Mapping[str, list[Visit]]:
    """Return for each reference the visit of the campaign that has it, as far as viewers see."""
    visits = Visit.objects.filter(
        record__campaign=campaign, record__reference__in=[r for r in references if r]
    ).select_related("record__unit", "record__campaign", "site")
    if viewer is not None:
        visible = Record.objects.visible_to(viewer, on).filter(kind="visit")
        visits = visits.filter(record__in=visible.values("pk"))
    return {visit.record.reference: [visit] for visit in visits}
