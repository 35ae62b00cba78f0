"""The sites that a project wants to see, before all others where a visit for it is planned."""

from __future__ import annotations

import datetime

from django.db.models import Q

from guantong.campaigns.models import Campaign
from guantong.industry.models import Site
from guantong.kit.sheets.offering import MOST, Offers, by_name_or_code, offers_of
from guantong.people.models import Person
from guantong.records.models import Record


def sites_wanted(
    reference: str, *, campaign: Campaign | None, person: Person, on: datetime.date
) -> list[Site]:
    """Return the register's sites that the project so called wants, if the person sees it."""
    seen = Record.objects.visible_to(person, on, is_few=True).filter(
        campaign=campaign, kind="project", reference=reference.upper()
    )
    return list(Site.objects.filter(projects__record__in=seen.values("pk")).order_by("pk"))


def offered_first(wanted: list[Site], words: str) -> Offers:
    """Give up to 20 sites that `words` may mean: those wanted, then the others."""
    first = Site.objects.filter(pk__in=[site.pk for site in wanted]).order_by("pk")
    if words:
        first = first.filter(Q(name__icontains=words) | Q(code__istartswith=words))
    others = Site.objects.exclude(pk__in=[site.pk for site in wanted]).order_by("pk")
    return [*offers_of(list(first)), *by_name_or_code(others, words)][:MOST]
