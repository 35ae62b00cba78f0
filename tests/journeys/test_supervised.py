"""Whatever a unit is to do by a day is raised past it, level by level, and answered (rule 8)."""

import datetime
import io
from pathlib import Path
from typing import Any

import docx
import pytest

from guantong.audit.operations import QueryDraft, raise_queries
from guantong.directives.operations import InstructionDraft, issue_instructions
from guantong.overview.tests.factories import client_of
from guantong.records.models import Record
from guantong.records.operations import escalate_by_hand
from guantong.records.refusals import Refused
from guantong.rectification.operations import DriveDraft, escalate_overdue, open_drives
from guantong.rectification.queries import reminders_due
from guantong.rectification.tests.factories import World, world
from guantong.research.operations import ProjectDraft, propose_projects
from guantong.units.tests.factories import NOW, TODAY

DUE = TODAY + datetime.timedelta(7)
KINDS = ("project", "drive", "instruction", "audit_query")


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


def due_record(here: World, kind: str) -> Any:
    """One record of a kind that the first department is to have done by the day."""
    of: dict[str, Any] = {
        "campaign": here.campaign,
        "unit": here.units["D1"],
        "title": "Castings",
        "due_on": DUE,
    }
    liaison, leader = here.people["liaison_d1"], here.people["head_m"]
    if kind == "project":
        project = ProjectDraft(**of, owner=here.people["owner_d1"])
        return propose_projects(drafts=[project], actor=liaison, now=NOW)[0]
    if kind == "drive":
        return open_drives(drafts=[DriveDraft(**of)], actor=here.coordinator, now=NOW)[0]
    if kind == "audit_query":
        [problem] = here.identified()
        asked = QueryDraft(problem.record, "Who saw the logs?", of["title"], DUE)
        return raise_queries(drafts=[asked], actor=here.people["auditor"], now=NOW)[0]
    order = InstructionDraft(**of, issued_on=TODAY, leader=leader, text="By autumn")
    return issue_instructions(drafts=[order], actor=liaison, now=NOW)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_office_prints_the_supervision_sheet_of_each(here: World, kind: str) -> None:
    detail = due_record(here, kind)
    client = client_of(here.coordinator)
    address = f"/r/{detail.pk}/documents/supervision-sheet/en.docx"
    assert address in client.get(f"/r/{detail.pk}/").content.decode()
    tables = docx.Document(io.BytesIO(client.get(address).content)).tables
    said = {cell.text for table in tables for row in table.rows for cell in row.cells}
    assert {"Castings", str(here.units["D1"])} <= said
    if kind == "instruction":
        assert "By autumn" in said


def level(detail: Any) -> int:
    return Record.objects.get(pk=detail.pk).escalation_level


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_late_rises_to_the_level_of_whoever_is_reminded(here: World, kind: str) -> None:
    detail = due_record(here, kind)
    for days, expected, name in ((3, 1, "head_d1"), (10, 2, "head_m"), (21, 3, "coordinator")):
        moment = NOW + (DUE - TODAY) + datetime.timedelta(days)
        escalate_overdue(campaign=here.campaign, now=moment)
        assert level(detail) == expected
        due = reminders_due(here.campaign, here.campaign.day_of(moment))
        found = {p.username: [(r.record.pk, r.level) for r in rs] for p, rs in due.items()}
        assert found == {name: [(detail.pk, expected)]}


@pytest.mark.parametrize("kind", KINDS)
def test_the_head_answers_by_a_step_and_nobody_beneath_raises(here: World, kind: str) -> None:
    detail = due_record(here, kind)
    with pytest.raises(Refused):
        escalate_by_hand(
            details=[detail], level=1, actor=here.people["liaison_d1"], now=NOW, reason="Slow"
        )
    sent = client_of(here.coordinator).post(
        f"/r/{detail.pk}/escalate/", {"level": 2, "reason": "Nothing was heard of it"}
    )
    assert (sent.status_code, level(detail)) == (302, 2)
    address = f"/r/{detail.pk}/answer_escalation/"
    refused = client_of(here.people["liaison_d1"]).post(address, {"reason": "We are at it"})
    assert (refused.status_code, level(detail)) == (422, 2)
    head = client_of(here.people["head_d1"])
    # What would end the matter is asked for first: an instruction's measures.
    assert f"/r/{detail.pk}/" in head.get("/my-work/").content.decode()
    assert address in head.get(f"/r/{detail.pk}/").content.decode()
    answered = head.post(address, {"reason": "A second team is on it"})
    assert (answered.status_code, level(detail)) == (302, 0)
    assert address not in head.get("/my-work/").content.decode()
