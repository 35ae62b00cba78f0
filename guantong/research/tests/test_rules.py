import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.records.rules import Lifecycle, Obstacle, Who, obstacle
from guantong.research.rules import FINDING, OVERLAP, PROJECT, likeness, overlapping, pairs

# From 2-domain.md, by hand: transition, from, to ("" stays), who, four eyes, a reason wanted.
# "Any" is every state that is not final; "2" is anybody appointed, for whom four eyes hold.
ANY = "proposed returned approved reported report_returned converted"
SECOND = "L H R I C A"
PROJECTS = [
    ("approve", "proposed", "approved", "C", True, False),
    ("approve_delegated", "proposed", "approved", "H", True, False),
    ("return_proposal", "proposed", "returned", "C H", False, True),
    ("resubmit", "returned", "proposed", "L R", False, False),
    ("report", "approved report_returned", "reported", "R", False, False),
    ("return_report", "reported", "report_returned", "C", False, True),
    ("convert", "reported", "converted", "C", False, False),
    ("complete", "converted", "completed", "C", False, False),
    ("merge", "approved", "merged", "C", False, True),
    ("withdraw", ANY, "withdrawn", "C", False, True),
    ("extend", ANY, "", "C", False, True),
    ("escalate", ANY, "", "I C above", False, True),
    ("answer_escalation", ANY, "", "H C", False, True),
]
PROJECT_STATES = [*ANY.split(), "completed", "closed_by_source", "merged", "withdrawn"]
FINDINGS = [
    ("accept", "draft", "accepted", SECOND, True, False),
    ("return_finding", "draft", "returned", SECOND, True, True),
    ("revise", "returned", "draft", "R", False, False),
    ("reject", "draft", "rejected", SECOND, True, True),
    ("decide_no_action", "accepted", "", "C", False, True),
    # Settled is derived: this names what takes a finding up.
    ("take_up", "accepted", "", "L R C", False, False),
]
FINDING_STATES = ["draft", "returned", "accepted", "rejected"]
LETTERS = ["L", "H", "R", "I", "C", "A", "P", "above", "head above", "system"]


def test_the_tables_name_everything() -> None:
    assert [t.name for t in PROJECT.transitions] == [row[0] for row in PROJECTS]
    assert [t.name for t in FINDING.transitions] == [row[0] for row in FINDINGS]
    assert [s.name for s in PROJECT.states] == PROJECT_STATES
    assert [s.name for s in FINDING.states] == FINDING_STATES
    finals = {"completed", "closed_by_source", "merged", "withdrawn"}
    assert set(PROJECT.final_states) == finals
    assert set(FINDING.final_states) == {"rejected"}


@pytest.mark.parametrize(
    ("lifecycle", "name", "sources", "target", "who", "is_second", "has_reason"),
    [(PROJECT, *row) for row in PROJECTS] + [(FINDING, *row) for row in FINDINGS],
)
def test_every_state_and_role(
    lifecycle: Lifecycle,
    name: str,
    sources: str,
    target: str,
    who: str,
    is_second: bool,
    has_reason: bool,
) -> None:
    transition = lifecycle.transition(name)
    assert (transition.target or "") == target
    assert (transition.is_second, transition.needs_reason) == (is_second, has_reason)
    for state in lifecycle.states:
        for letter in LETTERS:
            for is_doer in (False, True):
                found = obstacle(
                    lifecycle,
                    transition,
                    state=state.name,
                    standing={Who(letter)},
                    is_doer=is_doer,
                    reason="so",
                )
                expected = None
                if state.name not in sources.split():
                    expected = Obstacle.STATE
                elif letter not in who.split():
                    expected = Obstacle.STANDING
                elif is_second and is_doer:
                    expected = Obstacle.SECOND
                assert found == expected, (state.name, letter, is_doer)


def test_a_project_returned_before_its_approval_never_reports() -> None:
    report = PROJECT.transition("report")
    found = obstacle(
        PROJECT, report, state="returned", standing={Who.RESEARCHER}, is_doer=False, reason=""
    )
    assert found is Obstacle.STATE


@pytest.mark.parametrize(
    ("one", "other", "is_like"),
    [
        ("航空产业链供应链韧性研究", "航空产业链供应链的韧性研究", True),
        ("航空产业链供应链韧性研究", "中小企业融资问题研究", False),
        ("How castings hold", "HOW  CASTINGS HOLD?", True),
        ("How castings hold", "What harbours need", False),
        ("", "", False),
        ("A", "a", True),
    ],
)
def test_likeness_of_titles(one: str, other: str, is_like: bool) -> None:
    assert (likeness(pairs(one), pairs(other)) >= OVERLAP) is is_like


titles = st.dictionaries(st.integers(0, 15), st.text("ab链c d", max_size=9), max_size=9)


@given(titles, st.sampled_from([0.4, 0.7, 0.9]))
def test_looking_up_rare_pairs_misses_nothing(drawn: dict[int, str], least: float) -> None:
    found = overlapping(drawn, drawn, least)
    for key, title in drawn.items():
        expected = {
            other
            for other, text in drawn.items()
            if other != key and likeness(pairs(title), pairs(text)) >= least
        }
        assert set(found[key]) == expected
