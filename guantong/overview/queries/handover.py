"""What a person answers for, and what waits for a successor since theirs left (rule 11)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from guantong.campaigns.models import Campaign
from guantong.people.models import Appointment, Person
from guantong.records.models import Participant, Record, RecordQuerySet
from guantong.units.rules import covers


@dataclass(frozen=True)
class Held:
    """What one person answers for, as far as another may see it."""

    records: RecordQuerySet
    parts: QuerySet[Participant]

    def __bool__(self) -> bool:
        return self.records.exists() or self.parts.exists()


def held_by(person: Person, *, seen_by: Person, campaign: Campaign, on: datetime.date) -> Held:
    """Return the open records that `person` is responsible for or has a part in, soonest first."""
    seen = Record.objects.visible_to(seen_by, on).filter(campaign=campaign).unended()
    records = seen.filter(owner=person).select_related("unit", "owner", "campaign")
    parts = Participant.objects.filter(person=person, record__in=seen.values("pk"))
    return Held(
        records.order_by("original_due_on", "pk"),
        parts.select_related("record__unit", "record__campaign").order_by("part", "record"),
    )


def waiting_for_handover(
    *, campaign: Campaign, seen_by: Person | None, on: datetime.date
) -> list[Record]:
    """Return the open records whose person responsible has left, in official order.

    Has left: has no account any more, or had an appointment over the record's unit that ended and
    none took its place. Who never had one is responsible by post, and stays so.
    """
    leavers = _leavers(on)
    records = Record.objects.filter(campaign=campaign, owner__in=list(leavers)).unended()
    # A count for nobody in particular tells nothing of unannounced visits (rule 5).
    records = records.visible_to(seen_by, on) if seen_by else records.filter(is_hidden=False)
    found = records.select_related("unit", "owner", "campaign").in_official_order()
    return [
        record
        for record in found
        if record.owner_id is not None
        and any(covers(path, record.unit.path) for path in leavers[record.owner_id])
    ]


def _leavers(on: datetime.date) -> dict[int, set[str]]:
    """Return the persons who have left something, with the paths of the units that they left."""
    held = Appointment.objects.select_related("unit")
    left: dict[int, set[str]] = defaultdict(set)
    for ended in held.ended(on):
        left[ended.person_id].add(ended.unit.path)
    for current in held.current(on).filter(person__in=list(left)):
        left[current.person_id] = {
            path for path in left[current.person_id] if not covers(current.unit.path, path)
        }
    # "" covers every unit.
    gone = Person.objects.filter(Q(is_active=False), owned_records__isnull=False).distinct()
    for person in gone.values_list("pk", flat=True):
        left[person].add("")
    return {person: paths for person, paths in left.items() if paths}
