"""Projects are extended, merged or withdrawn by the coordinator."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Part, Participant
from guantong.records.operations import link_records, move_records, name_participants
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.research.models import Project
from guantong.research.queries import visits_left_by
from guantong.research.rules import APPROVED, REPORT_RETURNED
from guantong.visits.operations import cancel_visits


class CannotExtendProjects(Refused):
    """The new day isn't later, or nobody says why."""


class CannotMergeProjects(Refused):
    """The other project is itself, of another campaign, or not under way."""


class CannotWithdrawProjects(Refused):
    """It has ended, or nobody says why it is withdrawn."""


def extend_projects(
    *,
    projects: Sequence[Project],
    actor: Person | None,
    now: datetime.datetime,
    due_on: datetime.date,
    reason: str,
    paper: Paper | None = None,
) -> list[Project]:
    """Give projects a later planned end; the original one stays beside it (rule 4)."""
    early = [
        Refusal(
            project.record,
            _("It is due on %(day)s; an extension gives a later day.")
            % {"day": day_in_words(project.record.due_on)},
        )
        for project in projects
        if project.record.due_on is not None and due_on <= project.record.due_on
    ]
    if early:
        raise CannotExtendProjects(early)
    changes: dict[int, dict[str, Any]] = {
        project.pk: {"original_due_on": project.record.original_due_on or due_on}
        for project in projects
    }
    return move_records(
        projects,
        "extend",
        actor=actor,
        now=now,
        reason=reason,
        paper=paper,
        error=CannotExtendProjects,
        changes=changes,
        due_on=due_on,
    )


def merge_projects(
    *,
    projects: Sequence[Project],
    into: Project,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> list[Project]:
    """Merge projects into one (并题): their visits, findings and teams become that one's too."""
    refused = [
        Refusal(project.record, sentence)
        for project in projects
        if (sentence := _against(project, into))
    ]
    if refused:
        raise CannotMergeProjects(refused)
    ids = [project.pk for project in projects]
    with act(actor=actor, now=now):
        merged = move_records(
            projects, "merge", actor=actor, now=now, reason=reason, error=CannotMergeProjects
        )
        link_records(
            pairs=[(project.record, into.record) for project in projects],
            kind=LinkKind.MERGED_INTO,
            actor=actor,
            now=now,
        )
        for kind in (LinkKind.FIELDWORK, LinkKind.RAISED):
            links = Link.objects.filter(source__in=ids, kind=kind).select_related("target")
            pairs = [(into.record, link.target) for link in links]
            link_records(pairs=pairs, kind=kind, actor=actor, now=now)
        team = Participant.objects.filter(record__in=ids, part=Part.RESEARCHER)
        joining = {part.person_id: part.person for part in team.select_related("person")}
        name_participants(
            named=[(into.record, person) for person in joining.values()],
            part=Part.RESEARCHER,
            actor=actor,
            now=now,
        )
    return merged


def withdraw_projects(
    *,
    projects: Sequence[Project],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    cancels_visits: bool = False,
    paper: Paper | None = None,
) -> list[Project]:
    """Withdraw projects (撤项) that have not ended, with a reason; with visits left by them alone.

    Without `cancels_visits` these stand, and whoever planned them says what becomes of them.
    """
    with act(actor=actor, now=now):
        withdrawn = move_records(
            projects,
            "withdraw",
            actor=actor,
            now=now,
            reason=reason,
            paper=paper,
            error=CannotWithdrawProjects,
        )
        if cancels_visits and projects:
            today = projects[0].record.campaign.day_of(now)
            left = visits_left_by([project.pk for project in projects], actor, today)
            cancel_visits(visits=left, actor=actor, now=now, reason=reason)
    return withdrawn


def _against(project: Project, into: Project) -> str:
    if into.pk == project.pk:
        return _("A project can't be merged into itself.")
    if into.record.campaign_id != project.record.campaign_id:
        return _("%(project)s belongs to another campaign.") % {"project": into.record}
    if into.record.state not in (APPROVED, REPORT_RETURNED):
        return _("%(project)s is not under way. Choose a project that is.") % {
            "project": into.record
        }
    return ""
