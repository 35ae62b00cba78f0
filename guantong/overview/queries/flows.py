"""How many records of each kind came from those of another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from guantong.campaigns.models import Campaign
from guantong.figures.scope import Scope
from guantong.overview.queries.folding import counted, folded
from guantong.records.models import Link, LinkQuerySet
from guantong.records.registry import kinds

Pair = tuple[Any, ...]  # the kind at the source, the kind at the target
KINDS = ("source__kind", "target__kind")


def flows_of(scope: Scope) -> Mapping[Pair, int]:
    """Count, for each two kinds, the targets within the scope of links between them."""
    told = _links(scope.campaign).but_for_restricted(scope.restricted)
    if scope.only:
        return counted(told.filter(_within(scope)), KINDS, "target")
    if scope.is_of_all:
        return all_flows(scope.campaign)
    seen = scope.records().order_by().values("pk")
    return counted(told.filter(target__in=seen), KINDS, "target")


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


def all_flows(campaign: Campaign) -> Counter[Pair]:
    """Count all links of the campaign: they are made and removed, and records keep their kinds."""
    key = f"flows:{campaign.pk}"
    return folded(key, Link.objects.all(), _links(campaign), KINDS, "target")
