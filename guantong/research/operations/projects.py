"""Proposals are approved, returned, and proposed again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from guantong.people.models import Person
from guantong.records.operations import move_records
from guantong.records.queries import standings
from guantong.records.refusals import Refused
from guantong.records.rules import Paper, Who
from guantong.research.models import Project


class CannotApproveProjects(Refused):
    """Overlaps are undecided, or the actor may not approve it, or proposed it."""


class CannotReturnProjects(Refused):
    """It is no proposal any more, or nobody says why it is returned."""


def approve_projects(
    *,
    projects: Sequence[Project],
    actor: Person | None,
    now: datetime.datetime,
    overlap_decision: str = "",
    paper: Paper | None = None,
) -> list[Project]:
    """Approve proposals: the coordinator, or the unit head where the campaign delegates it.

    Nobody approves their own; what was decided on overlaps with other projects is written down.
    """
    if not projects:
        return []
    campaign = projects[0].record.campaign
    decider = actor if paper is None or paper.by is None else Person.objects.get(pk=paper.by)
    name = "approve"
    if campaign.heads_approve_projects:
        standing = standings([p.record for p in projects], decider, campaign.day_of(now))
        if not all(Who.COORDINATOR in who for who in standing.values()):
            name = "approve_delegated"
    decision = overlap_decision.strip()
    for project in projects:
        # What the transition needs is asked of the rows; it is stored with the approval.
        project.overlap_decision = decision or project.overlap_decision
    return move_records(
        projects,
        name,
        actor=actor,
        now=now,
        paper=paper,
        error=CannotApproveProjects,
        changes={p.pk: {"overlap_decision": p.overlap_decision} for p in projects},
    )


def return_projects(
    *,
    projects: Sequence[Project],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Project]:
    """Return proposals with a reason."""
    return move_records(
        projects,
        "return_proposal",
        actor=actor,
        now=now,
        reason=reason,
        error=CannotReturnProjects,
        paper=paper,
    )


def resubmit_projects(
    *, projects: Sequence[Project], actor: Person | None, now: datetime.datetime
) -> list[Project]:
    """Propose again what was returned."""
    return move_records(projects, "resubmit", actor=actor, now=now, error=CannotReturnProjects)
