"""Who is to be reminded of what, and what is past its day (rule 8)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from guantong.campaigns.models import Campaign
from guantong.campaigns.rules import add_working_days, working_days_between
from guantong.evidence.models import Attachment
from guantong.ledger.queries import entries_with_code
from guantong.people.models import Appointment, Person
from guantong.people.rules import COORDINATOR, HEAD
from guantong.records.entries import RecordEntry
from guantong.records.escalation import supervised_kinds
from guantong.records.models import Record
from guantong.records.queries import details_of
from guantong.records.visibility import units_under
from guantong.rectification.rules import (
    MEASURE,
    UNDER_JUDGEMENT,
    escalation_level,
)
from guantong.units.models import Unit
from guantong.units.rules import STEP

# At level 0 the person responsible is reminded; above, whoever the level names.
OF_OWNER, OF_HEAD, OF_ABOVE, OF_COORDINATOR = range(4)


# So many days before it is due a measure stands in the work of those who carry it out.
NEAR = datetime.timedelta(7)


@dataclass(frozen=True)
class Reminder:
    """One record of which somebody is to be reminded, and the level at which it is supervised."""

    record: Record
    level: int


def measures_to_carry_out(on: datetime.date) -> Q:
    """The approved measures that nothing shows to be done and that aren't due soon."""
    shown = Attachment.objects.holding(on).filter(record=OuterRef("pk"))
    return Q(~Exists(shown), kind=MEASURE.kind, state="approved", due_on__gt=on + NEAR)


def open_with_due_day(campaign: Campaign) -> Any:
    """What a unit is still to do by a day, and is supervised for it: the soonest first."""
    is_due = Q(pk__in=[])
    for kind in supervised_kinds():
        is_due |= Q(kind=kind.name, state__in=kind.lifecycle.due_states)
    records = Record.objects.filter(is_due, campaign=campaign, due_on__isnull=False)
    return records.order_by("due_on", "pk")


def level_on(campaign: Campaign, due_on: datetime.date, today: datetime.date) -> int:
    """Return the level of supervision on `today` of what was due on `due_on`."""
    return escalation_level(
        working_days_between(due_on, today, campaign.calendar),
        head=campaign.threshold("grace_days_head"),
        above=campaign.threshold("grace_days_above"),
        coordinator=campaign.threshold("grace_days_coordinator"),
    )


def supervised(campaign: Campaign, today: datetime.date) -> Iterator[tuple[Any, int]]:
    """Give each overdue record with the level that its lateness asks for.

    A level that was answered since the due day counts as settled until the next one is reached.
    """
    late = open_with_due_day(campaign).filter(due_on__lt=today).select_related("campaign", "unit")
    records = list(late)
    details = details_of(records)
    answered = _answered(records)
    for record in records:
        level = level_on(campaign, record.due_on, today)
        yield details[record.pk], level if level > answered.get(record.pk, 0) else 0


def _answered(records: Sequence[Record]) -> dict[int, int]:
    """Return the highest level that was answered on each record since its due day."""
    due = {record.pk: record.due_on for record in records}
    found: dict[int, int] = {}
    for entry in entries_with_code(RecordEntry.ESCALATION_ANSWERED, due):
        if entry.effective_on > due[entry.record]:
            level, _zero = entry.changes["escalation_level"]
            found[entry.record] = max(level, found.get(entry.record, 0))
    return found


def reminders_due(
    campaign: Campaign, today: datetime.date, *, of: Person | None = None, limit: int | None = None
) -> dict[Person, list[Reminder]]:
    """Return, for each person, of what they'd be reminded today: one digest a day, soonest first.

    Before the due day the person responsible is; past it the head of the unit, past the days of
    grace the head of the unit above, then the coordinator. Where a unit has no such person, the
    next one above that has is asked. `of` asks for one person only, `limit` for the soonest.
    """
    ahead = add_working_days(today, campaign.threshold("remind_days_before"), campaign.calendar)
    records = open_with_due_day(campaign).filter(due_on__lte=ahead)
    offices = _offices(today)
    due: dict[Person, list[Reminder]] = defaultdict(list)
    if of is not None:
        records = records.filter(_concerns(of, today))[:limit]
    for record in records.select_related("owner", "unit"):
        level = level_on(campaign, record.due_on, today)
        for person in _reminded(record, level, offices):
            if of is not None and person != of:
                continue
            due[person].append(Reminder(record, level))
    return dict(due)


def _concerns(person: Person, today: datetime.date) -> Q:
    """The records of which `person` can be reminded: their own, and those beneath their office."""
    paths = [g.path for g in person.grants(today) if g.role in (HEAD, COORDINATOR) and not g.of]
    units = Unit.objects.filter(units_under(paths))
    return Q(owner=person) | Q(unit__in=units.values("pk"))


def _offices(today: datetime.date) -> Mapping[tuple[str, str], Sequence[Person]]:
    """Return who is head or coordinator of each unit today, by role and the unit's path."""
    held = Appointment.objects.current(today).filter(
        role__in=[HEAD, COORDINATOR], person__is_active=True
    )
    offices: dict[tuple[str, str], list[Person]] = defaultdict(list)
    for appointment in held.select_related("person", "unit").order_by("pk"):
        offices[appointment.role, appointment.unit.path].append(appointment.person)
    return offices


def _reminded(
    record: Record, level: int, offices: Mapping[tuple[str, str], Sequence[Person]]
) -> Iterable[Person]:
    if level == OF_OWNER:
        owner = record.owner
        # What is claimed waits for somebody else.
        is_theirs = record.state not in UNDER_JUDGEMENT
        return [owner] if is_theirs and owner is not None and owner.is_active else []
    role = COORDINATOR if level == OF_COORDINATOR else HEAD
    path = record.unit.path[:-STEP] if level == OF_ABOVE else record.unit.path
    while path:
        if (role, path) in offices:
            return offices[role, path]
        path = path[:-STEP]
    return []
