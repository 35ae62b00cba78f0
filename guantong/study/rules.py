"""The lifecycles of study sessions and of the ideas raised in them; no Django."""

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import Lifecycle, State, Transition, Who

L, H, C = Who.LIAISON, Who.HEAD, Who.COORDINATOR

PLANNED, HELD, CANCELLED = "planned", "held", "cancelled"
RAISED, LINKED, NO_ACTION = "raised", "linked", "no_action"

SESSION = Lifecycle(
    "session",
    (
        State(PLANNED, _("Scheduled")),
        State(HELD, _("Held"), is_final=True),
        State(CANCELLED, _("Cancelled"), is_final=True),
    ),
    (
        Transition(
            "hold",
            _("Enter as held"),
            "study.session.held",
            frozenset({L, C}),
            (PLANNED,),
            HELD,
        ),
        Transition(
            "cancel",
            _("Cancel the session"),
            "study.session.cancelled",
            frozenset({L, C}),
            (PLANNED,),
            CANCELLED,
            needs_reason=True,
        ),
        Transition(
            "contribute",
            _("Enter a contribution"),
            "study.contribution.entered",
            frozenset({L, C}),
            (HELD,),
        ),
        Transition(
            "name_present",
            _("Name who was there"),
            "study.attendance.named",
            frozenset({L, C}),
            (HELD,),
        ),
        Transition(
            "take_name_out",
            _("Take a name out"),
            "study.contribution.removed",
            frozenset({L, C}),
            (HELD,),
            needs_reason=True,
            needs=("names",),
            is_answer=True,
        ),
    ),
)

IDEA = Lifecycle(
    "idea",
    (
        State(RAISED, _("Raised")),
        State(LINKED, _("Taken up"), is_final=True),
        State(NO_ACTION, _("No action"), is_final=True),
    ),
    (
        Transition(
            "link",
            _("Take up"),
            "study.idea.linked",
            frozenset({L, C}),
            (RAISED,),
            LINKED,
        ),
        Transition(
            "take_no_action",
            _("Take no action"),
            "study.idea.declined",
            frozenset({H, C}),
            (RAISED,),
            NO_ACTION,
            needs_reason=True,
        ),
    ),
)

# An idea is taken up by a record of one of these kinds.
TAKING_UP = ("project", "problem", "measure", "instruction")
