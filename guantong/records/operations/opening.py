"""Records come to be: their references, first states and entries."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.operations import Writing
from guantong.ledger.storing import insert_values
from guantong.people.models import Person
from guantong.people.operations import note_deputies
from guantong.people.rules import COORDINATOR, HEAD, INSPECTOR, LIAISON, RESEARCHER, ROLES, holds
from guantong.records.models import Record, ReferenceCounter, StatePeriod
from guantong.records.refusals import ClosedCampaign, Refusal, Refused, closed_refusals
from guantong.records.registry import kind_of
from guantong.units.rules import covers

# Whoever holds one of these roles over a unit enters something for it.
ENTERING = frozenset({COORDINATOR, HEAD, INSPECTOR, LIAISON, RESEARCHER})


def open_records(
    writing: Writing,
    details: Sequence[Any],
    *,
    code: str,
    reason: str = "",
    several: Sequence[Mapping[str, Iterable[Any]]] = (),
) -> None:
    """Create records of one kind with their references, first states and entries.

    `details` are unsaved rows of one strand's model, each with its unsaved `record`; hidden ones
    take no reference, and no id from among those of the others, whose numbering would show a gap
    (rule 5). Each takes effect on the day that it is entered on. `several` gives for each what
    those of its fields name that name several things.
    """
    if not details:
        return
    records = [detail.record for detail in details]
    closed = closed_refusals(records)
    if closed:
        raise ClosedCampaign(list(closed.values()))
    give_references([record for record in records if not record.is_hidden])
    number_apart([record for record in records if record.is_hidden])
    for record in records:
        if record.original_due_on is None:
            record.original_due_on = record.due_on
    writing.create(
        details,
        code=code,
        reason=reason,
        effective_on=lambda detail: detail.record.opened_on,
        several=several,
    )
    insert_values(
        StatePeriod,
        ("record", "state", "starts_on", "by"),
        [(record.pk, record.state, record.opened_on, record.author_id) for record in records],
    )
    for author in {record.author for record in records if record.author is not None}:
        _note_deputy(writing, [r for r in records if r.author == author], author)


def _note_deputy(writing: Writing, records: Sequence[Record], author: Person) -> None:
    """Enter for whom the author entered records over whose units they hold no role of their own."""
    today = records[0].campaign.day_of(writing.now)
    if len(author.stands_for(today)) == 1:
        return
    grants = sorted(author.grants(today), key=lambda grant: (grant.of is not None, grant.of))
    acting = {}
    for record in records:
        over = (g.of for g in grants if g.role in ENTERING and covers(g.path, record.unit.path))
        absent = next(over, None)
        if absent is not None:
            acting[record.pk] = absent
    note_deputies(writing, acted_for=acting, deputy=author, on=today)


def number_apart(records: Sequence[Record]) -> None:
    """Give records ids of their own, below zero, which tell nothing of how many there are.

    By what they say and not by chance, so that a demonstration is built the same way twice.
    """
    for record in records:
        said = (record.campaign_id, record.unit_id, record.kind, record.title, record.opened_on)
        for attempt in count():
            digest = hashlib.sha256(repr((said, attempt)).encode()).digest()
            record.pk = -1 - int.from_bytes(digest[:6])
            if not any(record.pk == one.pk for one in records if one is not record) and (
                not Record.objects.filter(pk=record.pk).exists()
            ):
                break


def check_may_enter(
    records: Sequence[Record],
    *,
    actor: Person | None,
    roles: Iterable[str],
    today: datetime.date,
    error: type[Refused],
) -> None:
    """Refuse records that `actor` has no say to enter: none of `roles` over the record's unit."""
    if actor is None:
        return
    wanted = list(roles)
    grants = actor.grants(today)
    may = {path: holds(grants, wanted, path) for path in {r.unit.path for r in records}}
    who = _(" or ").join(_(ROLES[role]) for role in wanted)
    refused = [
        Refusal(
            record,
            _("Only somebody with the role %(who)s over %(unit)s enters this here.")
            % {"who": who, "unit": record.unit},
        )
        for record in records
        if not may[record.unit.path]
    ]
    if refused:
        raise error(refused)


def give_references(records: Sequence[Record]) -> None:
    """Number records in the order given, per campaign and kind; numbers are never used again."""
    counts = Counter((r.campaign_id, r.kind) for r in records)
    nexts = {}
    for (campaign_id, name), number in sorted(counts.items()):
        ReferenceCounter.objects.get_or_create(campaign_id=campaign_id, kind=name)
        counter = ReferenceCounter.objects.select_for_update().get(
            campaign_id=campaign_id, kind=name
        )
        nexts[campaign_id, name] = counter.last
        counter.last += number
        counter.save(update_fields=["last"])
    for record in records:
        nexts[record.campaign_id, record.kind] += 1
        number = nexts[record.campaign_id, record.kind]
        record.reference = f"{kind_of(record.kind).prefix}-{number:04d}"
