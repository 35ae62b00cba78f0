import pytest

from guantong.records.rules import (
    Lifecycle,
    Obstacle,
    State,
    Transition,
    Who,
    obstacle,
    possible_from,
    reference_of,
)

CLAIM = Transition("claim", "Claim", "x.y.claimed", frozenset({Who.LIAISON}), ("open",), "claimed")
CLOSE = Transition(
    "close",
    "Close",
    "x.y.closed",
    frozenset({Who.COORDINATOR, Who.HEAD}),
    ("claimed",),
    "closed",
    is_second=True,
)
VOID = Transition(
    "void", "Void", "x.y.voided", frozenset({Who.COORDINATOR}), (), "void", needs_reason=True
)
LIFECYCLE = Lifecycle(
    "thing",
    (
        State("open", "Open"),
        State("claimed", "Claimed"),
        State("closed", "Closed", is_final=True),
        State("void", "Void", is_final=True),
    ),
    (CLAIM, CLOSE, VOID),
    doing=frozenset({"claimed"}),
)


@pytest.mark.parametrize(
    ("transition", "state", "standing", "is_doer", "reason", "expected"),
    [
        (CLAIM, "open", {Who.LIAISON}, True, None, None),
        (CLAIM, "claimed", {Who.LIAISON}, False, None, Obstacle.STATE),
        (CLAIM, "open", {Who.HEAD}, False, None, Obstacle.STANDING),
        (CLAIM, "open", set(), False, None, Obstacle.STANDING),
        (CLOSE, "claimed", {Who.HEAD}, False, None, None),
        (CLOSE, "claimed", {Who.HEAD}, True, None, Obstacle.SECOND),
        (VOID, "open", {Who.COORDINATOR}, True, "it never was", None),
        (VOID, "open", {Who.COORDINATOR}, True, "  ", Obstacle.REASON),
        (VOID, "open", {Who.COORDINATOR}, True, None, None),
        (VOID, "closed", {Who.COORDINATOR}, False, "late", Obstacle.STATE),
    ],
)
def test_what_stands_against_a_transition(
    transition: Transition,
    state: str,
    standing: set[Who],
    is_doer: bool,
    reason: str | None,
    expected: Obstacle | None,
) -> None:
    found = obstacle(
        LIFECYCLE, transition, state=state, standing=standing, is_doer=is_doer, reason=reason
    )
    assert found == expected


def test_any_state_means_any_that_is_not_final() -> None:
    assert [t.name for t in possible_from(LIFECYCLE, "open")] == ["claim", "void"]
    assert [t.name for t in possible_from(LIFECYCLE, "claimed")] == ["close", "void"]
    assert [t.name for t in possible_from(LIFECYCLE, "closed")] == []


@pytest.mark.parametrize(
    "transitions",
    [
        (CLAIM, CLAIM),
        (Transition("go", "Go", "x.y.gone", frozenset(), ("nowhere",), "open"),),
        (Transition("go", "Go", "x.y.gone", frozenset(), ("open",), "nowhere"),),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_at_once(
    transitions: tuple[Transition, ...],
) -> None:
    with pytest.raises(ValueError, match="thing"):
        Lifecycle("thing", LIFECYCLE.states, transitions)


def test_doing_names_states() -> None:
    with pytest.raises(ValueError, match="thing"):
        Lifecycle("thing", LIFECYCLE.states, (), doing=frozenset({"dreamt"}))


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("P-0412", "P-0412"),
        (" p412", "P-0412"),
        ("rv 7", "RV-0007"),
        ("Ｐ－０４１２", "P-0412"),
        ("p–00412", "P-0412"),
        ("P-104120", "P-104120"),
        ("pumps 412 leak", "PUMPS 412 LEAK"),
        ("P-", "P-"),
        ("", ""),
    ],
)
def test_a_reference_is_known_however_it_is_typed(typed: str, reference: str):
    assert reference_of(typed) == reference
