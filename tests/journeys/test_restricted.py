"""Restricted records hunted by subtraction: what hangs together with one tells nothing of it.

In both worlds the same restricted records exist, so that numbers and references agree. In one of
them they led to, or came of, records that everybody sees. An outsider must not be able to tell
which of the two it is.
"""

from __future__ import annotations

from typing import Any

import pytest

from guantong.directives.operations import InstructionDraft, issue_instructions
from guantong.people.models import Person
from guantong.records.models import Link, Record
from guantong.records.operations import link_records
from guantong.rectification.operations import (
    DriveDraft,
    InspectionDraft,
    open_drives,
    plan_inspections,
)
from guantong.rectification.tests import factories as rectification
from guantong.research.tests import factories as research
from guantong.study.models import Format
from guantong.study.operations import IdeaDraft, SessionDraft, plan_sessions, raise_ideas
from guantong.units.tests.factories import NOW, TODAY
from tests.journeys.hunting import (
    Seen,
    counted,
    deep_addresses,
    differing,
    exported,
    in_a_world,
    linked_kinds,
    plain_addresses,
    walk,
)

pytestmark = pytest.mark.django_db
OUTSIDERS = ("auditor", "head_m", "head_d1", "researcher_d2", "administrator")
# Whose every page is walked; of the others, where the site begins and the records it leads to.
WALKED = ("auditor",)


class Stage:
    """Plain records of many kinds, and restricted ones with which they may hang together."""

    def __init__(self) -> None:
        self.field = research.World()
        self.people = self.field.people
        self.campaign = self.field.campaign
        self.now = research.LATER
        self.today = self.campaign.day_of(self.now)
        self.works = rectification.World(self.field.units, self.people, self.campaign)
        self.plain = self.records(is_restricted=False)
        self.kept = self.records(is_restricted=True)

    def records(self, *, is_restricted: bool) -> dict[str, Record]:
        coordinator, unit = self.people["coordinator"], self.field.units["D1"]
        common: dict[str, Any] = {"campaign": self.campaign, "unit": unit}
        by: dict[str, Any] = {"actor": coordinator, "now": NOW}
        word = "kept" if is_restricted else "open"
        kept = {"is_restricted": is_restricted}
        [session] = plan_sessions(
            drafts=[
                SessionDraft(
                    **common, title=f"Reading, {word}", format=Format.READING_CLASS,
                    planned_on=TODAY, held_on=TODAY, head_count=3, **kept,
                )
            ],
            **by,
        )  # fmt: skip
        project = self.field.approved(title=f"How moulds hold, {word}", **kept)
        [late] = raise_ideas(drafts=[IdeaDraft(**common, title=f"Pour by day, {word}")], **by)
        finding = self.field.finding(project.record, title=f"One maker, {word}", **kept)
        loose = self.field.finding(project.record, title=f"A second maker, {word}", **kept)
        [inspection] = plan_inspections(
            drafts=[InspectionDraft(**common, title=f"A look at D1, {word}", **kept)], **by
        )
        [instruction] = issue_instructions(
            drafts=[
                InstructionDraft(
                    **common, title=f"See to it, {word}", issued_on=TODAY,
                    issued_by="Weekly meeting", issuer_kind="meeting", **kept,
                )
            ],
            **by,
        )  # fmt: skip
        [drive] = open_drives(drafts=[DriveDraft(**common, title=f"Moulds, {word}")], **by)
        [problem] = self.works.closed(**kept)
        [other] = self.works.planned(**kept)
        [measure] = self.works.measures([other])
        found = {
            "session": session, "project": project, "idea": late, "finding": finding,
            "loose": loose, "inspection": inspection, "instruction": instruction, "drive": drive,
            "problem": problem, "other": other, "measure": measure,
        }  # fmt: skip
        if is_restricted:
            ids = [one.pk for one in found.values()]
            Record.objects.filter(pk__in=ids).update(is_restricted=True)
        return {name: Record.objects.get(pk=one.pk) for name, one in found.items()}

    def tie(self) -> None:
        """Let each pair of kinds that can hang together do so, both ways round."""
        for source, target, kind in TIES:
            for one, two in ((self.plain, self.kept), (self.kept, self.plain)):
                link_records(
                    pairs=[(one[source], two[target])], kind=kind,
                    actor=self.people["coordinator"], now=self.now,
                )  # fmt: skip


TIES = [
    ("session", "idea", "raised"),
    ("idea", "problem", "taken_up"),
    ("project", "finding", "raised"),
    ("loose", "problem", "taken_up"),
    ("loose", "measure", "taken_up"),
    ("loose", "instruction", "taken_up"),
    ("inspection", "problem", "raised"),
    ("instruction", "measure", "answered_by"),
    ("other", "measure", "answered_by"),
    ("drive", "problem", "grouped"),
    ("problem", "other", "see_also"),
]


def outlook(stage: Stage, name: str, linked: set[tuple[str, str]]) -> Seen:
    person = Person.objects.get(username=name)
    addresses = [*plain_addresses(), *deep_addresses(linked)]
    for record in (*stage.plain.values(), *stage.kept.values()):
        addresses += [f"/r/{record.pk}/", f"/{record.reference}"]
    return {
        **walk(person, addresses, is_far=name in WALKED),
        **exported(stage, person),
        **counted(stage, person),
    }


@pytest.mark.parametrize("name", OUTSIDERS)
def test_what_hangs_together_with_a_restricted_record_tells_nothing_of_it(name: str) -> None:
    stage = Stage()

    def linked_when_tied() -> set[tuple[str, str]]:
        stage.tie()
        return linked_kinds()

    linked = in_a_world(stage, linked_when_tied)

    def untied() -> Seen:
        return outlook(stage, name, linked)

    def tied() -> Seen:
        stage.tie()
        return outlook(stage, name, linked)

    expected, found = in_a_world(stage, untied), in_a_world(stage, tied)
    assert differing(expected, found) == {}
    assert len(expected) > 150


def test_the_coordinator_sees_it() -> None:
    """Else the hunt above would find nothing for another reason."""
    stage = Stage()
    coordinator = stage.people["coordinator"]
    expected = in_a_world(stage, lambda: counted(stage, coordinator))
    stage.tie()
    assert differing(expected, counted(stage, coordinator))
    assert Link.objects.filter(target=stage.kept["problem"], source=stage.plain["loose"]).exists()
