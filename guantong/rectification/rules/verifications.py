"""The lifecycle of a verification, as a table, and which verdict its findings allow."""

from collections.abc import Sequence

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import Lifecycle, State, Transition, Who

INSPECTOR = frozenset({Who.INSPECTOR})
# A verdict rests on a finding for the criterion and for each measure, and on dated evidence.
NEEDS = ("claimed_problem", "measures_claimed", "evidence")

STATES = (
    State("requested", _("Verification requested")),
    State("passed", _("Passed"), is_final=True),
    State("partial", _("Partly passed"), is_final=True),
    State("failed", _("Failed"), is_final=True),
)

TRANSITIONS = (
    Transition(
        "pass",
        _("Pass"),
        "rectification.verification.passed",
        INSPECTOR,
        ("requested",),
        "passed",
        is_second=True,
        needs=NEEDS,
        is_verdict=True,
    ),
    Transition(
        "pass_partly",
        _("Pass in part"),
        "rectification.verification.partly_passed",
        INSPECTOR,
        ("requested",),
        "partial",
        is_second=True,
        needs=NEEDS,
        is_verdict=True,
    ),
    Transition(
        "fail",
        _("Fail"),
        "rectification.verification.failed",
        INSPECTOR,
        ("requested",),
        "failed",
        is_second=True,
        needs=NEEDS,
        is_verdict=True,
    ),
    Transition(
        "replace_verifier",
        _("Replace the verifier"),
        "rectification.verification.verifier_replaced",
        frozenset({Who.COORDINATOR}),
        ("requested",),
        needs_reason=True,
        is_rare=True,
    ),
)

VERIFICATION = Lifecycle("verification", STATES, TRANSITIONS)


def fits(verdict: str, *, criterion: bool, measures: Sequence[bool]) -> bool:
    """Whether findings (met or not) bear out a verdict: `passed`, `partial` or `failed`."""
    findings = [criterion, *measures]
    if verdict == "passed":
        return all(findings)
    if verdict == "partial":
        return any(findings) and not all(findings)
    return not criterion
