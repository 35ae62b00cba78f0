"""The lifecycle of a problem, as a table."""

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import Lifecycle, State, Transition, Who
from guantong.rectification.rules.deadlines import ESCALATIONS

LIAISON, HEAD, COORDINATOR, ABOVE = Who.LIAISON, Who.HEAD, Who.COORDINATOR, Who.ABOVE
INSPECTOR, OWNER = Who.INSPECTOR, Who.RESPONSIBLE

# Where the unit has the problem in its hands: no one judges it yet, and its plan may change.
BEFORE_CLAIM = ("assigned", "planned", "returned", "reopened")
# Where a unit may ask one above it to own the cause, and where the problem may be kept for long.
IN_HAND = ("identified", *BEFORE_CLAIM)
# What was judged but not closed goes on where it was before.
CARRIED = {"claimed": "planned", "verified": "planned"}
# What a verification looks at may not change under its eyes.
UNDER_JUDGEMENT = frozenset({"claimed", "verified"})
# Whoever fixes a small thing at once need not search for its root.
SEVERITIES_WITHOUT_CAUSE = frozenset({"low"})

STATES = (
    State("identified", _("Identified")),
    State("assigned", _("Assigned")),
    State("declined", _("Declined")),
    State("planned", _("Measures set")),
    State("claimed", _("Closure applied for")),
    State("verified", _("Verified")),
    State("returned", _("Returned to the unit")),
    State("reopened", _("Reopened")),
    State("closed", _("Closed"), is_final=True),
    State("closed_by_source", _("Closed according to source"), is_final=True),
    State("not_implemented", _("Not implemented"), is_final=True),
    State("superseded", _("Superseded"), is_final=True),
    State("risk_accepted", _("Risk accepted"), is_final=True),
    State("merged", _("Merged into another problem"), is_final=True),
    State("void", _("Void"), is_final=True),
)
ENDED = tuple(state.name for state in STATES if state.is_final)

