"""My work holds what a person is asked: routings, reviews, escalations, requests, audit queries."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest

from guantong.audit.operations import QueryDraft, raise_queries
from guantong.directives.operations import RequestDraft, draft_requests, send_requests
from guantong.overview.queries import waiting_for
from guantong.overview.rules import fairly
from guantong.overview.tests.factories import client_of
from guantong.people.operations import end_appointment
from guantong.records.models import Record
from guantong.records.operations import answer_escalations, comment_on, escalate_by_hand
from guantong.records.queries import details_of
from guantong.records.registry import kinds
from guantong.rectification import operations
from guantong.rectification.operations import MeasureDraft
from guantong.rectification.tests.factories import World, appointed, fresh, world
from guantong.units.tests.factories import NOW, TODAY


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


def asked(here: World, name: str, on: datetime.date = TODAY) -> set[tuple[int, str]]:
    """The records and questions that stand in somebody's work, each with its button."""
    person = here.people[name]
    person.forget_grants()
    return {
        (one.record.pk, str(one.question.label))
        for one in waiting_for(person, campaign=here.campaign, on=on)
        if one.question
    }


PROPOSE = "Propose a measure"


def those_asked(here: World, record: Record, on: datetime.date = TODAY) -> set[str]:
    """Who is asked something of a record, but for a measure, which any problem in hand needs."""
    return {
        name
        for name in here.people
        if any(pk == record.pk and label != PROPOSE for pk, label in asked(here, name, on))
    }


def those_to_propose(here: World, record: Record) -> set[str]:
    return {name for name in here.people if (record.pk, PROPOSE) in asked(here, name, TODAY)}


def test_every_question_is_named_and_answered_by_a_step_or_on_the_page() -> None:
    found = {(kind.name, one.move) for kind in kinds() for one in kind.questions}
    assert found == {
        ("problem", ""),
        ("problem", "propose_measures"),
        ("problem", "review"),
        ("problem", "answer_escalation"),
        ("measure", "answer_escalation"),
        ("drive", "answer_escalation"),
        ("project", "answer_escalation"),
        ("instruction", "answer_escalation"),
        ("audit_query", "answer_escalation"),
        ("request", ""),
        ("instruction", ""),
        ("visit", "clear_over_limits"),
    }


def test_a_routing_waits_for_the_head_of_the_unit_asked_until_answered(here: World) -> None:
    [problem] = here.assigned()
    operations.route_problems_up(
        problems=[problem],
        unit=here.units["M"],
        actor=here.people["head_d1"],
        now=NOW,
        reason="It is theirs",
    )
    names = those_asked(here, problem.record)
    assert "head_m" in names
    assert not names & {"head_d1", "head_d2", "liaison_d1", "inspector", "auditor"}
    page = client_of(here.people["head_m"]).get("/my-work/").content.decode()
    assert "Answer the unit that asks" in page
    operations.answer_routings(
        problems=fresh([problem]), actor=here.people["head_m"], now=NOW, reason="It stays"
    )
    assert those_asked(here, problem.record) == set()


def routed(here: World, *, asked_of: str) -> Record:
    """A problem of an office, the cause of which a unit above it is asked to own."""
    [problem] = here.assigned(unit=here.units["O1"])
    operations.route_problems_up(
        problems=[problem],
        unit=here.units[asked_of],
        actor=here.people["head_o1"],
        now=NOW,
        reason="It is theirs",
    )
    return problem.record


def leaves(here: World, *names: str) -> None:
    for name in names:
        for appointment in here.people[name].appointments.select_related("unit", "person"):
            end_appointment(appointment=appointment, ends_on=TODAY, actor=None, now=NOW)


@pytest.mark.parametrize(
    ("gone", "waits_for"),
    [
        ([], {"head_d1"}),
        (["head_d1"], {"head_m"}),
        (["head_d1", "head_m"], {"coordinator"}),
        (["head_m"], {"head_d1"}),
    ],
)
def test_a_routing_reaches_the_nearest_head_and_else_the_coordinator(
    here: World, gone: list[str], waits_for: set[str]
) -> None:
    record = routed(here, asked_of="D1")
    leaves(here, *gone)
    assert those_asked(here, record) == waits_for
    [name] = waits_for
    operations.answer_routings(
        problems=list(details_of([record]).values()),
        actor=here.people[name],
        now=NOW,
        reason="Stays",
    )
    assert those_asked(here, record) == set()


