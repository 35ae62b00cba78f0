"""What the worker does each day for rectification."""

import datetime

import pytest

from guantong.records.models import Record
from guantong.rectification.jobs import escalate, reopen_risks, set_revisits_down
from guantong.rectification.models import Revisit
from guantong.rectification.operations import accept_problem_risks
from guantong.rectification.tests.factories import World
from guantong.routine.registry import Turn
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def turn(days: int = 0) -> Turn:
    now = NOW + datetime.timedelta(days)
    return Turn(begins_at=now, day=TODAY + datetime.timedelta(days), now=now)


def test_revisits_are_set_down_once(here: World) -> None:
    here.closed(2, severity="high")
    assert set_revisits_down(turn()).startswith("2 ")
    assert set_revisits_down(turn(1)).startswith("0 ")
    assert Revisit.objects.count() == 2


def test_a_risk_that_is_accepted_no_longer_opens_the_problem_again(here: World) -> None:
    [problem] = here.assigned()
    until = TODAY + datetime.timedelta(10)
    accept_problem_risks(
        problems=[problem], until=until, actor=here.people["head_m"], now=NOW, reason="Rare."
    )
    assert reopen_risks(turn(9)).startswith("0 ")
    assert reopen_risks(turn(12)).startswith("1 ")
    assert Record.objects.get(pk=problem.pk).state == "reopened"


def test_what_is_overdue_is_escalated(here: World) -> None:
    here.assigned()
    assert escalate(turn()).startswith("0 ")
    assert not escalate(turn(120)).startswith("0 ")
