"""Persons and partner units are named on records."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.entries import RecordEntry
from guantong.records.models import Participant, Partner, Record
from guantong.records.queries import refuse_closed
from guantong.records.refusals import Refused
from guantong.units.models import Unit


class CannotNameParticipant(Refused):
    """The person has that part already, or would be made their own inspector."""


def name_participants(
    *,
    named: Sequence[tuple[Record, Person]],
    part: str,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Participant]:
    """Give persons a part in records; nobody names themselves inspector."""
    if part == "inspector" and any(actor is not None and p.pk == actor.pk for _r, p in named):
        raise CannotNameParticipant(_("Nobody assigns themselves as inspector. Ask a coordinator."))
    refuse_closed(record.pk for record, _person in named)
    wanted = {(record.pk, person.pk): (record, person) for record, person in named}
    there = set(
        Participant.objects.filter(part=part, record__in=[key[0] for key in wanted]).values_list(
            "record_id", "person_id"
        )
    )
    rows = [
        Participant(record=record, person=person, part=part)
        for key, (record, person) in wanted.items()
        if key not in there
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(rows, code=RecordEntry.PARTICIPANT_NAMED)
    return rows


def remove_participants(
    *,
    participants: Sequence[Participant],
    actor: Person | None,
    now: datetime.datetime,
    reason: str = "",
) -> None:
    """End persons' parts in records; that they had them stays in the ledger."""
    refuse_closed(participant.record_id for participant in participants)
    with act(actor=actor, now=now, reason=reason) as writing:
        writing.remove(participants, code=RecordEntry.PARTICIPANT_REMOVED)


def name_partners(
    *, named: Sequence[tuple[Record, Unit]], actor: Person | None, now: datetime.datetime
) -> list[Partner]:
    """Name partner units of records; they see what they are partners in."""
    refuse_closed(record.pk for record, _unit in named)
    there: dict[int, set[int]] = defaultdict(set)
    held = Partner.objects.filter(record__in=[record.pk for record, _unit in named])
    for record_id, unit_id in held.values_list("record_id", "unit_id"):
        there[record_id].add(unit_id)
    rows = []
    for record, unit in named:
        if unit.pk not in there[record.pk]:
            there[record.pk].add(unit.pk)
            rows.append(Partner(record=record, unit=unit))
    with act(actor=actor, now=now) as writing:
        writing.create(rows, code=RecordEntry.PARTNER_NAMED)
    return rows
