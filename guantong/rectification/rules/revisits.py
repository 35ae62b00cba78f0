"""The lifecycle of a revisit, as a table, and which closings are revisited."""

import datetime

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import Lifecycle, State, Transition, Who

COORDINATOR, INSPECTOR = frozenset({Who.COORDINATOR}), frozenset({Who.INSPECTOR})

# These are revisited without exception; of the others a sample is drawn.
ALWAYS_REVISITED = frozenset({"critical", "high"})
# The campaign's threshold that says how many in a hundred, by severity.
SHARES = {"medium": "revisit_percent_medium", "low": "revisit_percent_low"}

STATES = (
    State("due", _("Revisit due")),
    State("made", _("Revisit made")),
    State("sustained", _("Sustained"), is_final=True),
    State("recurred", _("Recurred"), is_final=True),
)

TRANSITIONS = (
    Transition(
        "assign",
        _("Name the inspector"),
        "rectification.revisit.assigned",
        COORDINATOR,
        ("due", "made"),
        needs=("no_inspector",),
    ),
    Transition(
        "replace_inspector",
        _("Replace the inspector"),
        "rectification.revisit.inspector_replaced",
        COORDINATOR,
        ("due", "made"),
        needs_reason=True,
        is_rare=True,
    ),
    Transition(
        "plan_visit",
        _("Plan a visit for it"),
        "visits.visit.planned",
        INSPECTOR,
        ("due",),
    ),
    Transition(
        "make",
        _("Enter as made"),
        "rectification.revisit.made",
        INSPECTOR,
        ("due",),
        "made",
    ),
    Transition(
        "sustain",
        _("Conclude: sustained"),
        "rectification.revisit.sustained",
        INSPECTOR,
        ("made",),
        "sustained",
        is_second=True,
        needs=("still_closed",),
        is_verdict=True,
    ),
    Transition(
        "recur",
        _("Conclude: recurred"),
        "rectification.revisit.recurred",
        INSPECTOR,
        ("made",),
        "recurred",
        is_second=True,
        needs_reason=True,
        is_verdict=True,
    ),
)

REVISIT = Lifecycle("revisit", STATES, TRANSITIONS)


def is_drawable(closed_on: datetime.date, today: datetime.date) -> bool:
    """Whether the month of a closing is over: samples are drawn of whole months.

    Of the one or two closings of a day any share would be all of them.
    """
    return (closed_on.year, closed_on.month) < (today.year, today.month)
