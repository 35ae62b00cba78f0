"""The lifecycle of an inspection, as a table."""

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import Lifecycle, State, Transition, Who

# In a self-examination the unit's liaison and head stand to it as its inspectors.
INSPECTING = frozenset({Who.INSPECTOR, Who.COORDINATOR})

STATES = (
    State("planned", _("Inspection planned")),
    State("made", _("Inspection made")),
    State("fed_back", _("Fed back")),
    State("settled", _("Inspection settled"), is_final=True),
)

TRANSITIONS = (
    Transition(
        "make",
        _("Enter the inspection as made"),
        "rectification.inspection.made",
        INSPECTING,
        ("planned",),
        "made",
    ),
    Transition(
        "write_checklist",
        _("Write the checklist"),
        "rectification.inspection.checklist_written",
        INSPECTING,
        ("planned",),
    ),
    Transition(
        "name_inspectors",
        _("Name an inspector"),
        "records.participant.named",
        frozenset({Who.COORDINATOR}),
        ("planned", "made"),
    ),
    Transition(
        "correct_results",
        _("Correct what was found"),
        "rectification.inspection.results_corrected",
        INSPECTING,
        ("made",),
        needs_reason=True,
        is_rare=True,
    ),
    Transition(
        "feed_back",
        _("Feed back to the unit"),
        "rectification.inspection.fed_back",
        INSPECTING,
        ("made",),
        "fed_back",
    ),
    Transition(
        "reply",
        _("Reply or object"),
        "rectification.inspection.replied",
        frozenset({Who.HEAD}),
        ("fed_back",),
        needs=("no_reply",),
    ),
    Transition(
        "settle",
        _("Settle"),
        "rectification.inspection.settled",
        INSPECTING,
        ("fed_back",),
        "settled",
        needs=("reply",),
    ),
    Transition(
        "raise_problems",
        _("Raise problems"),
        "rectification.inspection.problems_raised",
        INSPECTING,
        ("made", "fed_back", "settled"),
        needs=("unraised",),
        is_answer=True,
    ),
)

INSPECTION = Lifecycle("inspection", STATES, TRANSITIONS)
