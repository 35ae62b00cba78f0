"""Rules 3 and 4 attacked: other endings, extensions and the original due day."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest

from guantong.people.models import Person
from guantong.records.operations import CannotCorrectRecord, correct_records
from guantong.records.refusals import Refused
from guantong.records.rules import Paper
from guantong.rectification import operations
from guantong.rectification.models import Problem
from guantong.rectification.operations import (
    CannotEndProblem,
    CannotExtendDueDay,
)
from guantong.rectification.tests.factories import DUE, World, fresh, fresh_state
from guantong.units.tests.factories import NOW, TODAY

LATER = DUE + datetime.timedelta(10)


ENDINGS: list[Callable[[list[Problem], Person, str], object]] = [
    lambda problems, actor, reason: operations.end_unimplemented_problems(
        problems=problems, actor=actor, now=NOW, reason=reason
    ),
    lambda problems, actor, reason: operations.supersede_problems(
        problems=problems, actor=actor, now=NOW, reason=reason
    ),
    lambda problems, actor, reason: operations.accept_problem_risks(
        problems=problems, actor=actor, now=NOW, reason=reason, until=LATER
    ),
    lambda problems, actor, reason: operations.extend_problems(
        problems=problems, actor=actor, now=NOW, reason=reason, due_on=LATER
    ),
]


@pytest.mark.parametrize("end", ENDINGS)
@pytest.mark.parametrize("name", ["head_d1", "liaison_d1", "owner_d1", "head_d2", "inspector"])
def test_the_unit_itself_neither_ends_nor_extends(
    here: World, end: Callable[..., object], name: str
) -> None:
    problems = here.assigned()
    with pytest.raises(Refused):
        end(problems, here.people[name], "Because")
    assert fresh_state(problems[0]) == "assigned"


@pytest.mark.parametrize("end", ENDINGS)
def test_a_higher_authority_does_with_a_reason(here: World, end: Callable[..., object]) -> None:
    problems = here.assigned()
    with pytest.raises(Refused, match="reason"):
        end(problems, here.people["head_m"], "  ")
    end(fresh(problems), here.people["head_m"], "The plant closes in autumn")


@pytest.mark.parametrize("end", ENDINGS[:3])
def test_what_has_ended_does_not_end_again(here: World, end: Callable[..., object]) -> None:
    problems = here.closed()
    with pytest.raises(CannotEndProblem):
        end(problems, here.people["head_m"], "Because")


def test_at_the_top_only_a_decision_from_outside_will_do(here: World) -> None:
    problems = here.identified(unit=here.units["M"])
    problems = operations.assign_problems(
        problems=problems,
        owner=here.people["head_m"],
        due_on=DUE,
        actor=here.coordinator,
        now=NOW,
        paper=Paper(on=TODAY, number="7", scan="0" * 64),
    )
    with pytest.raises(CannotExtendDueDay, match="on paper"):
        operations.extend_problems(
            problems=problems, due_on=LATER, actor=here.coordinator, now=NOW, reason="Winter"
        )
    operations.extend_problems(
        problems=fresh(problems),
        due_on=LATER,
        actor=here.coordinator,
        now=NOW,
        reason="Winter",
        paper=Paper(on=TODAY, number="State Council 12", scan="0" * 64),
    )


def test_a_risk_is_accepted_until_a_day_to_come(here: World) -> None:
    with pytest.raises(CannotEndProblem, match="still to come"):
        operations.accept_problem_risks(
            problems=here.assigned(),
            until=TODAY,
            actor=here.people["head_m"],
            now=NOW,
            reason="Rare",
        )


def test_extensions_keep_the_original_day(here: World) -> None:
    problems = here.assigned()
    head = here.people["head_m"]
    operations.extend_problems(problems=problems, due_on=LATER, actor=head, now=NOW, reason="Rain")
    record = fresh(problems)[0].record
    assert (record.due_on, record.original_due_on) == (LATER, DUE)
    for day in (LATER, DUE):
        with pytest.raises(CannotExtendDueDay, match="later day"):
            operations.extend_problems(
                problems=fresh(problems), due_on=day, actor=head, now=NOW, reason="Rain"
            )
    for name, said in (("due_on", "due day"), ("original_due_on", "original due day")):
        with pytest.raises(CannotCorrectRecord, match=said):
            correct_records(
                details=fresh(problems),
                actor=here.coordinator,
                now=NOW,
                changes={p.pk: {name: LATER} for p in problems},
            )


def test_declining_and_assigning_anew_is_no_way_to_a_new_original_day(here: World) -> None:
    problems = here.assigned()
    operations.decline_problems(
        problems=problems, actor=here.people["head_d1"], now=NOW, reason="Not ours"
    )
    operations.assign_problems(
        problems=fresh(problems), due_on=LATER, actor=here.coordinator, now=NOW
    )
    assert fresh(problems)[0].record.original_due_on == DUE


def test_what_has_no_due_day_is_not_extended(here: World) -> None:
    with pytest.raises(CannotExtendDueDay, match="no due day"):
        operations.extend_problems(
            problems=here.identified(),
            due_on=LATER,
            actor=here.people["head_m"],
            now=NOW,
            reason="Rain",
        )
