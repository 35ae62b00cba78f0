"""The lifecycle of a visit, and what it may be made for; no Django."""

from collections.abc import Mapping

from guantong.kit.words import gettext_noop as _
from guantong.people.rules import COORDINATOR, LIAISON, RESEARCHER
from guantong.records.rules import Lifecycle, State, Transition, Who

L, R, C = Who.LIAISON, Who.RESEARCHER, Who.COORDINATOR

DRAFT, CLEARED, MADE, WRITTEN_UP = "draft", "cleared", "made", "written_up"
MERGED, CANCELLED, NOT_MADE = "merged", "cancelled", "not_made"

# A visit in one of these states takes place, as far as anybody knows, and counts for crowding.
TAKING_PLACE = (CLEARED, MADE, WRITTEN_UP)
# A visit in one of these states took place.
TOOK_PLACE = (MADE, WRITTEN_UP)

# Who enters visits, and so also sends a team along on another's.
ENTERING_ROLES = (LIAISON, RESEARCHER, COORDINATOR)

# Under the limits a visit clears itself: whoever enters it, or asks again, only sets that off.
ENTERING = frozenset({L, R, C, Who.SYSTEM})

VISIT = Lifecycle(
    "visit",
    (
        State(DRAFT, _("Draft")),
        State(CLEARED, _("Cleared")),
        State(MADE, _("Made")),
        State(WRITTEN_UP, _("Written up"), is_final=True),
        State(MERGED, _("Merged"), is_final=True),
        State(CANCELLED, _("Cancelled"), is_final=True),
        State(NOT_MADE, _("Not made"), is_final=True),
    ),
    (
        Transition(
            "clear",
            _("Clear"),
            "visits.visit.cleared",
            ENTERING,
            (DRAFT,),
            CLEARED,
            needs=("occasion", "explanation", "room"),
        ),
        Transition(
            "clear_over_limits",
            _("Clear over the limits"),
            "visits.visit.cleared_over_limits",
            frozenset({C}),
            (DRAFT,),
            CLEARED,
            is_second=True,
            needs_reason=True,
            needs=("occasion", "explanation"),
        ),
        Transition(
            "explain",
            _("Explain the repetition"),
            "visits.visit.explained",
            frozenset({L, R, C}),
            (DRAFT,),
            needs=("repetition",),
            is_answer=True,
        ),
        Transition(
            "change",
            _("Change site, days or team"),
            "visits.visit.changed",
            frozenset({L, R, C}),
            (DRAFT, CLEARED),
            DRAFT,
        ),
        Transition(
            "make",
            _("Enter as made"),
            "visits.visit.made",
            frozenset({R}),
            (CLEARED,),
            MADE,
            needs=("begun",),
        ),
        Transition(
            "register_late",
            _("Register late"),
            "visits.visit.registered_late",
            ENTERING,
            (DRAFT,),
            MADE,
            needs_reason=True,
            needs=("occasion",),
            is_rare=True,
        ),
        Transition(
            "write_up",
            _("Write up"),
            "visits.visit.written_up",
            frozenset({R}),
            (MADE,),
            WRITTEN_UP,
        ),
        Transition(
            "merge",
            _("Merge into another visit"),
            "visits.visit.merged",
            frozenset({R, C}),
            (DRAFT, CLEARED),
            MERGED,
            needs_reason=True,
            is_rare=True,
        ),
        Transition(
            "cancel",
            _("Cancel the visit"),
            "visits.visit.cancelled",
            frozenset({R, C}),
            (DRAFT, CLEARED),
            CANCELLED,
            needs_reason=True,
        ),
        Transition(
            "enter_not_made",
            _("Enter as not made"),
            "visits.visit.not_made",
            frozenset({R, C}),
            (DRAFT, CLEARED),
            NOT_MADE,
            needs_reason=True,
            is_rare=True,
        ),
    ),
)

# The kinds of record that a visit may be made for, and the link that leads from them to it.
OCCASIONS: Mapping[str, str] = {
    "project": "fieldwork",
    "inspection": "fieldwork",
    "revisit": "fieldwork",
}

# Occasions that ended so are no reason for a visit any more.
GONE = ("merged", "withdrawn")
