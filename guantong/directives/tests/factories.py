"""Instructions and requests in the test organisation, with measures known by their records."""

import datetime
from typing import Any

from guantong.campaigns.models import Campaign
from guantong.campaigns.tests.factories import campaign_of
from guantong.directives.models import Instruction, Request
from guantong.directives.operations import (
    InstructionDraft,
    RequestDraft,
    draft_requests,
    issue_instructions,
)
from guantong.people.models import Person
from guantong.people.tests.factories import cast
from guantong.records.models import Record
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, TODAY, organisation

DUE = TODAY + datetime.timedelta(20)


class World:
    """The organisation, its cast and its campaign."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = organisation()
        self.people: dict[str, Person] = cast(self.units)
        self.campaign: Campaign = campaign_of(self.units)

    def instruct(self, *, by: str = "liaison_d1", **values: Any) -> Instruction:
        draft = InstructionDraft(
            **{
                "campaign": self.campaign,
                "unit": self.units["D1"],
                "title": "Find a second source for castings",
                "issued_on": TODAY,
                "leader": self.people["head_m"],
                "due_on": DUE,
                **values,
            }
        )
        return issue_instructions(drafts=[draft], actor=self.people[by], now=NOW)[0]

    def record(self, kind: str, state: str, number: int = 1, **values: Any) -> Record:
        """A record of another app, which directives know by its record alone."""
        return Record.objects.create(
            **{
                "campaign": self.campaign,
                "kind": kind,
                "reference": f"{kind[0].upper()}-{number:04}",
                "unit": self.units["D1"],
                "title": f"A {kind}",
                "state": state,
                "opened_on": TODAY,
                **values,
            }
        )

    def request(self, *items: str, by: str = "coordinator", **values: Any) -> Request:
        draft = RequestDraft(
            **{
                "campaign": self.campaign,
                "unit": self.units["M"],
                "title": "State of the chain reviews",
                "items": items or ("Names of the reviewers",),
                "units": [self.units["D1"], self.units["D2"]],
                "due_on": DUE,
                **values,
            }
        )
        return draft_requests(drafts=[draft], actor=self.people[by], now=NOW)[0]
