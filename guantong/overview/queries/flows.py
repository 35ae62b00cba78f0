"""How many records of each kind came from those of another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet

from guantong.campaigns.models import Campaign
from guantong.figures.scope import Scope
from guantong.records.models import Link, LinkQuerySet
from guantong.records.registry import kinds
from guantong.records.visibility import visibility

# What is kept is compared each time with what there is; anew from time to time all the same.
SECONDS = 3600
Pair = tuple[str, str]  # the kind at the source, the kind at the target


@dataclass
class Folded:
    """What the links up to `last` come to, and how many of them there were."""

    last: int = 0
    links: int = 0
    counts: Counter[Pair] = field(default_factory=Counter)


def flows_of(scope: Scope) -> Mapping[Pair, int]:
    """Count, for each two kinds, the targets within the scope of links between them."""
    told = _links(scope.campaign).told_to(scope.viewer, scope.today)
    if scope.only:
        return _counted(told.filter(_within(scope)))
    is_whole = scope.is_today and scope.unit is None and scope.area is None
    if is_whole and visibility(scope.viewer, scope.today) == Q():
        return all_flows(scope.campaign)
    seen = scope.records().order_by().values("pk")
    return _counted(told.filter(target__in=seen))


def _links(campaign: Campaign) -> LinkQuerySet:
    return Link.objects.filter(source__campaign=campaign, target__campaign=campaign).order_by()


def _within(scope: Scope) -> Q:
    """The condition that a link's target is within a narrowed scope, as its list tells it."""
    within = Q(pk__in=[])
    for kind in kinds():
        if set(scope.only) <= set(kind.filters):
            paths = {f"target__{kind.filters[n][1]}__code": key for n, key in scope.only.items()}
            within |= Q(target__kind=kind.name, **paths)
    return within & Q(target__in=scope.records().order_by().values("pk"))


def _counted(links: QuerySet[Link]) -> Counter[Pair]:
    rows = links.values_list("source__kind", "target__kind")
    counted = rows.annotate(Count("target", distinct=True))
    return Counter({(source, target): count for source, target, count in counted})


def all_flows(campaign: Campaign) -> Counter[Pair]:
    """Count all links of the campaign: what was counted before, and those that have come since.

    Links are made and removed, never changed, and records keep their kinds; so as long as there
    are as many links up to the last one that was counted, those are the same.
    """
    key, links = f"flows:{campaign.pk}", _links(campaign)
    kept: Folded = cache.get(key) or Folded()
    # How many links there are at all SQLite knows without looking, unlike how many up to one.
    links_now, new = Link.objects.count(), _links_after(kept.last)
    if links_now - new["links"] != kept.links:
        kept, new = Folded(), _links_after(0)
    if new["links"]:
        here = links.filter(pk__lte=new["last"])
        counts = _counted(here) if not kept.last else kept.counts + _further(here, kept.last)
        kept = Folded(new["last"], kept.links + new["links"], counts)
        cache.set(key, kept, SECONDS)
    return kept.counts


def _links_after(last: int) -> dict[str, int]:
    return Link.objects.filter(pk__gt=last).aggregate(links=Count("pk"), last=Max("pk"))


def _further(links: QuerySet[Link], last: int) -> Counter[Pair]:
    """Count the targets of links after `last` to which none of the same kinds led before."""
    pairs: dict[Pair, set[int]] = defaultdict(set)
    columns: Any = ("source__kind", "target__kind", "target")
    for source, kind, target in links.filter(pk__gt=last).values_list(*columns):
        pairs[source, kind].add(target)
    targets = set().union(*pairs.values())
    before = links.filter(pk__lte=last, target__in=targets).values_list(*columns).distinct()
    for source, kind, target in before:
        pairs[source, kind].discard(target)
    return Counter({pair: len(targets) for pair, targets in pairs.items()})
