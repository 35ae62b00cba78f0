"""Every state × transition × capacity, against tables written by hand from the domain."""

import pytest

from guantong.records.rules import Lifecycle, Obstacle, Who, obstacle
from guantong.rectification.rules import (
    DRIVE,
    INSPECTION,
    MEASURE,
    PROBLEM,
    PROPOSAL,
    REVISIT,
    VERIFICATION,
    escalation_level,
    fits,
)

LETTERS = {
    "L": Who.LIAISON,
    "H": Who.HEAD,
    "R": Who.RESEARCHER,
    "I": Who.INSPECTOR,
    "C": Who.COORDINATOR,
    "A": Who.AUDITOR,
    "P": Who.RESPONSIBLE,
    "↑": Who.ABOVE,
    "h": Who.HEAD_ABOVE,
    "s": Who.SYSTEM,
}

# state: transition by whom; * stands for what may happen in any state that isn't final.
PROBLEM_TABLE = {
    "*": "end_unimplemented ↑, supersede ↑, accept_risk ↑, adopt_ending LCs, reassign C↑, "
    "extend ↑, take_over ↑, answer_routing ↑, keep_long_term HC, review LHIC, escalate IC↑, "
    "answer_escalation HC",
    "identified": "assign C↑, decline H, merge C, void C, propose_measures LC, route_up H",
    "assigned": "decline H, merge C, void C, propose_measures LC, plan H, route_up H",
    "declined": "assign C↑",
    "planned": "propose_measures LC, claim LP, route_up H",
    "claimed": "request_verification C, verify s, return_on_verification s, return IC",
    "verified": "close Ch, return IC",
    "returned": "propose_measures LC, plan H, route_up H",
    "reopened": "propose_measures LC, plan H, route_up H",
    "closed": "reopen IC, order_revisit C",
    "closed_by_source": "reopen IC, order_revisit C",
    "not_implemented": "reopen IC",
    "superseded": "reopen IC",
    "risk_accepted": "reopen IC, reopen_expired s",
    "merged": "reopen IC",
    "void": "reopen IC",
}
PROBLEM_FINAL = {
    *("closed", "closed_by_source", "not_implemented", "superseded", "risk_accepted", "merged"),
    "void",
}
PROBLEM_TARGETS: dict[str, str | None] = {
    "assign": "assigned",
    "decline": "declined",
    "merge": "merged",
    "void": "void",
    "plan": "planned",
    "claim": "claimed",
    "verify": "verified",
    "return_on_verification": "returned",
    "close": "closed",
    "return": "returned",
    "reopen": "reopened",
    "end_unimplemented": "not_implemented",
    "supersede": "superseded",
    "accept_risk": "risk_accepted",
    "adopt_ending": "closed_by_source",
    "propose_measures": None,
    "request_verification": None,
    "order_revisit": None,
    "reassign": None,
    "extend": None,
    "reopen_expired": "reopened",
    "route_up": None,
    "take_over": None,
    "answer_routing": None,
    "keep_long_term": None,
    "review": None,
    "escalate": None,
    "answer_escalation": None,
}
MEASURE_TABLE = {
    "*": "extend ↑, escalate IC↑, answer_escalation HC",
    "proposed": "approve H, note_progress LPH, supersede H, withdraw H",
    "approved": "note_progress LPH, claim LP, supersede H, withdraw H",
    "claimed": "note_progress LPH, accept LHRICA, accept_on_verification s, "
    "return_on_verification s, return IC, supersede H, withdraw H",
    "returned": "note_progress LPH, claim LP, supersede H, withdraw H",
    "accepted": "",
    "superseded": "",
    "withdrawn": "",
}
MEASURE_TARGETS: dict[str, str | None] = {
    "approve": "approved",
    "note_progress": None,
    "claim": "claimed",
    "accept": "accepted",
    "accept_on_verification": "accepted",
    "return_on_verification": "returned",
    "return": "returned",
    "supersede": "superseded",
    "withdraw": "withdrawn",
    "extend": None,
    "escalate": None,
    "answer_escalation": None,
}
VERIFICATION_TABLE = {
    "*": "",
    "requested": "pass I, pass_partly I, fail I, replace_verifier C",
    "passed": "",
    "partial": "",
    "failed": "",
}
VERIFICATION_TARGETS: dict[str, str | None] = {
    "pass": "passed",
    "pass_partly": "partial",
    "fail": "failed",
    "replace_verifier": None,
}
REVISIT_TABLE = {
    "*": "",
    "due": "assign C, replace_inspector C, plan_visit I, make I",
    "made": "assign C, replace_inspector C, sustain I, recur I",
    "sustained": "",
    "recurred": "",
}
REVISIT_TARGETS: dict[str, str | None] = {
    "assign": None,
    "replace_inspector": None,
    "plan_visit": None,
    "make": "made",
    "sustain": "sustained",
    "recur": "recurred",
}
INSPECTION_TABLE = {
    "*": "",
    "planned": "make IC, write_checklist IC, name_inspectors C",
    "made": "correct_results IC, name_inspectors C, feed_back IC, raise_problems IC",
    "fed_back": "reply H, settle IC, raise_problems IC",
    "settled": "raise_problems IC",
}
INSPECTION_TARGETS: dict[str, str | None] = {
    "make": "made",
    "write_checklist": None,
    "name_inspectors": None,
    "correct_results": None,
    "feed_back": "fed_back",
    "reply": None,
    "settle": "settled",
    "raise_problems": None,
}
DRIVE_TABLE = {
    "*": "escalate IC↑, answer_escalation HC",
    "open": "group C, ungroup C, close C",
    "closed": "",
}
DRIVE_TARGETS: dict[str, str | None] = {
    "group": None,
    "ungroup": None,
    "close": "closed",
    "escalate": None,
    "answer_escalation": None,
}
PROPOSAL_TABLE = {"*": "", "proposed": "accept C, dismiss C", "accepted": "", "dismissed": ""}
PROPOSAL_TARGETS: dict[str, str | None] = {"accept": "accepted", "dismiss": "dismissed"}
KINDS: dict[str, tuple[Lifecycle, dict[str, str], dict[str, str | None], set[str]]] = {
    "inspection": (INSPECTION, INSPECTION_TABLE, INSPECTION_TARGETS, {"settled"}),
    "drive": (DRIVE, DRIVE_TABLE, DRIVE_TARGETS, {"closed"}),
    "proposal": (PROPOSAL, PROPOSAL_TABLE, PROPOSAL_TARGETS, {"accepted", "dismissed"}),
    "problem": (PROBLEM, PROBLEM_TABLE, PROBLEM_TARGETS, PROBLEM_FINAL),
    "measure": (MEASURE, MEASURE_TABLE, MEASURE_TARGETS, {"accepted", "superseded", "withdrawn"}),
    "verification": (
        VERIFICATION,
        VERIFICATION_TABLE,
        VERIFICATION_TARGETS,
        {"passed", "partial", "failed"},
    ),
    "revisit": (REVISIT, REVISIT_TABLE, REVISIT_TARGETS, {"sustained", "recurred"}),
}
WITH_REASON: dict[str, set[str]] = {
    "problem": {
        *("decline", "merge", "void", "return", "return_on_verification", "reopen", "supersede"),
        *("end_unimplemented", "accept_risk", "reassign", "extend", "order_revisit", "route_up"),
        *("take_over", "answer_routing", "review", "escalate", "answer_escalation"),
        "reopen_expired",
    },
    "measure": {
        *("return", "return_on_verification", "supersede", "withdraw", "extend", "escalate"),
        "answer_escalation",
    },
    "verification": {"replace_verifier"},
    "revisit": {"replace_inspector", "recur"},
    "inspection": {"correct_results"},
    "drive": {"ungroup", "escalate", "answer_escalation"},
    "proposal": {"dismiss"},
}
BY_SECOND: dict[str, set[str]] = {
    "problem": set(),
    "measure": {"approve", "accept"},
    "verification": {"pass", "pass_partly", "fail"},
    "revisit": {"sustain", "recur"},
    "inspection": set(),
    "drive": set(),
    "proposal": set(),
}


