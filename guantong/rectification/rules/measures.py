"""The lifecycle of a measure, as a table."""

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import ANYBODY_APPOINTED, ESCALATIONS, Lifecycle, State, Transition, Who

HEAD, LIAISON, OWNER = Who.HEAD, Who.LIAISON, Who.RESPONSIBLE

STATES = (
    State("proposed", _("Measure proposed")),
    State("approved", _("Measure approved")),
    State("claimed", _("Completion claimed")),
    State("returned", _("Returned for more work")),
    State("accepted", _("Completion accepted"), is_final=True),
    State("superseded", _("Superseded"), is_final=True),
    State("withdrawn", _("Measure withdrawn"), is_final=True),
)
# A live measure counts: its problem isn't claimed or verified without it.
# A claim is made anew where the problem goes on.
CARRIED = {"claimed": "approved"}
LIVE = ("proposed", "approved", "claimed", "returned", "accepted")
# Approved, and still to be accepted: with one of these there is a plan.
OUTSTANDING = ("approved", "claimed", "returned")
# Said to be carried out, and judged or not.
CLAIMED = ("claimed", "accepted")
BEFORE_ACCEPTED = ("proposed", "approved", "claimed", "returned")

TRANSITIONS = (
    Transition(
        "approve",
        _("Approve the measure"),
        "rectification.measure.approved",
        frozenset({HEAD}),
        ("proposed",),
        "approved",
        is_second=True,
    ),
    Transition(
        "note_progress",
        _("Note progress"),
        "rectification.measure.progressed",
        frozenset({LIAISON, OWNER, HEAD}),
        BEFORE_ACCEPTED,
    ),
    Transition(
        "claim",
        _("Claim completion"),
        "rectification.measure.claimed",
        frozenset({OWNER, LIAISON}),
        ("approved", "returned"),
        "claimed",
        needs=("evidence",),
    ),
    Transition(
        "accept_on_verification",
        _("Accept by the verification of its problem"),
        "rectification.measure.accepted",
        frozenset({Who.SYSTEM}),
        ("claimed",),
        "accepted",
    ),
    Transition(
        "return_on_verification",
        _("Return by the verification of its problem"),
        "rectification.measure.returned",
        frozenset({Who.SYSTEM}),
        ("claimed",),
        "returned",
        needs_reason=True,
    ),
    Transition(
        "accept",
        _("Accept completion"),
        "rectification.measure.accepted",
        ANYBODY_APPOINTED,
        ("claimed",),
        "accepted",
        is_second=True,
        needs=("no_problem", "evidence"),
        is_verdict=True,
    ),
    Transition(
        "return",
        _("Return for more work"),
        "rectification.measure.returned",
        frozenset({Who.INSPECTOR, Who.COORDINATOR}),
        ("claimed",),
        "returned",
        needs_reason=True,
        is_verdict=True,
    ),
    Transition(
        "supersede",
        _("Supersede"),
        "rectification.measure.superseded",
        frozenset({HEAD}),
        BEFORE_ACCEPTED,
        "superseded",
        needs_reason=True,
        needs=("not_under_judgement",),
        is_rare=True,
    ),
    Transition(
        "withdraw",
        _("Withdraw the measure"),
        "rectification.measure.withdrawn",
        frozenset({HEAD}),
        BEFORE_ACCEPTED,
        "withdrawn",
        needs_reason=True,
        needs=("not_under_judgement",),
        is_rare=True,
    ),
    Transition(
        "extend",
        _("Extend the due day"),
        "rectification.measure.extended",
        frozenset({Who.ABOVE}),
        (),
        needs_reason=True,
        needs=("due_day",),
        is_answer=True,
    ),
    *ESCALATIONS,
)

MEASURE = Lifecycle("measure", STATES, TRANSITIONS, doing=frozenset({"approved", "claimed"}))
