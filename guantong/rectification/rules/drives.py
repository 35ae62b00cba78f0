"""The lifecycle of a special rectification, as a table."""

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import ESCALATIONS, Lifecycle, State, Transition, Who

COORDINATOR = frozenset({Who.COORDINATOR})
# What a special rectification groups, by kind.
GROUPED = ("problem", "measure")

STATES = (
    State("open", _("Drive open")),
    State("closed", _("Drive closed"), is_final=True),
)

TRANSITIONS = (
    Transition(
        "group",
        _("Add problems and measures"),
        "rectification.drive.grouped",
        COORDINATOR,
        ("open",),
    ),
    Transition(
        "ungroup",
        _("Take problems and measures out"),
        "rectification.drive.ungrouped",
        COORDINATOR,
        ("open",),
        needs_reason=True,
        is_rare=True,
    ),
    Transition(
        "close",
        _("Close the drive"),
        "rectification.drive.closed",
        COORDINATOR,
        ("open",),
        "closed",
    ),
    *ESCALATIONS,
)

DRIVE = Lifecycle("drive", STATES, TRANSITIONS)
