"""Who researches for a project changes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON
from guantong.records.models import Part, Participant
from guantong.records.operations import (
    check_may_enter,
    name_participants,
    remove_participants,
)
from guantong.records.refusals import Refusal, Refused
from guantong.research.models import Project
from guantong.research.rules import PROJECT


class CannotChangeTeams(Refused):
    """The project has ended, nobody would be left, or the unit is none of the actor's."""


def change_project_teams(
    *,
    projects: Sequence[Project],
    teams: Mapping[int, Sequence[Person]],
    actor: Person,
    now: datetime.datetime,
) -> list[Project]:
    """Give projects other teams, by their ids: the liaison of the lead unit or the coordinator.

    That somebody was on a team stays in the ledger, and so does who named the others.
    """
    if not projects:
        return []
    records = [project.record for project in projects]
    today = records[0].campaign.day_of(now)
    check_may_enter(
        records,
        actor=actor,
        roles=(LIAISON, COORDINATOR),
        today=today,
        error=CannotChangeTeams,
    )
    refused = []
    for record in records:
        if record.state in PROJECT.final_states:
            refused.append(Refusal(record, _("This project has ended; its team stays as it was.")))
        elif not teams[record.pk]:
            refused.append(Refusal(record, _("Somebody must research: name the team.")))
    if refused:
        raise CannotChangeTeams(refused)
    staying = {pk: {person.pk for person in people} for pk, people in teams.items()}
    with act(actor=actor, now=now):
        there = Participant.objects.filter(record__in=records, part=Part.RESEARCHER)
        leaving = [one for one in there if one.person_id not in staying[one.record_id]]
        remove_participants(participants=leaving, actor=actor, now=now)
        name_participants(
            named=[(record, person) for record in records for person in teams[record.pk]],
            part=Part.RESEARCHER,
            actor=actor,
            now=now,
        )
    return list(projects)
