"""Projects of the first department, with visits and findings."""

from __future__ import annotations

import datetime
from typing import Any

from guantong.campaigns.models import Campaign
from guantong.campaigns.tests.factories import campaign_of
from guantong.industry.models import Site
from guantong.industry.tests.factories import sites
from guantong.people.models import Person
from guantong.people.tests.factories import cast
from guantong.records.models import Record
from guantong.research.models import Finding, Project
from guantong.research.operations import (
    FindingDraft,
    ProjectDraft,
    accept_findings,
    approve_projects,
    propose_projects,
    write_findings,
)
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, START, organisation
from guantong.visits.models import Visit
from guantong.visits.operations import VisitDraft, make_visits, plan_visits

MONDAY = datetime.date(2023, 6, 5)


def days(number: int) -> datetime.timedelta:
    return datetime.timedelta(number)


LATER = NOW + days(20)


class World:
    """The test organisation with its campaign, its cast and its sites."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = organisation()
        self.people: dict[str, Person] = cast(self.units)
        self.campaign: Campaign = campaign_of(self.units)
        self.sites: dict[str, Site] = sites()

    def draft(self, title: str = "How chains hold", **values: Any) -> ProjectDraft:
        return ProjectDraft(
            **{
                "campaign": self.campaign,
                "unit": self.units["D1"],
                "title": title,
                "team": [self.people["researcher_d1"]],
                "due_on": MONDAY + days(30),
                **values,
            }
        )

    def propose(self, *drafts: ProjectDraft, by: str = "liaison_d1") -> list[Project]:
        return propose_projects(
            drafts=list(drafts) or [self.draft()], actor=self.people[by], now=NOW
        )

    def approved(self, **values: Any) -> Project:
        projects = self.propose(self.draft(**values))
        approve_projects(projects=projects, actor=self.people["coordinator"], now=NOW)
        return projects[0]

    def made(self, project: Project, site: str = "A1") -> Visit:
        researcher = self.people["researcher_d1"]
        visits = plan_visits(
            drafts=[
                VisitDraft(
                    campaign=self.campaign,
                    unit=self.units["D1"],
                    title=f"Castings at {site}",
                    site=self.sites[site],
                    occasion=project.record,
                    starts_on=MONDAY,
                    team=[researcher],
                )
            ],
            actor=researcher,
            now=NOW,
        )
        return make_visits(visits=visits, actor=researcher, now=LATER)[0]

    def finding_draft(self, origin: Record | None, **values: Any) -> FindingDraft:
        return FindingDraft(
            **{
                "campaign": self.campaign,
                "unit": self.units["D1"],
                "title": "One mould maker",
                "seen": "All blades come from one mould maker.",
                "concluded": "A fire there stops the line for a year.",
                "origin": origin,
                **values,
            }
        )

    def finding(self, origin: Record, *, accept: bool = True, **values: Any) -> Finding:
        findings = write_findings(
            drafts=[self.finding_draft(origin, **values)],
            actor=self.people["researcher_d1"],
            now=LATER,
        )
        if accept:
            accept_findings(findings=findings, actor=self.people["coordinator"], now=LATER)
        return findings[0]

    def problem(self, unit: str = "D1", state: str = "identified", **values: Any) -> Record:
        """Research knows problems by their records alone."""
        return Record.objects.create(
            **{
                "campaign": self.campaign,
                "kind": "problem",
                "unit": self.units[unit],
                "title": "One source for moulds",
                "state": state,
                "opened_on": START,
                **values,
            }
        )
