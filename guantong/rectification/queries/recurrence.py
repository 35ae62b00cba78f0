"""Finds similar open problems of several units (rule 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from guantong.campaigns.models import Campaign
from guantong.records.models import Link, LinkKind, Record
from guantong.rectification.models import Problem
from guantong.rectification.rules import (
    PROBLEM,
    PROPOSAL,
    fresh_groups,
    lowest_common,
    recurring,
)
from guantong.units.models import Unit


@dataclass(frozen=True)
class Recurrence:
    """Similar problems of several units, and the lowest unit over all of these."""

    problems: list[Problem]
    unit: Unit


def recurrences(campaign: Campaign) -> list[Recurrence]:
    """Return the similar open problems that recur in enough units and weren't proposed before.

    Restricted ones are left out, since whoever decides on the whole may not see them.
    """
    rows = (
        Problem.objects.filter(
            record__campaign=campaign,
            record__state__in=PROBLEM.open_states,
            record__is_restricted=False,
            is_systemic=False,
        )
        .order_by("pk")
        .values_list("pk", "record__unit", "record__unit__path", "record__title", "description")
    )
    ids, units, paths, titles, texts = zip(*rows, strict=True) if rows else ((),) * 5
    # Imported where texts are compared: what compares them takes as long to load as all the rest.
    from guantong.rectification.likeness import leads_of

    leads = leads_of(
        [f"{title}\n{text}" for title, text in zip(titles, texts, strict=True)],
        least=campaign.threshold("systemic_likeness_percent") / 100,
    )
    least = campaign.threshold("systemic_problem_units")
    before = proposed_before(campaign)
    known = {number for number, pk in enumerate(ids) if pk in before}
    groups = fresh_groups(recurring(leads, units, least=least), known, units, least=least)
    over = {tuple(group): lowest_common(paths[n] for n in group) for group in groups}
    tops = {unit.path: unit for unit in Unit.objects.filter(path__in=set(over.values()))}
    problems = Problem.objects.select_related("record__unit", "record__area").in_bulk(
        [ids[n] for group in groups for n in group]
    )
    return [
        Recurrence([problems[ids[n]] for n in group], tops[path])
        for group, path in over.items()
        if path in tops
    ]


def proposed_before(campaign: Campaign) -> set[int]:
    """The problems of a campaign that are behind a proposal already, by their ids."""
    links = Link.objects.filter(
        target__campaign=campaign, target__kind=PROPOSAL.kind, kind=LinkKind.RELATED
    )
    return set(links.values_list("source", flat=True))


def likened_of(proposal_ids: Iterable[int]) -> dict[int, list[Record]]:
    """Return the similar problems behind each proposal, in official unit order."""
    links = Link.objects.filter(
        target__in=list(proposal_ids), source__kind=PROBLEM.kind, kind=LinkKind.RELATED
    )
    found: dict[int, list[Record]] = defaultdict(list)
    for link in links.select_related("source__unit").order_by("source__unit__path", "source"):
        found[link.target_id].append(link.source)
    return found