def test_a_routing_passes_over_who_asked(here: World) -> None:
    """Who is head of both the unit that asks and the one asked doesn't answer themselves."""
    appointed(here, "head_o1", "head", "D1")
    leaves(here, "head_d1")
    record = routed(here, asked_of="D1")
    assert those_asked(here, record) == {"head_m"}


def test_a_coordinator_of_just_the_unit_asked_is_asked_too(here: World) -> None:
    appointed(here, "researcher_d1", "coordinator", "D1")
    record = routed(here, asked_of="D1")
    assert those_asked(here, record) == {"head_d1", "researcher_d1"}


def test_a_review_waits_from_its_day_on(here: World) -> None:
    [problem] = here.planned()
    day = TODAY + datetime.timedelta(9)
    operations.keep_long_term(
        problems=[problem], review_on=day, actor=here.people["head_d1"], now=NOW
    )
    assert those_asked(here, problem.record) == set()
    names = those_asked(here, problem.record, day)
    assert {"liaison_d1", "head_d1"} <= names
    assert not names & {"liaison_d2", "head_d2", "auditor"}


def test_an_escalation_waits_for_the_head_and_at_last_for_the_coordinator(here: World) -> None:
    [problem] = here.planned()
    [measure] = here.measures([problem])
    for detail in (problem, measure):
        escalate_by_hand(details=[detail], level=1, actor=here.coordinator, now=NOW, reason="Late")
        names = those_asked(here, detail.record)
        assert "head_d1" in names
        assert not names & {"coordinator", "head_d2", "liaison_d1"}
        escalate_by_hand(
            details=fresh([detail]), level=3, actor=here.coordinator, now=NOW, reason="Later"
        )
        assert "coordinator" in those_asked(here, detail.record)
        answer_escalations(
            details=fresh([detail]), actor=here.people["head_d1"], now=NOW, reason="Ordered"
        )
        assert those_asked(here, detail.record) == set()


def test_what_is_asked_of_a_record_hides_no_step_of_it(here: World) -> None:
    [problem] = here.assigned()
    here.proposed([problem])
    escalate_by_hand(details=[problem], level=1, actor=here.coordinator, now=NOW, reason="Late")
    head = here.people["head_d1"]
    page = client_of(head).get("/my-work/").content.decode()
    steps = re.findall(rf'href="/r/{problem.pk}/(\w+)/\?next', page)
    assert steps == ["plan", "answer_escalation"]
    comment_on(
        record=problem.record, text="By when?", is_question=True, actor=here.coordinator, now=NOW
    )
    owner = client_of(here.people["owner_d1"]).get("/my-work/").content.decode()
    assert "Answer the question" in owner


def test_a_request_waits_for_each_unit_until_it_replies(here: World) -> None:
    requests = draft_requests(
        drafts=[
            RequestDraft(
                campaign=here.campaign,
                unit=here.units["M"],
                title="Spare parts",
                items=["Which spares were tested twice"],
                units=[here.units["D1"], here.units["D2"]],
                due_on=TODAY + datetime.timedelta(9),
            )
        ],
        actor=here.coordinator,
        now=NOW,
    )
    record = requests[0].record
    assert those_asked(here, record) == set()
    send_requests(requests=requests, actor=here.coordinator, now=NOW)
    assert {"liaison_d1", "liaison_d2", "head_d1"} <= those_asked(here, record)
    comment_on(record=record, text="None was", actor=here.people["liaison_d1"], now=NOW)
    names = those_asked(here, record)
    assert "liaison_d2" in names
    assert not names & {"liaison_d1", "head_d1"}


def test_an_audit_query_waits_for_the_head_and_its_answer_for_the_auditor(here: World) -> None:
    [problem] = here.planned()
    [query] = raise_queries(
        drafts=[QueryDraft(about=problem.record, title="Why", question="Why so late?")],
        actor=here.people["auditor"],
        now=NOW,
    )
    page = client_of(here.people["head_d1"]).get("/my-work/").content.decode()
    assert f"/r/{query.pk}/answer/" in page
    page = client_of(here.people["liaison_d1"]).get("/my-work/").content.decode()
    assert f"/r/{query.pk}/answer/" not in page


def steps(here: World, name: str, record: Record, on: datetime.date = TODAY) -> list[str]:
    """What somebody's work offers to do with one record."""
    person = here.people[name]
    person.forget_grants()
    waiting = waiting_for(person, campaign=here.campaign, on=on)
    return [step.name for one in waiting if one.record == record for step in one.steps]


