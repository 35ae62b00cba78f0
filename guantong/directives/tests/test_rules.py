import pytest

from guantong.directives.rules import INSTRUCTION, REQUEST, held_as, names_it
from guantong.records.rules import Lifecycle, Obstacle, Who, obstacle

# From 2-domain.md, by hand: transition, from, to, who, is a reason wanted.
INSTRUCTIONS = [
    ("finish", "issued", "done", "C", False),
    ("carry_out", "issued", None, "L H C", False),
    ("take_up", "issued", None, "L C", False),
    ("escalate", "issued", None, "I C above", True),
    ("answer_escalation", "issued", None, "H C", True),
]
REQUESTS = [
    ("send", "draft", "sent", "C", False),
    ("ask_anyway", "draft", None, "C", True),
    ("close", "sent", "closed", "C", False),
]
BOTH = [(INSTRUCTION, *row) for row in INSTRUCTIONS] + [(REQUEST, *row) for row in REQUESTS]


def test_the_tables_name_everything() -> None:
    assert [t.name for t in INSTRUCTION.transitions] == [row[0] for row in INSTRUCTIONS]
    assert [t.name for t in REQUEST.transitions] == [row[0] for row in REQUESTS]
    assert [state.name for state in INSTRUCTION.states] == ["issued", "done"]
    assert [state.name for state in REQUEST.states] == ["draft", "sent", "closed"]
    assert INSTRUCTION.final_states == ("done",)
    assert REQUEST.final_states == ("closed",)


@pytest.mark.parametrize(("lifecycle", "name", "sources", "target", "who", "has_reason"), BOTH)
def test_every_state_and_role(
    lifecycle: Lifecycle,
    name: str,
    sources: str,
    target: str | None,
    who: str,
    has_reason: bool,
) -> None:
    transition = lifecycle.transition(name)
    assert (transition.target, transition.needs_reason) == (target, has_reason)
    for state in lifecycle.states:
        for capacity in Who:
            found = obstacle(
                lifecycle,
                transition,
                state=state.name,
                standing={capacity},
                is_doer=False,
                reason="so",
            )
            if state.name not in sources.split():
                assert found is Obstacle.STATE, (state, capacity)
            elif capacity.value not in who.split():
                assert found is Obstacle.STANDING, (state, capacity)
            else:
                assert found is None, (state, capacity)


@pytest.mark.parametrize(
    ("text", "name", "is_so"),
    [
        ("Number of research projects in May", "Research projects", True),
        ("Research-Projects, by unit", "Research projects", True),
        ("Researchers and projects", "Research projects", False),
        # Whole words: an idea is none of the ideals.
        ("Our ideals for the year", "Idea", False),
        ("Any idea?", "Idea", True),
        ("本单位调研课题进展情况", "调研课题", True),
        ("调研　课题", "调研课题", True),
        ("课题", "调研课题", False),
        ("各单位已开展调研次数", "已开展的调研", True),
        ("Anything", "Any", False),
        ("问", "问", False),
    ],
)
def test_whether_a_text_names_something(text: str, name: str, is_so: bool) -> None:
    assert names_it(text, name) is is_so


NAMES = {
    "list:visit": ["Field visits", "Visits", "调研"],
    "figure:made": ["Visits made", "已开展调研"],
    "list:problem": ["Problems", "问题"],
}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Weather of last week", []),
        ("Visits of May", ["list:visit"]),
        # The longer name says more exactly what is meant.
        ("All visits made", ["figure:made"]),
        ("Visits made and problems found", ["figure:made", "list:problem"]),
        ("已开展调研次数及发现的问题", ["figure:made", "list:problem"]),
    ],
)
def test_what_is_held_already(text: str, keys: list[str]) -> None:
    assert held_as(text, NAMES) == keys
    assert len(held_as(text, NAMES, most=1)) <= 1
