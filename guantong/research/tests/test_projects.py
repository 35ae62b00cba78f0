import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guantong.campaigns.models import Campaign
from guantong.ledger.models import Entry
from guantong.records.models import Link, Participant, Record, StatePeriod
from guantong.records.operations import link_records
from guantong.records.rules import Paper
from guantong.research.models import Project
from guantong.research.operations import (
    CannotApproveProjects,
    CannotChangeTeams,
    CannotConvertProjects,
    CannotExtendProjects,
    CannotMergeProjects,
    CannotProposeProjects,
    CannotReportProjects,
    CannotReturnProjects,
    CannotWithdrawProjects,
    adopt_projects,
    approve_projects,
    change_project_teams,
    complete_projects,
    convert_projects,
    decide_no_action,
    extend_projects,
    merge_projects,
    propose_projects,
    report_projects,
    resubmit_projects,
    return_projects,
    return_reports,
    withdraw_projects,
)
from guantong.research.tests.factories import LATER, MONDAY, World, days
from guantong.units.tests.factories import NOW, START, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def state(project: Project) -> str:
    return Record.objects.get(pk=project.pk).state


def reported(world: World, **values: object) -> Project:
    project = world.approved(**values)
    report_projects(
        projects=[project], actor=world.people["researcher_d1"], now=LATER, report="It holds."
    )
    return project


def test_who_proposes(world: World) -> None:
    for name in ("head_d1", "auditor", "liaison_d2", "researcher_d2", "owner_d1"):
        with pytest.raises(CannotProposeProjects, match="Alloy Department"):
            world.propose(by=name)
    for name in ("liaison_d1", "researcher_d1", "coordinator"):
        world.propose(by=name)
    references = Record.objects.of_kind("project").values_list("reference", flat=True)
    assert sorted(references) == ["R-0001", "R-0002", "R-0003"]


def test_the_end_comes_after_the_start(world: World) -> None:
    draft = world.draft(starts_on=MONDAY, due_on=MONDAY - days(1))
    with pytest.raises(CannotProposeProjects, match="before the start"):
        world.propose(draft)


def test_the_coordinator_approves_but_not_their_own(world: World) -> None:
    (project,) = world.propose()
    with pytest.raises(CannotApproveProjects, match="is for the coordinator"):
        approve_projects(projects=[project], actor=world.people["head_d1"], now=NOW)
    approve_projects(projects=[project], actor=world.people["coordinator"], now=NOW)
    assert state(project) == "approved"
    for own in (
        world.propose(world.draft("Harbours"), by="coordinator"),
        world.propose(world.draft("Moulds", team=[world.people["coordinator"]])),
        world.propose(world.draft("Alloys", owner=world.people["coordinator"])),
    ):
        with pytest.raises(CannotApproveProjects, match="second person"):
            approve_projects(projects=own, actor=world.people["coordinator"], now=NOW)


def test_heads_approve_where_the_campaign_delegates(world: World) -> None:
    Campaign.objects.update(heads_approve_projects=True)
    world.campaign.refresh_from_db()
    one, two, three = world.propose(
        world.draft("Harbours"), world.draft("Moulds"), world.draft("Alloys")
    )
    with pytest.raises(CannotApproveProjects, match="is for the unit head"):
        approve_projects(projects=[one], actor=world.people["head_d2"], now=NOW)
    approve_projects(projects=[one], actor=world.people["head_d1"], now=NOW)
    approve_projects(projects=[two], actor=world.people["coordinator"], now=NOW)
    assert (state(one), state(two), state(three)) == ("approved", "approved", "proposed")


def test_a_leader_approves_on_paper(world: World) -> None:
    Campaign.objects.update(heads_approve_projects=True)
    world.campaign.refresh_from_db()
    (project,) = world.propose()
    head = world.people["head_d1"]
    paper = Paper(on=TODAY, number="[2023] 7", scan="a" * 64, by=head.pk)
    approve_projects(projects=[project], actor=world.people["liaison_d1"], now=NOW, paper=paper)
    period = StatePeriod.objects.get(record=project.pk, state="approved")
    assert (period.by, period.recorded_by) == (head, world.people["liaison_d1"])


def test_overlaps_are_decided_before_approval(world: World) -> None:
    coordinator = world.people["coordinator"]
    world.approved(title="航空产业链供应链韧性研究")
    (project,) = world.propose(world.draft("航空产业链供应链的韧性研究"))
    with pytest.raises(CannotApproveProjects, match="overlaps R-0001 航空产业链"):
        approve_projects(projects=[project], actor=coordinator, now=NOW)
    approve_projects(
        projects=[project], actor=coordinator, now=NOW, overlap_decision="This one asks suppliers."
    )
    project = Project.objects.get(pk=project.pk)
    assert project.overlap_decision == "This one asks suppliers."
    assert project.record.state == "approved"


