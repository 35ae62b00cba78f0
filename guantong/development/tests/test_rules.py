"""The lifecycles against a table written by hand, and the target path."""

import datetime
import itertools
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guantong.development.rules import (
    INDICATOR,
    OBSERVATION,
    Point,
    expected_on,
    is_on_path,
)
from guantong.records.rules import Obstacle, Who, obstacle

SECOND = {
    Who.LIAISON,
    Who.HEAD,
    Who.RESEARCHER,
    Who.INSPECTOR,
    Who.COORDINATOR,
    Who.AUDITOR,
}
# transition → from which states, by whom, to which state, a second person, a reason
INDICATOR_TABLE = {
    "activate": ({"draft"}, {Who.COORDINATOR}, "active", False, False),
    "revise": ({"active"}, {Who.COORDINATOR}, None, False, True),
    "retire": ({"active"}, {Who.COORDINATOR}, "retired", False, False),
}
OBSERVATION_TABLE = {
    "validate": ({"reported"}, SECOND, "validated", True, False),
    "reject": ({"reported"}, SECOND, "rejected", True, True),
}


@pytest.mark.parametrize(
    ("lifecycle", "table", "states"),
    [
        (INDICATOR, INDICATOR_TABLE, {"draft", "active", "retired"}),
        (OBSERVATION, OBSERVATION_TABLE, {"reported", "validated", "rejected"}),
    ],
    ids=["indicator", "observation"],
)
def test_every_state_transition_and_role(lifecycle, table, states):
    assert {state.name for state in lifecycle.states} == states
    assert {transition.name for transition in lifecycle.transitions} == set(table)
    cases = itertools.product(lifecycle.transitions, states, Who, (False, True))
    for transition, state, who, is_doer in cases:
        sources, by, target, is_second, needs_reason = table[transition.name]
        found = obstacle(lifecycle, transition, state=state, standing={who}, is_doer=is_doer)
        if state not in sources:
            expected = Obstacle.STATE
        elif who not in by:
            expected = Obstacle.STANDING
        elif is_second and is_doer:
            expected = Obstacle.SECOND
        else:
            expected = None
        assert found == expected, (transition.name, state, who, is_doer)
        assert (transition.target, transition.needs_reason) == (target, needs_reason)


DAY = datetime.date(2023, 1, 1)


def after(days: int) -> datetime.date:
    return DAY + datetime.timedelta(days)


PATH = [Point(DAY, Decimal(10)), Point(after(100), Decimal(30))]


@pytest.mark.parametrize(
    ("day", "expected"),
    [(-5, 10), (0, 10), (25, 15), (50, 20), (100, 30), (400, 30)],
)
def test_the_path_is_a_straight_line_from_baseline_to_target(day, expected):
    assert expected_on(PATH, after(day)) == expected


@pytest.mark.parametrize(("day", "expected"), [(0, 10), (25, 11), (50, 12), (75, 21), (100, 30)])
def test_milestones_bend_the_path(day, expected):
    assert expected_on([*PATH, Point(after(50), Decimal(12))], after(day)) == expected


def test_without_points_nothing_is_asked_for():
    assert expected_on([], DAY) is None


@pytest.mark.parametrize(
    ("direction", "value", "expected"),
    [("up", 20, True), ("up", 19, False), ("down", 20, True), ("down", 21, False)],
)
def test_on_path_depends_on_the_direction(direction, value, expected):
    assert is_on_path(direction, Decimal(value), Decimal(20)) is expected


@settings(max_examples=60)
@given(
    st.dictionaries(st.integers(0, 400), st.integers(-1000, 1000), min_size=1, max_size=6),
    st.integers(-50, 450),
)
def test_the_path_never_leaves_the_values_around_it(values, day):
    points = [Point(after(d), Decimal(v)) for d, v in values.items()]
    found = expected_on(points, after(day))
    assert min(values.values()) <= found <= max(values.values())
    if day in values:
        assert found == values[day]
