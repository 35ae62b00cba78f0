"""Projects are proposed, or taken over as another register has them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.industry.models import Place, Sector, Site
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON, RESEARCHER
from guantong.records.models import Part, Record
from guantong.records.operations import (
    adopt_states,
    check_may_enter,
    name_participants,
    name_partners,
    open_records,
)
from guantong.records.operations.adopting import Adopted
from guantong.records.refusals import Refusal, Refused
from guantong.research.entries import ResearchEntry
from guantong.research.models import Project
from guantong.research.rules import ADOPTED, PROPOSED, REPORTED
from guantong.units.models import Unit

ENTERING = (LIAISON, RESEARCHER, COORDINATOR)


@dataclass(frozen=True)
class ProjectDraft:
    """What is said of one project; `owner` runs it, `due_on` is its planned end.

    A project with a `leader` is that leader's own. `opened_on` is the day on which it was proposed,
    for history that keeps its own days; `state` and `state_on` what another register says became
    of it, and when.
    """

    campaign: Campaign
    unit: Unit
    title: str
    owner: Person | None = None
    team: Sequence[Person] = ()
    leader: Person | None = None
    is_leaders_own: bool = False
    questions: str = ""
    method: str = ""
    area: Area | None = None
    sectors: Sequence[Sector] = ()
    places: Sequence[Place] = ()
    sites: Sequence[Site] = ()
    sites_wanted: str = ""
    starts_on: datetime.date | None = None
    due_on: datetime.date | None = None
    partners: Sequence[Unit] = ()
    is_priority: bool = False
    is_restricted: bool = False
    opened_on: datetime.date | None = None
    state: str = ""
    state_on: datetime.date | None = None


class CannotProposeProjects(Refused):
    """Days in the wrong order, or a unit for which the actor enters nothing."""


def propose_projects(
    *, drafts: Sequence[ProjectDraft], actor: Person | None, now: datetime.datetime
) -> list[Project]:
    """Propose projects of lead units, with their teams."""
    if not drafts:
        return []
    today = drafts[0].campaign.day_of(now)
    teams = [_team_of(draft, actor) for draft in drafts]
    projects = [
        _project(draft, team, actor, today) for draft, team in zip(drafts, teams, strict=True)
    ]
    records = [project.record for project in projects]
    check_may_enter(records, actor=actor, roles=ENTERING, today=today, error=CannotProposeProjects)
    _check_days(projects, today)
    with act(actor=actor, now=now) as writing:
        open_records(
            writing,
            projects,
            code=ResearchEntry.PROJECT_PROPOSED,
            several=[
                {"sectors": draft.sectors, "places": draft.places, "sites": draft.sites}
                for draft in drafts
            ],
        )
        name_participants(
            named=[(r, p) for r, team in zip(records, teams, strict=True) for p in team],
            part=Part.RESEARCHER,
            actor=actor,
            now=now,
        )
        partnered = [(r, u) for r, d in zip(records, drafts, strict=True) for u in d.partners]
        if partnered:
            name_partners(named=partnered, actor=actor, now=now)
    return projects


def adopt_projects(
    *, drafts: Sequence[ProjectDraft], actor: Person | None, now: datetime.datetime
) -> list[Project]:
    """Take over projects as another register has them, on their own days.

    An ending there is “closed according to source” here, never completed.
    """
    _check_adopted([(None, draft.state) for draft in drafts])
    with act(actor=actor, now=now):
        projects = propose_projects(drafts=drafts, actor=actor, now=now)
        adopted: dict[int, Adopted] = {}
        for project, draft in zip(projects, drafts, strict=True):
            if draft.state == PROPOSED:
                continue
            day = max(draft.state_on or project.record.opened_on, project.record.opened_on)
            values = {"reported_on": day} if draft.state == REPORTED else {}
            adopted[project.pk] = (draft.state, day, values)
        adopt_states(projects, adopted, code=ResearchEntry.PROJECT_ADOPTED, actor=actor, now=now)
    return projects


def adopt_project_states(
    *,
    projects: Sequence[Project],
    states: Mapping[int, tuple[str, datetime.date | None]],
    actor: Person | None,
    now: datetime.datetime,
) -> list[Project]:
    """Take over what another register now says of projects, by their ids, with the day if given."""
    if not projects:
        return []
    records = [project.record for project in projects]
    today = records[0].campaign.day_of(now)
    check_may_enter(records, actor=actor, roles=ENTERING, today=today, error=CannotProposeProjects)
    _check_adopted([(project.record, states[project.pk][0]) for project in projects])
    adopted: dict[int, Adopted] = {}
    for project in projects:
        state, day = states[project.pk]
        day = day or today
        values = {"reported_on": day} if state == REPORTED else {}
        adopted[project.pk] = (state, day, values)
    adopt_states(projects, adopted, code=ResearchEntry.PROJECT_ADOPTED, actor=actor, now=now)
    return list(projects)


def _check_adopted(states: Sequence[tuple[Record | None, str]]) -> None:
    unknown = [
        Refusal(record, _("No project is adopted as “%(state)s”.") % {"state": state})
        for record, state in states
        if state not in ADOPTED
    ]
    if unknown:
        raise CannotProposeProjects(unknown)


def _team_of(draft: ProjectDraft, actor: Person | None) -> list[Person]:
    """Return who is on the team: who is named, who runs it, else who proposes it."""
    named = [*draft.team, *([draft.owner] if draft.owner else [])]
    if not named and actor is not None:
        named = [actor]
    return list({person.pk: person for person in named}.values())


def _project(
    draft: ProjectDraft, team: Sequence[Person], actor: Person | None, today: datetime.date
) -> Project:
    record = Record(
        campaign=draft.campaign,
        kind="project",
        unit=draft.unit,
        title=draft.title,
        state=PROPOSED,
        owner=draft.owner or (team[0] if team else None),
        author=actor,
        area=draft.area,
        opened_on=draft.opened_on or today,
        due_on=draft.due_on,
        is_priority=draft.is_priority,
        is_restricted=draft.is_restricted,
    )
    return Project(
        record=record,
        leader=draft.leader,
        is_leaders_own=draft.is_leaders_own or draft.leader is not None,
        questions=draft.questions,
        method=draft.method,
        sites_wanted=draft.sites_wanted,
        starts_on=draft.starts_on,
    )


def _check_days(projects: Sequence[Project], today: datetime.date) -> None:
    refused = []
    for project in projects:
        record = project.record
        if record.opened_on > today:
            sentence = _("%(day)s is in the future.") % {"day": day_in_words(record.opened_on)}
            refused.append(Refusal(record, sentence))
        elif project.starts_on and record.due_on and record.due_on < project.starts_on:
            sentence = _("The planned end, %(end)s, lies before the start, %(start)s.") % {
                "end": day_in_words(record.due_on),
                "start": day_in_words(project.starts_on),
            }
            refused.append(Refusal(record, sentence))
    if refused:
        raise CannotProposeProjects(refused)