def allowed(table: dict[str, str], final: set[str], state: str) -> dict[str, set[Who]]:
    """The transitions of one state, each with the capacities that may make it."""
    said = table[state] if state in final else f"{table[state]}, {table['*']}"
    found = {}
    for part in filter(None, (part.strip() for part in said.split(","))):
        name, letters = part.split()
        found[name] = {LETTERS[letter] for letter in letters}
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_do_what_in_which_state(kind: str) -> None:
    lifecycle, table, targets, final = KINDS[kind]
    assert {s.name for s in lifecycle.states} == set(table) - {"*"}
    assert {s.name for s in lifecycle.states if s.is_final} == final
    assert {t.name for t in lifecycle.transitions} == set(targets)
    for state in lifecycle.states:
        expected = allowed(table, final, state.name)
        for transition in lifecycle.transitions:
            for who in Who:
                found = obstacle(
                    lifecycle, transition, state=state.name, standing={who}, is_doer=False
                )
                assert (found is None) == (who in expected.get(transition.name, set())), (
                    state.name,
                    transition.name,
                    who,
                )


@pytest.mark.parametrize("kind", KINDS)
def test_where_each_transition_leads_and_what_it_asks(kind: str) -> None:
    lifecycle, _table, targets, _final = KINDS[kind]
    assert {t.name: t.target for t in lifecycle.transitions} == targets
    assert {t.name for t in lifecycle.transitions if t.needs_reason} == WITH_REASON[kind]
    assert {t.name for t in lifecycle.transitions if t.is_second} == BY_SECOND[kind]


