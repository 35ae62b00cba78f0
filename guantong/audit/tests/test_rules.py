"""The lifecycle of an audit query, against a table written by hand from the domain: A, H, A."""

from guantong.audit.rules import AUDIT_QUERY
from guantong.records.rules import Who, obstacle

TABLE = {
    ("raised", "answer", Who.HEAD): "answered",
    ("answered", "settle", Who.AUDITOR): "settled",
}


def test_every_state_transition_and_capacity() -> None:
    assert [state.name for state in AUDIT_QUERY.states] == ["raised", "answered", "settled"]
    assert AUDIT_QUERY.final_states == ("settled",)
    assert {t.name for t in AUDIT_QUERY.transitions} == {"answer", "settle"}
    for state in AUDIT_QUERY.states:
        for transition in AUDIT_QUERY.transitions:
            for who in Who:
                found = obstacle(
                    AUDIT_QUERY, transition, state=state.name, standing={who}, is_doer=False
                )
                target = TABLE.get((state.name, transition.name, who))
                assert (found is None) == (target is not None)
                assert target in (None, transition.target)
