"""Who sees a record: its partner units, and, where it is restricted, the persons named on it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.entries import RecordEntry
from guantong.records.models import Part, Participant, Partner, Record
from guantong.records.operations.naming import (
    name_participants,
    name_partners,
    remove_participants,
)
from guantong.records.queries import details_of, refuse_closed, standing_on
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Who
from guantong.units.models import Unit


class CannotSayWhoSees(Refused):
    """It is neither the liaison's nor the coordinator's record, or no reason is given."""


def say_who_sees(
    *,
    record: Record,
    partners: Collection[Unit],
    actor: Person,
    now: datetime.datetime,
    is_restricted: bool | None = None,
    readers: Collection[Person] | None = None,
    reason: str = "",
) -> Record:
    """Say which units are partners in a record, and whether only named persons see it.

    The liaison of its unit names partners; only a coordinator restricts a record, lifts that, and
    names who reads it then. What is None stays as it is; what is taken away needs a reason.
    """
    refuse_closed([record.pk])
    is_restricted = record.is_restricted if is_restricted is None else is_restricted
    held = {one.person_id: one for one in _readers(record)}
    named = set(held) if readers is None else {person.pk for person in readers}
    there = {one.unit_id: one for one in Partner.objects.filter(record=record)}
    wanted = {unit.pk for unit in partners}
    keeps_sight = is_restricted == record.is_restricted and named == set(held)
    gone = [one for pk, one in there.items() if pk not in wanted]
    left = [one for pk, one in held.items() if pk not in named]
    is_lifted = record.is_restricted and not is_restricted
    _refuse(record, actor, now, is_for_coordinators=not keeps_sight)
    if (gone or left or is_lifted) and not reason.strip():
        sentence = _("Say in a sentence why somebody sees it no longer, or everybody does again.")
        raise CannotSayWhoSees([Refusal(record, sentence)])
    common: dict[str, Any] = {"actor": actor, "now": now}
    with act(**common, reason=reason) as writing:
        if is_restricted != record.is_restricted:
            detail = details_of([record])[record.pk]
            writing.update([detail], code=RecordEntry.RESTRICTED, is_restricted=is_restricted)
        name_partners(named=[(record, unit) for unit in partners], **common)
        writing.remove(gone, code=RecordEntry.PARTNER_REMOVED)
        fresh = [(record, person) for person in readers or () if person.pk not in held]
        name_participants(named=fresh, part=Part.READER, **common)
        remove_participants(participants=left, **common, reason=reason)
    return record


def _readers(record: Record) -> Sequence[Participant]:
    return list(Participant.objects.filter(record=record, part=Part.READER))


def _refuse(
    record: Record, actor: Person, now: datetime.datetime, *, is_for_coordinators: bool
) -> None:
    standing = standing_on(record, actor, record.campaign.day_of(now))
    if record.is_hidden:
        sentence = _("An unannounced visit is seen by its team and the coordinators until made.")
    elif is_for_coordinators and Who.COORDINATOR not in standing:
        sentence = _("Only a coordinator restricts a record and names who reads it.")
    elif not standing & {Who.LIAISON, Who.COORDINATOR}:
        sentence = _("The liaison of its unit or a coordinator names its partner units.")
    else:
        return
    raise CannotSayWhoSees([Refusal(record, sentence)])
