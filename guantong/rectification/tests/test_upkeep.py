"""Routing up with its clock, long-term reviews, accepted risks that expire, levels by hand."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.management import call_command

from guantong.campaigns.operations import set_days
from guantong.ledger.verification import verify
from guantong.people.rules import COORDINATOR
from guantong.records.models import Partner
from guantong.records.operations import CannotEscalate, answer_escalations, escalate_by_hand
from guantong.records.queries import moves_of
from guantong.records.registry import kind_of
from guantong.records.rules import Paper
from guantong.rectification import operations
from guantong.rectification.models import Problem, Review, Routing
from guantong.rectification.operations import (
    CannotAnswerRouting,
    CannotReviewProblem,
    CannotRouteProblem,
)
from guantong.rectification.tests.factories import World, appointed, fresh, fresh_state
from guantong.units.tests.factories import NOW, TODAY

DAY = datetime.timedelta(1)


def route(here: World, problems: list[Problem], actor: str = "head_d1", **values: Any) -> Any:
    said = {"unit": here.units["M"], "reason": "The rule is the ministry's", **values}
    return operations.route_problems_up(
        problems=problems, actor=here.people[actor], now=NOW, **said
    )


def take_over(here: World, problems: list[Problem], actor: str = "head_m", **values: Any) -> Any:
    said = {"reason": "It is ours", **values}
    return operations.take_over_problems(
        problems=problems, actor=here.people[actor], now=NOW, **said
    )


def answer(here: World, problems: list[Problem], actor: str = "head_m", **values: Any) -> Any:
    said = {"reason": "The rule gives you leave already", **values}
    return operations.answer_routings(problems=problems, actor=here.people[actor], now=NOW, **said)


def test_the_unit_above_takes_over_and_the_asker_stays_partner(here: World) -> None:
    problems = here.assigned(2)
    [routing, _other] = route(here, problems)
    assert (routing.asked_of, routing.asked_by) == (here.units["M"], here.people["head_d1"])
    take_over(here, fresh(problems), owner=here.people["head_m"])
    for problem in fresh(problems):
        assert problem.record.unit == here.units["M"]
        assert problem.record.owner == here.people["head_m"]
        assert problem.record.state == "assigned"
    assert set(Partner.objects.values_list("unit__code", flat=True)) == {"D1"}
    said = set(Routing.objects.values_list("outcome", "answer", "answered_on"))
    assert said == {("taken_over", "It is ours", TODAY)}
    assert verify().is_clean


def test_an_answer_in_writing_leaves_the_problem_where_it_is(here: World) -> None:
    [problem] = here.planned()
    route(here, [problem])
    answer(here, fresh([problem]))
    [after] = fresh([problem])
    assert (after.record.unit, after.record.state) == (here.units["D1"], "planned")
    assert Routing.objects.get().outcome == "answered"
    assert len(route(here, [after], reason="Asked once more")) == 1
    facts = kind_of("problem").facts
    assert facts is not None
    said = " ".join(str(fact.value) for fact in facts(after))
    assert "The rule gives you leave already" in said
    assert "answer due on" in said


def test_the_clock_runs_on_working_days(here: World) -> None:
    # 2023-06-01 is a Thursday; ten working days on, with one Monday off.
    off = datetime.date(2023, 6, 5)
    set_days(campaign=here.campaign, days={off: False}, actor=None, now=NOW)
    [routing] = route(here, here.assigned())
    assert routing.due_on == datetime.date(2023, 6, 16)


def test_one_question_waits_at_a_time_and_only_above(here: World) -> None:
    problems = here.assigned()
    for unit in ("D1", "D2", "O1"):
        with pytest.raises(CannotRouteProblem, match="isn't above"):
            route(here, problems, unit=here.units[unit])
    route(here, problems)
    with pytest.raises(CannotRouteProblem, match="hasn't answered yet"):
        route(here, fresh(problems))


@pytest.mark.parametrize("actor", ["liaison_d1", "coordinator", "owner_d1", "head_d2", "auditor"])
def test_the_head_of_the_unit_asks(here: World, actor: str) -> None:
    with pytest.raises(CannotRouteProblem):
        route(here, here.assigned(), actor)
    assert not Routing.objects.exists()


@pytest.mark.parametrize("actor", ["head_d1", "liaison_d1", "inspector", "auditor", "head_d2"])
def test_the_unit_asked_answers(here: World, actor: str) -> None:
    problems = here.assigned()
    route(here, problems)
    for way in (take_over, answer):
        with pytest.raises(CannotAnswerRouting):
            way(here, fresh(problems), actor)
    assert Routing.objects.get().answered_on is None


def test_a_unit_between_does_not_answer_for_the_one_asked(here: World) -> None:
    problems = here.identified(unit=here.units["O1"])
    route(here, problems, "head_o1")
    with pytest.raises(CannotAnswerRouting, match="was asked"):
        take_over(here, fresh(problems), "head_d1")
    take_over(here, fresh(problems), "head_m")


def test_nobody_answers_what_they_asked(here: World) -> None:
    problems = here.assigned()
    appointed(here, "head_d1", COORDINATOR, "M")
    route(here, problems)
    for way in (take_over, answer):
        with pytest.raises(CannotAnswerRouting, match="asked themselves"):
            way(here, fresh(problems), "head_d1")


def test_nothing_is_answered_that_nobody_asked(here: World) -> None:
    problems = here.assigned()
    for way in (take_over, answer):
        with pytest.raises(CannotAnswerRouting, match="No unit beneath"):
            way(here, problems)


def test_an_answer_on_paper_is_that_leaders(here: World) -> None:
    problems = here.identified(unit=here.units["O1"])
    route(here, problems, "head_o1")
    paper = Paper(on=TODAY, number="7", scan="0" * 64, by=here.people["head_d1"].pk)
    with pytest.raises(CannotAnswerRouting, match="was asked"):
        answer(here, fresh(problems), "liaison_o1", paper=paper)
    paper = Paper(on=TODAY, number="7", scan="0" * 64, by=here.people["head_m"].pk)
    answer(here, fresh(problems), "liaison_o1", paper=paper)
    assert Routing.objects.get().answered_by == here.people["head_m"]


def test_a_long_term_problem_is_reviewed_on_set_days(here: World) -> None:
    [problem] = here.planned()
    inspector, head = here.people["inspector"], here.people["head_d1"]
    with pytest.raises(CannotReviewProblem, match="isn't kept up"):
        review(here, problem, "head_d1")
    for day in (TODAY, TODAY - DAY):
        with pytest.raises(CannotReviewProblem, match="still to come"):
            operations.keep_long_term(problems=[problem], review_on=day, actor=head, now=NOW)
    operations.keep_long_term(problems=[problem], review_on=TODAY + 30 * DAY, actor=head, now=NOW)
    review(here, problem, "liaison_d1", next_on=TODAY + 90 * DAY)
    assert fresh([problem])[0].review_on == TODAY + 90 * DAY
    with pytest.raises(CannotReviewProblem):
        operations.review_problems(
            problems=fresh([problem]), actor=inspector, now=NOW, reason="Not assigned to it"
        )
    with pytest.raises(CannotReviewProblem, match="reason"):
        review(here, fresh([problem])[0], "head_d1", reason=" ")
    review(here, fresh([problem])[0], "head_d1")
    assert fresh([problem])[0].review_on is None
    assert list(Review.objects.values_list("text", "next_on")) == [
        ("Still kept up", TODAY + 90 * DAY),
        ("Still kept up", None),
    ]
    assert verify().is_clean


def review(here: World, problem: Problem, actor: str, **values: Any) -> None:
    said = {"reason": "Still kept up", **values}
    operations.review_problems(problems=[problem], actor=here.people[actor], now=NOW, **said)


def accepted(here: World, days: int) -> Problem:
    [problem] = here.assigned()
    operations.accept_problem_risks(
        problems=[problem],
        until=TODAY + days * DAY,
        actor=here.people["head_m"],
        now=NOW,
        reason="Rare",
    )
    return problem


def test_a_risk_is_reopened_once_its_day_has_passed(here: World) -> None:
    short, long = accepted(here, 10), accepted(here, 20)

    def reopen(days: int) -> list[int]:
        found = operations.reopen_expired_risks(campaign=here.campaign, now=NOW + days * DAY)
        return [problem.pk for problem in found]

    assert reopen(9) == reopen(10) == []
    assert reopen(11) == [short.pk]
    assert reopen(11) == []
    assert [fresh_state(short), fresh_state(long)] == ["reopened", "risk_accepted"]
    assert reopen(400) == [long.pk]
    assert verify().is_clean


def test_the_daily_command_reopens_expired_risks(here: World, capsys: Any) -> None:
    problem = accepted(here, 1)
    call_command("escalate")
    assert "1 reopened" in capsys.readouterr().out
    assert fresh_state(problem) == "reopened"


def test_levels_are_raised_by_hand_and_answered(here: World) -> None:
    [problem] = here.planned()
    [measure] = here.measures([problem])
    for detail in (problem, measure):
        escalate_by_hand(
            details=[detail], level=2, actor=here.coordinator, now=NOW, reason="Asked twice"
        )
        with pytest.raises(CannotEscalate):
            escalate_by_hand(
                details=[detail], level=1, actor=here.coordinator, now=NOW, reason="Less"
            )
        assert fresh([detail])[0].record.escalation_level == 2
        answer_escalations(
            details=[detail], actor=here.people["head_d1"], now=NOW, reason="Ordered now"
        )
        assert fresh([detail])[0].record.escalation_level == 0
        with pytest.raises(CannotEscalate, match="No escalation"):
            answer_escalations(
                details=[detail], actor=here.people["head_d1"], now=NOW, reason="Again"
            )
    with pytest.raises(CannotEscalate):
        escalate_by_hand(
            details=[problem], level=1, actor=here.people["liaison_d1"], now=NOW, reason="Mine"
        )
    assert verify().is_clean


@pytest.mark.parametrize(
    ("who", "state", "name", "values"),
    [
        ("head_d1", "assigned", "route_up", {"reason": "Theirs"}),
        ("head_d1", "planned", "keep_long_term", {"review_on": "2999-01-01"}),
        ("coordinator", "planned", "escalate", {"level": 1, "reason": "Late"}),
    ],
)
def test_the_pages_ask_for_it(
    here: World, client: Any, who: str, state: str, name: str, values: dict[str, Any]
) -> None:
    [problem] = getattr(here, state)()
    client.force_login(here.people[who])
    url = f"/r/{problem.pk}/{name}/"
    assert client.get(url).status_code == 200
    if name == "route_up":
        values = {**values, "unit": here.units["M"].pk}
    answer = client.post(url, values)
    assert answer.status_code == 302, answer.content.decode()
    follow = {
        "route_up": ("head_m", "take_over", {"reason": "Ours"}),
        "keep_long_term": ("head_d1", "review", {"reason": "Well", "next_on": ""}),
        "escalate": ("head_d1", "answer_escalation", {"reason": "Done"}),
    }[name]
    client.force_login(here.people[follow[0]])
    answer = client.post(f"/r/{problem.pk}/{follow[1]}/", follow[2])
    assert answer.status_code == 302, answer.content.decode()


def test_answers_show_only_where_something_was_asked(here: World) -> None:
    [problem] = here.assigned()
    head = here.people["head_m"]

    def shown() -> set[str]:
        [fresh_problem] = fresh([problem])
        return {move.transition.name for move in moves_of(fresh_problem, person=head, on=TODAY)}

    answers = {"take_over", "answer_routing", "answer_escalation", "review"}
    assert shown() & answers == set()
    route(here, [problem])
    assert shown() & answers == {"take_over", "answer_routing"}
