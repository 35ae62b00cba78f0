"""The lifecycle of an audit query, against a table written by hand from the domain: A, H, A."""

from guantong.audit.rules import AUDIT_QUERY
from guantong.records.rules import Who, obstacle

TABLE = {
    ("raised", "answer", Who.HEAD): "answered",
    ("answered", "settle", Who.AUDITOR): "settled",
    # Past its day it is raised, and that is answered, as with whatever a unit is to do (rule 8).
    **{
        (state, name, who): None
        for state in ("raised", "answered")
        for name, several in (
            ("escalate", (Who.INSPECTOR, Who.COORDINATOR, Who.ABOVE)),
            ("answer_escalation", (Who.HEAD, Who.COORDINATOR)),
        )
        for who in several
    },
}


def test_every_state_transition_and_capacity() -> None:
    assert [state.name for state in AUDIT_QUERY.states] == ["raised", "answered", "settled"]
    assert AUDIT_QUERY.final_states == ("settled",)
    assert {t.name for t in AUDIT_QUERY.transitions} == {name for _state, name, _who in TABLE}
    for state in AUDIT_QUERY.states:
        for transition in AUDIT_QUERY.transitions:
            for who in Who:
                found = obstacle(
                    AUDIT_QUERY, transition, state=state.name, standing={who}, is_doer=False
                )
                case = (state.name, transition.name, who)
                assert (found is None) == (case in TABLE), case
                assert TABLE.get(case, transition.target) == transition.target
