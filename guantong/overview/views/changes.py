"""The ledger as a page: entries newest first, each leading to its record; the last checkpoint."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from guantong.campaigns.models import Campaign
from guantong.campaigns.requests import CampaignRequest
from guantong.kit.paging import UnknownPage, sealed, unsealed
from guantong.ledger.keeping import until_the_next_entry
from guantong.ledger.queries import codes, label_of, latest_checkpoint
from guantong.overview.queries import sees_all, visible_entries
from guantong.people.models import Appointment, Deputyship, Person
from guantong.records.models import Record
from guantong.records.registry import kinds
from guantong.records.views.rows import record_url
from guantong.units.models import ParentPeriod, Unit
from guantong.units.sheets import units_named

# What belongs to no record and says by its name what was done to it; their kinds in the ledger.
BESIDE: dict[str, Any] = {
    model._meta.model_name or "": model
    for model in (Unit, ParentPeriod, Person, Appointment, Deputyship, Campaign)
}


@dataclass(frozen=True)
class EntryLine:
    """One entry in a list: when, who, what, on which record."""

    entry: Any
    label: str
    actor: str
    reference: str
    title: str
    url: str | None
    others: int = 0

    @property
    def is_of_other_day(self) -> bool:
        """Whether it was entered on another day than that on which it counts."""
        return bool(timezone.localtime(self.entry.recorded_at).date() != self.entry.effective_on)


def by_operation(entries: Sequence[Any], *, size: int) -> list[tuple[Any, int]]:
    """Keep one entry for each operation, with how many other records it touched.

    Of an operation's entries the one about a record itself says most; links follow from it.
    """
    groups: dict[UUID, list[Any]] = {}
    for entry in entries:
        groups.setdefault(entry.operation, []).append(entry)
    names = {kind.name for kind in kinds()}
    kept = []
    for group in list(groups.values())[:size]:
        telling = next((entry for entry in group if entry.subject_kind in names), group[0])
        touched = {entry.record for entry in group if entry.record is not None}
        kept.append((telling, max(len(touched) - 1, 0)))
    return kept


def lines_of(
    entries: Sequence[Any], *, campaign: Campaign, person: Person, on: datetime.date
) -> list[EntryLine]:
    """Name the actors and records of entries, in one query for each."""
    people = Person.objects.in_bulk({e.actor for e in entries if e.actor is not None})
    named = _named_beside(entries)
    visible = Record.objects.visible_to(person, on, is_few=True).filter(campaign=campaign)
    records = visible.only("reference", "title").in_bulk(
        {e.record for e in entries if e.record is not None}
    )
    return [
        EntryLine(
            entry=entry,
            label=label_of(entry.code),
            actor=str(people.get(entry.actor, "")),
            reference=record.reference if (record := records.get(entry.record)) else "",
            title=record.title if record else named.get((entry.subject_kind, entry.subject_id), ""),
            url=record_url(record.pk) if record else None,
        )
        for entry in entries
    ]


def _named_beside(entries: Sequence[Any]) -> dict[tuple[str, int], str]:
    """Name what entries are about that is no record: whom somebody appointed, which unit moved."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        is_oneself = entry.subject_kind == "person" and entry.subject_id == entry.actor
        if entry.record is None and entry.subject_kind in BESIDE and not is_oneself:
            wanted.setdefault(entry.subject_kind, set()).add(entry.subject_id)
    return {
        (kind, thing.pk): str(thing.unit if kind == "parentperiod" else thing)
        for kind, ids in wanted.items()
        for thing in BESIDE[kind].objects.select_related().filter(pk__in=ids)
    }


def recent(*, campaign: Campaign, person: Person, on: datetime.date, size: int) -> list[EntryLine]:
    """Return the last operations that the person may see something of."""
    question = ("recent", campaign.pk, person.pk, on, size, get_language())
    return until_the_next_entry(question, lambda: _recent(campaign, person, on, size))


def _recent(campaign: Campaign, person: Person, on: datetime.date, size: int) -> list[EntryLine]:
    page = visible_entries(campaign=campaign, person=person, on=on, size=size * 10)
    kept = by_operation(page.entries, size=size)
    lines = lines_of([entry for entry, _n in kept], campaign=campaign, person=person, on=on)
    return [replace(line, others=n) for line, (_entry, n) in zip(lines, kept, strict=True)]


def ledger(request: CampaignRequest) -> HttpResponse:
    """Show the entries of what the person may see; the chip filters are in the address."""
    campaign = request.campaign
    if campaign is None:
        raise Http404
    code, unit_said = request.GET.get("code", ""), request.GET.get("unit", "").strip()
    before = request.GET.get("before", "")
    try:
        last = unsealed(before) if before else None
    except UnknownPage as error:
        raise Http404 from error
    named = units_named({unit_said}).get(unit_said, []) if unit_said else []
    unit = named[0] if len(named) == 1 else None
    page = visible_entries(
        campaign=campaign,
        person=request.user,
        on=request.today,
        before=last,
        code=code,
        unit=unit,
    )
    query = request.GET.copy()
    if page.before is not None:
        query["before"] = sealed(page.before)
    return render(
        request,
        "overview/ledger.html",
        {
            "lines": lines_of(
                page.entries, campaign=campaign, person=request.user, on=request.today
            ),
            "codes": sorted(codes().items(), key=lambda pair: pair[1]),
            "code": code,
            "unit_said": unit_said,
            "unit_lacks": unit_said and unit is None,
            "checkpoint": latest_checkpoint(),
            "is_numbered": sees_all(campaign=campaign, person=request.user, on=request.today),
            "pages": {
                "first_url": "?" if before else None,
                "next_url": f"?{query.urlencode()}" if page.before is not None else None,
            },
        },
    )
