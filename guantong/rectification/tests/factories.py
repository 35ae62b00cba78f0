"""Problems on their way: a world with the cast, and each step taken by who may take it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guantong.campaigns.models import Campaign
from guantong.campaigns.tests.factories import campaign_of
from guantong.evidence.operations import Upload, attach_files
from guantong.people.models import Person
from guantong.people.operations import AppointmentDraft, appoint
from guantong.people.tests.factories import cast
from guantong.records.models import Record
from guantong.records.operations import say_who_sees
from guantong.records.queries import details_of
from guantong.rectification import operations
from guantong.rectification.models import Measure, Problem, Verification
from guantong.rectification.operations import Item, MeasureDraft, ProblemDraft
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, START, TODAY, organisation

DUE = TODAY + datetime.timedelta(30)


@dataclass
class World:
    """The organisation, the cast by user name and the campaign, with short ways to a state."""

    units: dict[str, Unit]
    people: dict[str, Person]
    campaign: Campaign

    def draft(self, title: str = "Furnace logs are incomplete", **values: Any) -> ProblemDraft:
        values.setdefault("unit", self.units["D1"])
        return ProblemDraft(campaign=self.campaign, title=title, **values)

    def finding(self, opened_on: datetime.date) -> Record:
        """An accepted finding of nobody's, from which problems may come."""
        return Record.objects.create(
            campaign=self.campaign,
            kind="finding",
            unit=self.units["D1"],
            title="Logs",
            state="accepted",
            opened_on=opened_on,
        )

    def restrict(self, detail: Any) -> None:
        """Keep a record from all but those who have a part in it."""
        say_who_sees(
            record=Record.objects.get(pk=detail.pk),
            partners=[],
            actor=self.coordinator,
            now=NOW,
            is_restricted=True,
            readers=[],
            reason="Names are in it",
        )

    def identified(self, count: int = 1, **values: Any) -> list[Problem]:
        values.setdefault("closure_criterion", "Three months of complete logs")
        values.setdefault("root_cause", "Nobody was named for the logs")
        drafts = [self.draft(f"Problem {number}", **values) for number in range(count)]
        return operations.identify_problems(drafts=drafts, actor=self.coordinator, now=NOW)

    def assigned(self, count: int = 1, **values: Any) -> list[Problem]:
        return self.assign(self.identified(count, **values))

    def assign(self, problems: Sequence[Problem]) -> list[Problem]:
        return operations.assign_problems(
            problems=problems,
            owner=self.people["owner_d1"],
            due_on=DUE,
            actor=self.coordinator,
            now=NOW,
        )

    def proposed(self, problems: Sequence[Problem]) -> list[Measure]:
        drafts = [
            MeasureDraft(f"Measure for {p.record.title}", p, owner=self.people["owner_d1"])
            for p in problems
        ]
        return operations.propose_measures(drafts=drafts, actor=self.people["liaison_d1"], now=NOW)

    def planned(self, count: int = 1, **values: Any) -> list[Problem]:
        problems = self.assigned(count, **values)
        head = self.people["head_d1"]
        operations.approve_measures(measures=self.proposed(problems), actor=head, now=NOW)
        return operations.plan_problems(problems=problems, actor=head, now=NOW)

    def claimed(self, count: int = 1, **values: Any) -> list[Problem]:
        problems = self.planned(count, **values)
        for measure in self.measures(problems):
            self.attach(measure)
        operations.claim_measures(
            measures=self.measures(problems), actor=self.people["liaison_d1"], now=NOW
        )
        return operations.claim_problems(
            problems=problems, actor=self.people["liaison_d1"], now=NOW
        )

    def requested(self, problems: Sequence[Problem]) -> list[Verification]:
        return operations.request_verifications(
            problems=problems,
            inspector=self.people["inspector"],
            actor=self.coordinator,
            now=NOW,
        )

    def verified(self, count: int = 1, **values: Any) -> list[Problem]:
        problems = self.claimed(count, **values)
        verifications = self.requested(problems)
        operations.pass_verifications(
            verifications=verifications,
            items=self.items(verifications),
            actor=self.people["inspector"],
            now=NOW,
        )
        return fresh(problems)

    def closed(self, count: int = 1, **values: Any) -> list[Problem]:
        return operations.close_problems(
            problems=self.verified(count, **values),
            determination="Logs seen, complete since May",
            actor=self.coordinator,
            now=NOW,
        )

    def closed_again(self, problems: Sequence[Problem]) -> list[Problem]:
        """Bring reopened problems through to closed once more, with one new measure each."""
        head, liaison = self.people["head_d1"], self.people["liaison_d1"]
        measures = self.proposed(problems)
        operations.approve_measures(measures=measures, actor=head, now=NOW)
        operations.plan_problems(problems=fresh(problems), actor=head, now=NOW)
        for measure in measures:
            self.attach(measure)
        operations.claim_measures(measures=fresh(measures), actor=liaison, now=NOW)
        claimed = operations.claim_problems(problems=fresh(problems), actor=liaison, now=NOW)
        verifications = self.requested(claimed)
        operations.pass_verifications(
            verifications=verifications,
            items=self.items(verifications),
            actor=self.people["inspector"],
            now=NOW,
        )
        return operations.close_problems(
            problems=fresh(problems),
            determination="Logs seen again",
            actor=self.coordinator,
            now=NOW,
        )

    def items(
        self,
        verifications: Sequence[Verification],
        *,
        criterion: bool = True,
        unmet: Sequence[int] = (),
    ) -> dict[int, list[Item]]:
        """Findings for the criterion and each claimed measure, met but for those in `unmet`."""
        from guantong.rectification.queries import subjects_of

        subjects = subjects_of(verifications)
        return {
            v.pk: [
                Item("criterion looked at", criterion),
                *(
                    Item("measure looked at", m.pk not in unmet, m.pk)
                    for m in subjects[v.pk].claimed
                ),
            ]
            for v in verifications
        }

    def measures(self, problems: Sequence[Problem]) -> list[Measure]:
        from guantong.rectification.queries import measures_of

        found = measures_of([p.pk for p in problems])
        return [measure for several in found.values() for measure in several]

    def attach(self, detail: Any, content: bytes = b"seen on site") -> None:
        attach_files(
            record=detail.record, uploads=[Upload("seen.txt", [content])], actor=None, now=NOW
        )

    @property
    def coordinator(self) -> Person:
        return self.people["coordinator"]


def world() -> World:
    units = organisation()
    return World(units, cast(units), campaign_of(units))


def fresh(details: Sequence[Any]) -> list[Any]:
    """The same rows, read again."""
    found = details_of([d.record for d in details])
    return [found[d.pk] for d in details]


def fresh_state(detail: Any) -> str:
    detail.record.refresh_from_db()
    return detail.record.state


def appointed(here: World, name: str, role: str, unit: str) -> Person:
    person = here.people[name]
    appoint(
        drafts=[AppointmentDraft(person, role, here.units[unit])],
        actor=None,
        now=NOW,
        starts_on=START,
    )
    person.forget_grants()
    return person
