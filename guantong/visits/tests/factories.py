"""Visits of teams of the first department, for a project that the tests make do with."""

import datetime
from typing import Any

from guantong.campaigns.models import Campaign
from guantong.campaigns.tests.factories import campaign_of
from guantong.industry.models import Site
from guantong.industry.tests.factories import sites
from guantong.people.models import Person
from guantong.people.tests.factories import cast
from guantong.records.models import Record
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, START, organisation
from guantong.visits.models import Visit
from guantong.visits.operations import VisitDraft, plan_visits

MONDAY = datetime.date(2023, 6, 5)


def days(number: int) -> datetime.timedelta:
    return datetime.timedelta(number)


class World:
    """The test organisation with its campaign, its cast, its sites and one project."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = organisation()
        self.people: dict[str, Person] = cast(self.units)
        self.campaign: Campaign = campaign_of(self.units)
        self.sites: dict[str, Site] = sites()
        # Visits know projects by their records alone.
        self.project = Record.objects.create(
            campaign=self.campaign,
            kind="project",
            reference="R-0001",
            unit=self.units["D1"],
            title="How chains hold",
            state="approved",
            opened_on=START,
        )

    def draft(self, site: str = "A1", day: datetime.date = MONDAY, **values: Any) -> VisitDraft:
        return VisitDraft(
            **{
                "campaign": self.campaign,
                "unit": self.units["D1"],
                "title": f"Castings at {site}",
                "site": self.sites[site],
                "occasion": self.project,
                "starts_on": day,
                "team": [self.people["researcher_d1"]],
                **values,
            }
        )

    def plan(self, *drafts: VisitDraft, by: str = "liaison_d1", now: Any = NOW) -> list[Visit]:
        return plan_visits(drafts=list(drafts) or [self.draft()], actor=self.people[by], now=now)
