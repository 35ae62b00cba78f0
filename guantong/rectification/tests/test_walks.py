"""Whatever is tried, in whatever order and by whomever, what the rules promise holds."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from guantong.ledger.verification import verify
from guantong.people.models import Person
from guantong.records.models import StatePeriod
from guantong.records.refusals import Refused
from guantong.rectification import operations
from guantong.rectification.models import Closure, Problem
from guantong.rectification.queries import measures_of, subjects_of, verifications_of
from guantong.rectification.tests.factories import World, fresh
from guantong.units.tests.factories import NOW

ACTORS = ("coordinator", "head_m", "head_d1", "liaison_d1", "owner_d1", "inspector", "auditor")
Step = Callable[[World, Problem, Person, datetime.datetime], Any]


def _measures(problem: Problem) -> list[Any]:
    return measures_of([problem.pk])[problem.pk]


def _verify(name: str, met: bool) -> Step:
    def step(here: World, problem: Problem, actor: Person, now: datetime.datetime) -> Any:
        verifications = verifications_of([problem.pk])[problem.pk][-1:]
        unmet = (
            [] if met else [m.pk for s in subjects_of(verifications).values() for m in s.claimed]
        )
        items = here.items(verifications, criterion=met, unmet=unmet)
        operation = getattr(operations, name)
        return operation(verifications=verifications, items=items, actor=actor, now=now)

    return step


def _attach(here: World, problem: Problem, actor: Person, now: datetime.datetime) -> None:
    for measure in _measures(problem):
        here.attach(measure)


STEPS: dict[str, Step] = {
    "propose": lambda here, p, a, now: operations.answer_problems(
        problems=[p], title="Do it", actor=a, now=now
    ),
    "approve": lambda here, p, a, now: operations.approve_measures(
        measures=_measures(p), actor=a, now=now
    ),
    "plan": lambda here, p, a, now: operations.plan_problems(problems=[p], actor=a, now=now),
    "attach": _attach,
    "claim measures": lambda here, p, a, now: operations.claim_measures(
        measures=_measures(p), actor=a, now=now
    ),
    "claim": lambda here, p, a, now: operations.claim_problems(problems=[p], actor=a, now=now),
    "request": lambda here, p, a, now: operations.request_verifications(
        problems=[p], inspector=here.people["inspector"], actor=a, now=now
    ),
    "pass": _verify("pass_verifications", True),
    "fail": _verify("fail_verifications", False),
    "close": lambda here, p, a, now: operations.close_problems(
        problems=[p], determination="Settled", actor=a, now=now
    ),
    "return": lambda here, p, a, now: operations.return_problems(
        problems=[p], actor=a, now=now, reason="More"
    ),
    "reopen": lambda here, p, a, now: operations.reopen_problems(
        problems=[p], actor=a, now=now, reason="Again"
    ),
    "withdraw": lambda here, p, a, now: operations.withdraw_measures(
        measures=_measures(p), actor=a, now=now, reason="Dear"
    ),
    "supersede": lambda here, p, a, now: operations.supersede_problems(
        problems=[p], actor=a, now=now, reason="New plant"
    ),
}
FORWARD = ("propose", "approve", "plan", "attach", "claim measures", "claim", "request", "pass")


def holds(problem: Problem, closings: int) -> None:
    """What must be so of a problem at any moment."""
    state = problem.record.state
    measures = _measures(problem)
    periods = list(StatePeriod.objects.filter(record=problem.pk).order_by("pk"))
    assert [p.ends_on for p in periods[:-1]] == [p.starts_on for p in periods[1:]]
    assert (periods[-1].state, periods[-1].ends_on) == (state, None)
    assert Closure.objects.filter(record=problem.pk).count() == closings
    standing = Closure.objects.filter(record=problem.pk, undone_on=None).count()
    assert standing == (state == "closed")
    if state in ("verified", "closed"):
        assert verifications_of([problem.pk])[problem.pk][-1].record.state == "passed"
        assert measures
        assert {m.record.state for m in measures} == {"accepted"}
    if state == "claimed":
        assert {m.record.state for m in measures} <= {"claimed", "accepted", "returned"}


@pytest.mark.django_db
@settings(max_examples=12)
@given(
    start=st.integers(0, len(FORWARD)),
    tried=st.lists(st.tuples(st.sampled_from(list(STEPS)), st.sampled_from(ACTORS)), max_size=25),
)
def test_no_order_of_steps_breaks_a_promise(
    here: World, start: int, tried: list[tuple[str, str]]
) -> None:
    by_whom = {
        **dict.fromkeys(FORWARD, "liaison_d1"),
        "approve": "head_d1",
        "plan": "head_d1",
        "request": "coordinator",
        "pass": "inspector",
    }
    problem = here.assigned()[0]
    closings, now = 0, NOW
    for name, who in [*((n, by_whom[n]) for n in FORWARD[:start]), *tried]:
        now += datetime.timedelta(1)
        problem = fresh([problem])[0]
        try:
            with transaction.atomic():
                STEPS[name](here, problem, here.people[who], now)
        except (Refused, KeyError):
            pass
        else:
            closings += name == "close"
        holds(fresh([problem])[0], closings)
    assert verify(keys=[]).differences == []
