"""Another team joins a visit that is planned already, instead of going there on its own."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import holds
from guantong.records.models import Part
from guantong.records.operations import name_participants, name_partners
from guantong.records.refusals import Refusal, Refused
from guantong.units.models import Unit
from guantong.visits.entries import VisitEntry
from guantong.visits.models import Visit
from guantong.visits.queries import can_be_joined, teams_of
from guantong.visits.rules import ENTERING_ROLES


class CannotJoinVisit(Refused):
    """It is over or not to be known of, nobody new would come, or the unit isn't the actor's."""


def join_visit(
    *,
    visit: Visit,
    unit: Unit,
    team: Sequence[Person],
    actor: Person | None,
    now: datetime.datetime,
) -> Visit:
    """Join a visit with a team of one's own unit (联合调研): the unit becomes its partner.

    The site has no visit more, so that a cleared visit stays cleared.
    """
    today = visit.record.campaign.day_of(now)
    if sentence := _against(visit, unit, team, actor, today):
        raise CannotJoinVisit([Refusal(visit.record, sentence)])
    with act(actor=actor, now=now) as writing:
        if unit.pk != visit.record.unit_id:
            name_partners(named=[(visit.record, unit)], actor=actor, now=now)
        name_participants(
            named=[(visit.record, person) for person in team],
            part=Part.RESEARCHER,
            actor=actor,
            now=now,
        )
        if not visit.is_led and any(person.is_leader for person in team):
            writing.update([visit], code=VisitEntry.JOINED, is_led=True)
        else:
            writing.note(code=VisitEntry.JOINED, subjects=[visit])
    return visit


def _against(
    visit: Visit,
    unit: Unit,
    team: Sequence[Person],
    actor: Person | None,
    today: datetime.date,
) -> str:
    if not can_be_joined(visit, today):
        return _("%(visit)s is no longer ahead. Choose one that is.") % {"visit": visit.record}
    if actor is not None and not holds(actor.grants(today), ENTERING_ROLES, unit.path):
        return _("A team is sent by a liaison, researcher or coordinator of %(unit)s.") % {
            "unit": unit
        }
    there = {person.pk for person in teams_of([visit.pk])[visit.pk]}
    if not {person.pk for person in team} - there:
        return _("Name who joins: at least one person who isn't on the team yet.")
    return ""
