"""Projects report; their results are put to use; they are completed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.evidence.queries import with_evidence
from guantong.people.models import Person
from guantong.records.operations import move_records
from guantong.records.refusals import Refusal, Refused
from guantong.research.models import Project


class CannotReportProjects(Refused):
    """There is no report, or the project isn't the actor's."""


class CannotConvertProjects(Refused):
    """An accepted finding is not settled."""


class CannotCompleteProjects(Refused):
    """Its results have not been put to use."""


def report_projects(
    *,
    projects: Sequence[Project],
    actor: Person | None,
    now: datetime.datetime,
    report: str = "",
    reported_on: datetime.date | None = None,
) -> list[Project]:
    """Hand in reports: the team, with the report's text or the report attached."""
    if not projects:
        return []
    text = report.strip()
    bare = [p for p in projects if not text and not p.report.strip()]
    today = projects[0].record.campaign.day_of(now)
    attached = with_evidence([project.pk for project in bare], on=today)
    refused = [
        Refusal(project.record, _("Write the report's conclusions here, or attach the report."))
        for project in bare
        if project.pk not in attached
    ]
    if refused:
        raise CannotReportProjects(refused)
    values: dict[str, Any] = {"report": text} if text else {}
    return move_records(
        projects,
        "report",
        actor=actor,
        now=now,
        occurred_on=reported_on,
        error=CannotReportProjects,
        reported_on=reported_on or today,
        **values,
    )


def return_reports(
    *, projects: Sequence[Project], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Project]:
    """Return reports to their teams with a reason."""
    return move_records(
        projects, "return_report", actor=actor, now=now, reason=reason, error=CannotReportProjects
    )


def convert_projects(
    *, projects: Sequence[Project], actor: Person | None, now: datetime.datetime
) -> list[Project]:
    """Enter projects as converted (成果转化), once every accepted finding of theirs is settled."""
    return move_records(projects, "convert", actor=actor, now=now, error=CannotConvertProjects)


def complete_projects(
    *, projects: Sequence[Project], actor: Person | None, now: datetime.datetime
) -> list[Project]:
    """Complete converted projects."""
    return move_records(projects, "complete", actor=actor, now=now, error=CannotCompleteProjects)
