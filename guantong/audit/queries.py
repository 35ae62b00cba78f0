"""Reads about audit: what a query is about, and which samples a person may see."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from guantong.campaigns.models import Campaign
from guantong.people.models import Person
from guantong.people.rules import AUDITOR, COORDINATOR, holds
from guantong.records.models import Draw, LinkKind, Purpose, Record
from guantong.records.queries import linked


def is_auditor(person: Person, path: str, on: datetime.date) -> bool:
    """Whether `person` audits the unit at `path` on the day."""
    return holds(person.grants(on), [AUDITOR], path)


def subjects_of_queries(ids: Iterable[int]) -> dict[int, Record]:
    """Return the record that each query is about."""
    found = linked(ids, LinkKind.QUERIED_BY, upstream=True)
    records = Record.objects.in_bulk({sources[0] for sources in found.values()})
    return {one: records[sources[0]] for one, sources in found.items()}


def samples_seen_by(person: Person, *, campaign: Campaign, on: datetime.date) -> Any:
    """Return the campaign's samples, newest first; an auditor's are for auditors, coordinators."""
    samples = Draw.objects.filter(campaign=campaign).select_related("campaign", "drawn_by")
    if not holds(person.grants(on), [AUDITOR, COORDINATOR], campaign.unit.path):
        samples = samples.filter(purpose=Purpose.REVISIT)
    return samples.order_by("-pk")