def test_restricted_projects_are_not_given_away_by_likeness(world: World) -> None:
    world.propose(world.draft(is_restricted=True))
    (project,) = world.propose()
    approve_projects(projects=[project], actor=world.people["coordinator"], now=NOW)
    assert state(project) == "approved"


def test_a_returned_proposal_is_proposed_again_with_its_story(world: World) -> None:
    (project,) = world.propose()
    with pytest.raises(CannotReturnProjects, match="needs a written reason"):
        return_projects(projects=[project], actor=world.people["head_d1"], now=NOW, reason="")
    return_projects(projects=[project], actor=world.people["head_d1"], now=NOW, reason="Too wide.")
    with pytest.raises(CannotReportProjects, match="starts from"):
        report_projects(
            projects=[project], actor=world.people["researcher_d1"], now=NOW, report="All of it."
        )
    resubmit_projects(projects=[project], actor=world.people["researcher_d1"], now=NOW)
    assert state(project) == "proposed"
    codes = Entry.objects.filter(record=project.pk, subject_kind="project").order_by("pk")
    assert list(codes.values_list("code", flat=True)) == [
        "research.project.proposed",
        "research.project.returned",
        "research.project.resubmitted",
    ]


def test_only_the_team_reports_and_with_a_report(world: World) -> None:
    project = world.approved()
    researcher = world.people["researcher_d1"]
    with pytest.raises(CannotReportProjects, match="attach the report"):
        report_projects(projects=[project], actor=researcher, now=LATER, report=" ")
    with pytest.raises(CannotReportProjects, match="a researcher on it"):
        report_projects(
            projects=[project], actor=world.people["liaison_d1"], now=LATER, report="It holds."
        )
    report_projects(projects=[project], actor=researcher, now=LATER, report="It holds.")
    return_reports(
        projects=[project], actor=world.people["coordinator"], now=LATER, reason="For how long?"
    )
    assert state(project) == "report_returned"
    report_projects(projects=[project], actor=researcher, now=LATER, report="For a year.")
    project = Project.objects.get(pk=project.pk)
    assert (project.record.state, project.report) == ("reported", "For a year.")
    assert project.reported_on == world.campaign.day_of(LATER)


def test_conversion_waits_until_every_accepted_finding_is_settled(world: World) -> None:
    coordinator = world.people["coordinator"]
    project = reported(world)
    by_visit = world.finding(world.made(project).record)
    direct = world.finding(project.record, title="No spare parts")
    world.finding(project.record, title="Only a draft", accept=False)
    with pytest.raises(CannotConvertProjects, match="One mould maker, F-0002 No spare parts"):
        convert_projects(projects=[project], actor=coordinator, now=LATER)
    link_records(
        pairs=[(by_visit.record, world.problem())], kind="taken_up", actor=coordinator, now=LATER
    )
    with pytest.raises(CannotConvertProjects) as refused:
        convert_projects(projects=[project], actor=coordinator, now=LATER)
    assert "One mould maker" not in str(refused.value)
    decide_no_action(findings=[direct], actor=coordinator, now=LATER, reason="Bought meanwhile.")
    convert_projects(projects=[project], actor=coordinator, now=LATER)
    complete_projects(projects=[project], actor=coordinator, now=LATER)
    assert state(project) == "completed"


def test_a_void_problem_settles_nothing(world: World) -> None:
    coordinator = world.people["coordinator"]
    project = reported(world)
    finding = world.finding(project.record)
    void = world.problem(state="void")
    link_records(pairs=[(finding.record, void)], kind="taken_up", actor=coordinator, now=LATER)
    with pytest.raises(CannotConvertProjects, match="not settled"):
        convert_projects(projects=[project], actor=coordinator, now=LATER)


def test_an_extension_keeps_the_original_day(world: World) -> None:
    coordinator = world.people["coordinator"]
    project = world.approved()
    due = MONDAY + days(30)
    with pytest.raises(CannotExtendProjects, match="later day"):
        extend_projects(
            projects=[project], actor=coordinator, now=NOW, due_on=due, reason="More sites."
        )
    with pytest.raises(CannotExtendProjects, match="is for the coordinator"):
        extend_projects(
            projects=[project],
            actor=world.people["head_d1"],
            now=NOW,
            due_on=due + days(9),
            reason="More sites.",
        )
    extend_projects(
        projects=[project], actor=coordinator, now=NOW, due_on=due + days(9), reason="More sites."
    )
    record = Record.objects.get(pk=project.pk)
    assert (record.due_on, record.original_due_on, record.state) == (due + days(9), due, "approved")