TRANSITIONS = (
    Transition(
        "assign",
        _("Assign"),
        "rectification.problem.assigned",
        frozenset({COORDINATOR, ABOVE}),
        ("identified", "declined"),
        "assigned",
    ),
    Transition(
        "decline",
        _("Decline"),
        "rectification.problem.declined",
        frozenset({HEAD}),
        ("identified", "assigned"),
        "declined",
        needs_reason=True,
    ),
    Transition(
        "merge",
        _("Merge into another problem"),
        "rectification.problem.merged",
        frozenset({COORDINATOR}),
        ("identified", "assigned"),
        "merged",
        needs_reason=True,
        is_rare=True,
    ),
    Transition(
        "void",
        _("Void"),
        "rectification.problem.voided",
        frozenset({COORDINATOR}),
        ("identified", "assigned"),
        "void",
        needs_reason=True,
        is_rare=True,
    ),
    Transition(
        "propose_measures",
        _("Propose a measure"),
        "rectification.measure.proposed",
        frozenset({LIAISON, COORDINATOR}),
        IN_HAND,
    ),
    Transition(
        "plan",
        _("Set the measures"),
        "rectification.problem.planned",
        frozenset({HEAD}),
        ("assigned", "returned", "reopened"),
        "planned",
        needs=("criterion", "root_cause", "approved_measure"),
    ),
    Transition(
        "claim",
        _("Apply for closure"),
        "rectification.problem.claimed",
        frozenset({LIAISON, OWNER}),
        ("planned",),
        "claimed",
        needs=("measures_claimed",),
    ),
    Transition(
        "request_verification",
        _("Request verification"),
        "rectification.verification.requested",
        frozenset({COORDINATOR}),
        ("claimed",),
        needs=("no_open_verification",),
    ),
    Transition(
        "verify",
        _("Verify"),
        "rectification.problem.verified",
        frozenset({Who.SYSTEM}),
        ("claimed",),
        "verified",
        needs=("passed_verification",),
    ),
    Transition(
        "return_on_verification",
        _("Return to the unit on its verification"),
        "rectification.problem.returned",
        frozenset({Who.SYSTEM}),
        ("claimed",),
        "returned",
        needs_reason=True,
    ),
    Transition(
        "close",
        _("Close out"),
        "rectification.problem.closed",
        frozenset({COORDINATOR, Who.HEAD_ABOVE}),
        ("verified",),
        "closed",
        needs=("criterion", "evidence", "passed_verification"),
        is_verdict=True,
    ),
    Transition(
        "return",
        _("Return to the unit"),
        "rectification.problem.returned",
        frozenset({INSPECTOR, COORDINATOR}),
        ("claimed", "verified"),
        "returned",
        needs_reason=True,
        is_verdict=True,
    ),
    Transition(
        "reopen",
        _("Reopen"),
        "rectification.problem.reopened",
        frozenset({INSPECTOR, COORDINATOR}),
        ENDED,
        "reopened",
        needs_reason=True,
    ),
    Transition(
        "order_revisit",
        _("Order a revisit"),
        "rectification.revisit.ordered",
        frozenset({COORDINATOR}),
        ("closed", "closed_by_source"),
        # With a reason it waits for nobody: what must be revisited is set down by itself.
        needs_reason=True,
        needs=("no_open_revisit",),
    ),
    Transition(
        "reopen_expired",
        _("Reopen, its risk being accepted no longer"),
        "rectification.problem.reopened",
        frozenset({Who.SYSTEM}),
        ("risk_accepted",),
        "reopened",
        needs_reason=True,
    ),
    Transition(
        "end_unimplemented",
        _("End as not implemented"),
        "rectification.problem.not_implemented",
        frozenset({ABOVE}),
        (),
        "not_implemented",
        needs_reason=True,
        is_rare=True,
    ),
    Transition(
        "supersede",
        _("End as superseded"),
        "rectification.problem.superseded",
        frozenset({ABOVE}),
        (),
        "superseded",
        needs_reason=True,
        is_rare=True,
    ),
    Transition(
        "accept_risk",
        _("Accept the risk"),
        "rectification.problem.risk_accepted",
        frozenset({ABOVE}),
        (),
        "risk_accepted",
        needs_reason=True,
        is_rare=True,
    ),
    Transition(
        "adopt_ending",
        _("Adopt the ending from the source"),
        "rectification.problem.ending_adopted",
        frozenset({LIAISON, COORDINATOR, Who.SYSTEM}),
        (),
        "closed_by_source",
        needs=("source",),
    ),
    Transition(
        "reassign",
        _("Reassign"),
        "rectification.problem.reassigned",
        frozenset({COORDINATOR, ABOVE}),
        (),
        needs_reason=True,
        is_rare=True,
    ),
    Transition(
        "extend",
        _("Extend the due day"),
        "rectification.problem.extended",
        frozenset({ABOVE}),
        (),
        needs_reason=True,
    ),
    Transition(
        "route_up",
        _("Ask a unit above to own the cause"),
        "rectification.routing.asked",
        frozenset({HEAD}),
        IN_HAND,
        needs_reason=True,
        needs=("no_routing",),
        is_rare=True,
    ),
    Transition(
        "take_over",
        _("Take over from the unit below"),
        "rectification.problem.taken_over",
        frozenset({ABOVE}),
        (),
        needs_reason=True,
        needs=("routing",),
        is_answer=True,
    ),
    Transition(
        "answer_routing",
        _("Answer the unit below in writing"),
        "rectification.routing.answered",
        frozenset({ABOVE}),
        (),
        needs_reason=True,
        needs=("routing",),
        is_answer=True,
    ),
    Transition(
        "keep_long_term",
        _("Keep up for long"),
        "rectification.problem.kept_long_term",
        frozenset({HEAD, COORDINATOR}),
        is_rare=True,
    ),
    Transition(
        "review",
        _("Review"),
        "rectification.problem.reviewed",
        frozenset({LIAISON, HEAD, INSPECTOR, COORDINATOR}),
        (),
        needs_reason=True,
        needs=("review_day",),
        is_answer=True,
    ),
    *ESCALATIONS,
)

PROBLEM = Lifecycle(
    "problem",
    STATES,
    TRANSITIONS,
    # Who set the measures answers for them; who claims has done it.
    doing=frozenset({"planned", "claimed"}),
)
