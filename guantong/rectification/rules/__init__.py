"""The lifecycles of what rectification adds, and what follows from them; no Django."""

from guantong.rectification.rules.carrying import carried_state
from guantong.rectification.rules.deadlines import escalation_level
from guantong.rectification.rules.drives import DRIVE, GROUPED
from guantong.rectification.rules.inspections import INSPECTION
from guantong.rectification.rules.measures import CLAIMED, LIVE, MEASURE, OUTSTANDING
from guantong.rectification.rules.problems import (
    BEFORE_CLAIM,
    ENDED,
    PROBLEM,
    SEVERITIES_WITHOUT_CAUSE,
    UNDER_JUDGEMENT,
)
from guantong.rectification.rules.recurrence import PROPOSAL, fresh_groups, lowest_common, recurring
from guantong.rectification.rules.revisits import ALWAYS_REVISITED, REVISIT, SHARES, is_drawable
from guantong.rectification.rules.verifications import VERIFICATION, fits

__all__ = [
    "ALWAYS_REVISITED",
    "BEFORE_CLAIM",
    "CLAIMED",
    "DRIVE",
    "ENDED",
    "GROUPED",
    "INSPECTION",
    "LIVE",
    "MEASURE",
    "OUTSTANDING",
    "PROBLEM",
    "PROPOSAL",
    "REVISIT",
    "SEVERITIES_WITHOUT_CAUSE",
    "SHARES",
    "UNDER_JUDGEMENT",
    "VERIFICATION",
    "carried_state",
    "escalation_level",
    "fits",
    "fresh_groups",
    "is_drawable",
    "lowest_common",
    "recurring",
]