def test_merged_projects_hand_on_visits_findings_and_team(world: World) -> None:
    coordinator = world.people["coordinator"]
    one = world.approved(title="Harbours")
    other = world.people["inspector2"]
    two = world.approved(title="Moulds", team=[world.people["researcher_d1"], other])
    visit = world.made(two)
    with pytest.raises(CannotMergeProjects, match="into itself"):
        merge_projects(projects=[two], into=two, actor=coordinator, now=LATER, reason="Same.")
    merge_projects(projects=[two], into=one, actor=coordinator, now=LATER, reason="Same sites.")
    assert state(two) == "merged"
    links = Link.objects.filter(target=visit.pk, kind="fieldwork").values_list("source", flat=True)
    assert set(links) == {one.pk, two.pk}
    assert Link.objects.filter(source=two.pk, target=one.pk, kind="merged_into").exists()
    assert Participant.objects.filter(record=one.pk, person=other).exists()
    (proposal,) = world.propose(world.draft("Blades"))
    with pytest.raises(CannotMergeProjects, match="not under way"):
        merge_projects(projects=[one], into=proposal, actor=coordinator, now=LATER, reason="Same.")


def test_what_has_ended_is_not_withdrawn(world: World) -> None:
    coordinator = world.people["coordinator"]
    (project,) = world.propose()
    withdraw_projects(projects=[project], actor=coordinator, now=NOW, reason="No longer asked.")
    assert state(project) == "withdrawn"
    with pytest.raises(CannotWithdrawProjects, match="is done already"):
        withdraw_projects(projects=[project], actor=coordinator, now=NOW, reason="Again.")


def test_history_keeps_its_own_days(world: World) -> None:
    ended = datetime.date(2023, 4, 20)
    (project,) = adopt_projects(
        drafts=[
            world.draft(opened_on=START, due_on=ended, state="closed_by_source", state_on=ended)
        ],
        actor=world.people["liaison_d1"],
        now=NOW,
    )
    projects = Record.objects.of_kind("project")
    assert projects.in_states("proposed", on=ended - days(1)).count() == 1
    assert projects.in_states("closed_by_source", on=ended).count() == 1
    days_entered = Entry.objects.filter(subject_kind="project", subject_id=project.pk)
    assert list(days_entered.order_by("pk").values_list("effective_on", flat=True)) == [
        START,
        ended,
    ]
    for unknown in ("completed", "converted", ""):
        with pytest.raises(CannotProposeProjects, match="No project is adopted"):
            adopt_projects(drafts=[world.draft(state=unknown)], actor=None, now=NOW)


def test_leaders_own_projects_are_marked(world: World) -> None:
    leader = world.people["head_m"]
    one, two, three = world.propose(
        world.draft("Harbours", leader=leader),
        world.draft("Moulds", is_leaders_own=True),
        world.draft("Blades"),
    )
    assert [p.is_leaders_own for p in (one, two, three)] == [True, True, False]


def test_teams_change_while_a_project_runs(world: World) -> None:
    project = world.approved()
    other = world.people["inspector2"]
    teams = {project.pk: [other]}
    for name in ("researcher_d1", "head_d1", "liaison_d2"):
        with pytest.raises(CannotChangeTeams, match="Alloy Department"):
            change_project_teams(projects=[project], teams=teams, actor=world.people[name], now=NOW)
    liaison = world.people["liaison_d1"]
    with pytest.raises(CannotChangeTeams, match="name the team"):
        change_project_teams(projects=[project], teams={project.pk: []}, actor=liaison, now=NOW)
    change_project_teams(projects=[project], teams=teams, actor=liaison, now=NOW)
    assert [part.person for part in Participant.objects.filter(record=project.pk)] == [other]
    with pytest.raises(CannotReportProjects, match="a researcher on it"):
        report_projects(
            projects=[project], actor=world.people["researcher_d1"], now=LATER, report="So."
        )
    withdraw_projects(
        projects=[project], actor=world.people["coordinator"], now=NOW, reason="No longer asked."
    )
    with pytest.raises(CannotChangeTeams, match="has ended"):
        change_project_teams(projects=[project], teams=teams, actor=liaison, now=NOW)


def test_plural_operations_are_set_wise(world: World) -> None:
    def queries(count: int, word: str) -> tuple[int, int, int]:
        titles = [f"{word} {'x' * (n + 1)} {n} {word[::-1]}" for n in range(count)]
        drafts = [world.draft(title) for title in titles]
        with CaptureQueriesContext(connection) as proposing:
            projects = propose_projects(drafts=drafts, actor=world.people["liaison_d1"], now=NOW)
        with CaptureQueriesContext(connection) as approving:
            approve_projects(
                projects=projects,
                actor=world.people["coordinator"],
                now=NOW,
                overlap_decision="Meant to.",
            )
        with CaptureQueriesContext(connection) as reporting:
            report_projects(
                projects=projects, actor=world.people["researcher_d1"], now=LATER, report="So."
            )
        return len(proposing), len(approving), len(reporting)

    queries(1, "abcdef")
    assert queries(3, "ghijkl") == queries(40, "mnopqr")
