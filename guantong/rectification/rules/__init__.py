"""The lifecycles of what rectification adds, and what follows from them; no Django."""

from guantong.rectification.rules.deadlines import escalation_level
from guantong.rectification.rules.measures import LIVE, MEASURE, OUTSTANDING
from guantong.rectification.rules.problems import (
    BEFORE_CLAIM,
    ENDED,
    PROBLEM,
    SEVERITIES_WITHOUT_CAUSE,
    UNDER_JUDGEMENT,
)
from guantong.rectification.rules.revisits import (
    ALWAYS_REVISITED,
    REVISIT,
    SHARES,
    is_drawable,
)
from guantong.rectification.rules.verifications import VERIFICATION, fits

__all__ = [
    "ALWAYS_REVISITED",
    "BEFORE_CLAIM",
    "ENDED",
    "LIVE",
    "MEASURE",
    "OUTSTANDING",
    "PROBLEM",
    "REVISIT",
    "SEVERITIES_WITHOUT_CAUSE",
    "SHARES",
    "UNDER_JUDGEMENT",
    "VERIFICATION",
    "escalation_level",
    "fits",
    "is_drawable",
]
