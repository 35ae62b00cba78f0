"""Who is reminded of what is due before it is, and past its day (rule 8)."""

import datetime

import pytest

from guantong.directives.operations import InstructionDraft, issue_instructions
from guantong.rectification.queries import reminders_due
from guantong.research.models import Project
from guantong.research.operations import report_projects
from guantong.research.tests.factories import LATER, MONDAY, NOW, World, days

pytestmark = pytest.mark.django_db
DUE = MONDAY + days(30)


@pytest.fixture
def world() -> World:
    return World()


def reminded(world: World, on: datetime.date) -> dict[str, set[str]]:
    due = reminders_due(world.campaign, on)
    return {
        person.username: {reminder.record.reference for reminder in several}
        for person, several in due.items()
    }


def test_a_project_is_reminded_of_until_its_report_is_there(world: World) -> None:
    project = world.approved()
    reference = project.record.reference
    assert reminded(world, DUE - days(20)) == {}
    assert reminded(world, DUE - days(1)) == {"researcher_d1": {reference}}
    assert reminded(world, DUE + days(3)) == {"head_d1": {reference}}
    assert reminded(world, DUE + days(10)) == {"head_m": {reference}}
    assert reminded(world, DUE + days(60)) == {"coordinator": {reference}}
    report_projects(
        projects=[Project.objects.get(pk=project.pk)],
        report="All that was seen.",
        actor=world.people["researcher_d1"],
        now=LATER,
    )
    assert reminded(world, DUE + days(60)) == {}


def test_an_instruction_is_reminded_of_until_it_is_done(world: World) -> None:
    draft = InstructionDraft(
        campaign=world.campaign,
        unit=world.units["D1"],
        title="See to the moulds",
        text="See to the moulds.",
        issued_by="The meeting",
        issued_on=NOW.date(),
        owner=world.people["owner_d1"],
        due_on=DUE,
    )
    [instruction] = issue_instructions(drafts=[draft], actor=world.people["coordinator"], now=NOW)
    reference = instruction.record.reference
    assert reminded(world, DUE) == {"owner_d1": {reference}}
    assert reminded(world, DUE + days(3)) == {"head_d1": {reference}}