def _needs(lifecycle: Lifecycle, name: str) -> set[str]:
    return set(lifecycle.transition(name).needs)


def test_what_has_to_be_there() -> None:
    assert _needs(PROBLEM, "plan") == {"criterion", "root_cause", "measure", "approved_measure"}
    assert _needs(PROBLEM, "claim") == {"measures_claimed"}
    assert _needs(PROBLEM, "close") == {"criterion", "evidence", "passed_verification"}
    assert _needs(PROBLEM, "verify") == {"passed_verification"}
    assert _needs(MEASURE, "claim") == {"evidence"}
    assert _needs(INSPECTION, "settle") == {"reply"}
    assert _needs(PROBLEM, "route_up") == {"no_routing"}
    assert _needs(PROBLEM, "take_over") == _needs(PROBLEM, "answer_routing") == {"routing"}
    for name in ("pass", "pass_partly", "fail"):
        assert "evidence" in _needs(VERIFICATION, name)


def test_a_doer_is_stopped_by_four_eyes() -> None:
    found = obstacle(
        VERIFICATION,
        VERIFICATION.transition("pass"),
        state="requested",
        standing={Who.INSPECTOR},
        is_doer=True,
    )
    assert found is Obstacle.SECOND


@pytest.mark.parametrize(
    ("verdict", "criterion", "measures", "expected"),
    [
        ("passed", True, [True, True], True),
        ("passed", False, [True], False),
        ("passed", True, [True, False], False),
        ("partial", True, [False], True),
        ("partial", False, [True], True),
        ("partial", True, [True], False),
        ("partial", False, [False], False),
        ("failed", False, [True, False], True),
        ("failed", False, [], True),
        ("failed", True, [False], False),
    ],
)
def test_findings_bear_out_a_verdict(
    verdict: str, criterion: bool, measures: list[bool], expected: bool
) -> None:
    assert fits(verdict, criterion=criterion, measures=measures) is expected


@pytest.mark.parametrize(
    ("late", "level"),
    [(-3, 0), (0, 0), (1, 1), (5, 1), (6, 2), (10, 2), (11, 3), (400, 3)],
)
def test_levels_of_supervision(late: int, level: int) -> None:
    assert escalation_level(late, head=0, above=5, coordinator=10) == level
