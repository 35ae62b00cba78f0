"""The lifecycles of problems, measures and verifications, and what follows from them; no Django."""

from guantong.rectification.rules.carrying import carried_state
from guantong.rectification.rules.deadlines import escalation_level
from guantong.rectification.rules.measures import LIVE, MEASURE, OUTSTANDING
from guantong.rectification.rules.problems import (
    BEFORE_CLAIM,
    ENDED,
    PROBLEM,
    SEVERITIES_WITHOUT_CAUSE,
    UNDER_JUDGEMENT,
)
from guantong.rectification.rules.verifications import VERIFICATION, fits

__all__ = [
    "BEFORE_CLAIM",
    "ENDED",
    "LIVE",
    "MEASURE",
    "OUTSTANDING",
    "PROBLEM",
    "SEVERITIES_WITHOUT_CAUSE",
    "UNDER_JUDGEMENT",
    "VERIFICATION",
    "carried_state",
    "escalation_level",
    "fits",
]
