"""How far past its due day a record is, as the level at which it is supervised (rule 8)."""

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import Transition, Who

# A level is no state: it is raised by lateness or by hand, and answered in writing.
ESCALATIONS = (
    Transition(
        "escalate",
        _("Escalate"),
        "records.record.escalated",
        frozenset({Who.INSPECTOR, Who.COORDINATOR, Who.ABOVE}),
        (),
        needs_reason=True,
        needs=("room_to_escalate",),
        is_rare=True,
    ),
    Transition(
        "answer_escalation",
        _("Answer the escalation"),
        "records.record.escalation_answered",
        frozenset({Who.HEAD, Who.COORDINATOR}),
        (),
        needs_reason=True,
        needs=("escalation",),
        is_answer=True,
    ),
)


def escalation_level(days_late: int, *, head: int, above: int, coordinator: int) -> int:
    """Return 0 (in time), 1 (unit head), 2 (unit above) or 3 (coordinator).

    `days_late` are working days past the due day; the rest are the campaign's days of grace.
    """
    if days_late <= 0:
        return 0
    return sum((days_late > head, days_late > above, days_late > coordinator))