def test_a_question_in_a_comment_waits_for_whoever_owns_the_record_until_answered(
    here: World,
) -> None:
    """So a head who doesn't approve a measure isn't left with nothing but withdrawing it."""
    [problem] = here.assigned()
    [measure] = here.proposed([problem])
    page = client_of(here.people["head_d1"]).get(f"/r/{measure.pk}/approve/").content.decode()
    assert f"/r/{measure.pk}/?ask=1#comments" in page
    asking = client_of(here.people["head_d1"]).get(f"/r/{measure.pk}/?ask=1").content.decode()
    assert re.search(r'name="is_question"[^>]* checked', asking)
    question = comment_on(
        record=measure.record,
        text="Who keeps it up?",
        actor=here.people["head_d1"],
        now=NOW,
        is_question=True,
    )
    names = those_asked(here, measure.record)
    assert "owner_d1" in names
    assert not names & {"head_d1", "head_d2", "auditor"}
    comment_on(
        record=measure.record,
        text="The keeper",
        actor=here.people["owner_d1"],
        now=NOW,
        answers=question,
    )
    assert those_asked(here, measure.record) == set()
    assert steps(here, "head_d1", measure.record) == ["approve"]


def test_a_measure_with_nothing_to_show_waits_from_a_week_before_it_is_due(here: World) -> None:
    [problem], due = here.assigned(), TODAY + datetime.timedelta(20)
    draft = MeasureDraft("Name a keeper", problem, owner=here.people["owner_d1"], due_on=due)
    [measure] = operations.propose_measures(
        drafts=[draft], actor=here.people["liaison_d1"], now=NOW
    )
    operations.approve_measures(measures=[measure], actor=here.people["head_d1"], now=NOW)
    assert steps(here, "owner_d1", measure.record, due - datetime.timedelta(8)) == []
    assert steps(here, "owner_d1", measure.record, due - datetime.timedelta(7)) == ["claim"]


def test_a_problem_waits_for_its_criterion_which_the_step_itself_asks_for(here: World) -> None:
    [problem] = here.assigned(closure_criterion="")
    measures = here.proposed([problem])
    operations.approve_measures(measures=measures, actor=here.people["head_d1"], now=NOW)
    assert steps(here, "head_d1", problem.record) == ["plan"]


def test_a_problem_in_hand_without_a_measure_waits_for_its_liaison(here: World) -> None:
    [problem] = here.assigned()
    assert those_to_propose(here, problem.record) == {"liaison_d1", "liaison2_d1"}
    [measure] = here.proposed([problem])
    assert those_to_propose(here, problem.record) == set()
    head = here.people["head_d1"]
    operations.withdraw_measures(measures=[measure], actor=head, now=NOW, reason="Another way")
    assert those_to_propose(here, problem.record) == {"liaison_d1", "liaison2_d1"}


def test_what_the_responsible_ask_themselves_waits_for_the_coordinator(here: World) -> None:
    [problem] = here.planned()
    comment_on(
        record=problem.record,
        text="We ask for more time",
        actor=here.people["owner_d1"],
        now=NOW,
        is_question=True,
    )
    names = those_asked(here, problem.record)
    assert "coordinator" in names
    assert "owner_d1" not in names


def test_no_step_crowds_out_what_waits_less_long() -> None:
    rows = [("answer", 1), ("answer", 2), ("answer", 3), ("assign", 8), ("answer", 9)]
    kept = fairly(rows, 3, of=lambda row: row[0])
    assert kept == [("answer", 1), ("answer", 2), ("assign", 8)]
    assert fairly(rows, 9, of=lambda row: row[0]) == rows


def test_work_that_is_cut_off_says_so_and_leads_to_the_lists_with_the_rest(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.identified(5)
    client = client_of(here.coordinator)
    said = "the nearest of each step"
    assert said not in client.get("/my-work/").content.decode()
    monkeypatch.setattr("guantong.overview.views.work.LIMIT", 3)
    page = client.get("/my-work/").content.decode()
    assert f"Shown are 3, {said}" in page
    [address] = re.findall(r'href="(/problems/[^"]+)">Problems</a>', page)
    assert address == "/problems/?state=identified&amp;order=due"
    rest = client.get(address.replace("&amp;", "&")).content.decode()
    assert all(f"Problem {number}" in rest for number in range(5))
