"""Findings are settled by policy documents and spread practices, too, on page and by sheet."""

import datetime

import pytest
from django.test import Client

from guantong.kit.sheets import Context
from guantong.research.models import Finding, Policy, Practice
from guantong.research.operations import (
    CannotEnterUse,
    CannotTakeUpFinding,
    PolicyDraft,
    issue_policies,
    take_up_findings,
)
from guantong.research.queries import settled, with_unsettled_findings
from guantong.research.sheets import FINDINGS, POLICIES, PRACTICES
from guantong.research.tests.factories import LATER, World, days
from guantong.study.tests.factories import World as StudyWorld
from guantong.study.tests.factories import held

pytestmark = pytest.mark.django_db
TODAY = LATER.date()


@pytest.fixture
def here() -> World:
    return World()


@pytest.fixture
def finding(here: World) -> Finding:
    return here.finding(here.made(here.approved()).record)


def client_of(here: World, name: str) -> Client:
    client = Client()
    client.force_login(here.people[name])
    return client


def policy_draft(here: World, *findings: Finding, **values: object) -> PolicyDraft:
    said = {"title": "Second sources", "issued_on": TODAY, "findings": findings, **values}
    return PolicyDraft(campaign=here.campaign, unit=here.units["D1"], **said)


@pytest.mark.parametrize("name", ["liaison_d1", "researcher_d1", "coordinator"])
def test_a_policy_document_settles_its_finding(here: World, finding: Finding, name: str) -> None:
    reference = finding.record.reference
    client = client_of(here, name)
    assert f"/new/policies/?findings={reference}" in client.get(
        f"/r/{finding.pk}/"
    ).content.decode().replace("&amp;", "&")
    said = {"title": "Second sources", "unit": "D1", "findings": reference, "number": "No. 3"}
    answer = client.post("/new/policies/", {**said, "issued_on": TODAY.isoformat()})
    assert answer.status_code == 302
    policy = Policy.objects.get()
    assert (policy.record.reference, policy.record.state) == ("PD-0001", "issued")
    assert settled([finding.pk]) == {finding.pk}
    assert "Second sources" in client.get(f"/r/{finding.pk}/").content.decode()


def test_a_spread_practice_settles_its_finding_and_is_seen_by_who_took_it_over(
    here: World, finding: Finding
) -> None:
    reference = finding.record.reference
    said = {"title": "Joint store", "unit": "D1", "findings": reference, "partners": "D2"}
    client = client_of(here, "liaison_d1")
    answer = client.post("/new/practices/", {**said, "spread_on": TODAY.isoformat()})
    assert answer.status_code == 302
    practice = Practice.objects.get()
    assert settled([finding.pk]) == {finding.pk}
    assert client_of(here, "liaison_d2").get(f"/r/{practice.pk}/").status_code == 200
    assert not with_unsettled_findings([here.approved(title="Another topic altogether")])


@pytest.mark.parametrize("name", ["liaison_d2", "auditor", "head_d1"])
def test_nobody_else_enters_one(here: World, finding: Finding, name: str) -> None:
    draft = policy_draft(here, finding)
    with pytest.raises(CannotEnterUse):
        issue_policies(drafts=[draft], actor=here.people[name], now=LATER)
    assert not settled([finding.pk])


def test_what_takes_up_nothing_accepted_or_lies_ahead_is_refused(
    here: World, finding: Finding
) -> None:
    waiting = here.finding(finding.record.inbound.get().source, accept=False, title="Waits")
    for draft in (
        policy_draft(here),
        policy_draft(here, waiting),
        policy_draft(here, finding, issued_on=TODAY + days(1)),
        policy_draft(here, finding, title=" "),
    ):
        with pytest.raises(CannotEnterUse):
            issue_policies(drafts=[draft], actor=here.people["liaison_d1"], now=LATER)
    assert not Policy.objects.exists()


@pytest.mark.parametrize("sheet", [POLICIES, PRACTICES], ids=["policies", "practices"])
def test_the_sheets_create_export_and_find_again(here: World, finding: Finding, sheet) -> None:
    context = Context(
        actor=here.people["liaison_d1"], now=LATER, today=TODAY, campaign=here.campaign
    )
    said = {column.name: column.parse.empty for column in sheet.columns}
    said |= {"title": "One", "unit": here.units["D1"], "findings": (finding,)}
    said |= {"issued_on": TODAY, "spread_on": TODAY}
    made = sheet.create([{c.name: said[c.name] for c in sheet.columns}], context)[0]
    (found,) = sheet.find([(made.record.reference,)], context).values()
    assert sheet.column("findings").value_of(found) == (finding,)
    stranger = Context(
        actor=here.people["liaison_d2"], now=LATER, today=TODAY, campaign=here.campaign
    )
    assert not sheet.find([(made.record.reference,)], stranger)


@pytest.mark.parametrize("name", ["liaison_d1", "coordinator"])
def test_a_finding_is_taken_up_by_what_is_there_already(
    here: World, finding: Finding, name: str
) -> None:
    problem = here.problem(reference="P-0001")
    page = f"/r/{finding.pk}/take_up/"
    assert client_of(here, name).post(page, {"target": "p-0001"}).status_code == 302
    assert settled([finding.pk]) == {finding.pk}
    assert finding.record.outbound.get().target == problem


def test_a_finding_is_taken_up_by_no_stranger_and_by_nothing_that_does_not_fit(
    here: World, finding: Finding
) -> None:
    here.problem(reference="P-0001")
    page = f"/r/{finding.pk}/take_up/"
    project = finding.record.inbound.get().source.inbound.get().source
    for name, target in (
        ("head_d1", "P-0001"),
        ("liaison_d2", "P-0001"),
        ("liaison_d1", "P-0009"),
        ("liaison_d1", project.reference),
    ):
        answer = client_of(here, name).post(page, {"target": target})
        assert answer.status_code in (404, 422), (name, target)
    with pytest.raises(CannotTakeUpFinding, match=r"policy document|政策文件"):
        take_up_findings(
            findings=[finding], target=project, actor=here.people["liaison_d1"], now=LATER
        )
    assert not settled([finding.pk])


def test_a_finding_comes_of_a_session_by_page(here: World) -> None:
    session = held(StudyWorld(here.units, here.people, here.campaign))
    said = {
        "title": "Nobody reads the standard",
        "unit": "D1",
        "session": session.record.reference,
        "seen": "Of twenty, two had read it.",
        "finding_kind": "suggestion",
    }
    client = client_of(here, "liaison_d1")
    assert client.post("/new/findings/", said).status_code == 302
    finding = Finding.objects.get()
    assert finding.source_kind == "session"
    assert finding.record.inbound.get().source == session.record
    context = Context(actor=None, now=LATER, today=datetime.date.max, campaign=here.campaign)
    (found,) = FINDINGS.find([(finding.record.reference,)], context).values()
    assert FINDINGS.column("session").value_of(found) == session
