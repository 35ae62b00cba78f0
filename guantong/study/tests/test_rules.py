"""The lifecycles against tables written by hand from the domain's document."""

import itertools

import pytest

from guantong.records.rules import Obstacle, Who, obstacle
from guantong.study.rules import IDEA, SESSION

# transition → from which state, by whom (letters of the domain's table)
SESSION_TABLE = {
    "hold": ({"planned"}, "LC"),
    "cancel": ({"planned"}, "LC"),
    "contribute": ({"held"}, "LC"),
    "name_present": ({"held"}, "LC"),
    "take_name_out": ({"held"}, "LC"),
}
IDEA_TABLE = {
    "link": ({"raised"}, "LC"),
    "take_no_action": ({"raised"}, "HC"),
}
LETTERS = {"L": Who.LIAISON, "H": Who.HEAD, "C": Who.COORDINATOR}
TARGETS = {
    ("session", "hold"): "held",
    ("session", "cancel"): "cancelled",
    ("session", "contribute"): None,
    ("session", "name_present"): None,
    ("session", "take_name_out"): None,
    ("idea", "link"): "linked",
    ("idea", "take_no_action"): "no_action",
}
WITH_REASON = {
    ("session", "cancel"),
    ("session", "take_name_out"),
    ("idea", "take_no_action"),
}


@pytest.mark.parametrize(
    ("lifecycle", "table", "states"),
    [
        (SESSION, SESSION_TABLE, {"planned", "held", "cancelled"}),
        (IDEA, IDEA_TABLE, {"raised", "linked", "no_action"}),
    ],
    ids=["session", "idea"],
)
def test_every_state_transition_and_role(lifecycle, table, states):
    assert {state.name for state in lifecycle.states} == states
    assert {transition.name for transition in lifecycle.transitions} == set(table)
    for transition, state, who in itertools.product(lifecycle.transitions, states, Who):
        sources, letters = table[transition.name]
        found = obstacle(lifecycle, transition, state=state, standing={who}, is_doer=False)
        if state not in sources:
            expected = Obstacle.STATE
        elif who not in {LETTERS[letter] for letter in letters}:
            expected = Obstacle.STANDING
        else:
            expected = None
        assert found == expected, (transition.name, state, who)
        assert transition.target == TARGETS[lifecycle.kind, transition.name]
        assert transition.needs_reason == ((lifecycle.kind, transition.name) in WITH_REASON)
