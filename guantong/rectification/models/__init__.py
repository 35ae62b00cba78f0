"""Problems and what judges them, inspections, drives, revisits, and what is proposed of many."""

from guantong.rectification.models.drives import Drive
from guantong.rectification.models.inspections import (
    ChecklistItem,
    Inspection,
    InspectionKind,
    InspectionReply,
    Result,
    Stance,
)
from guantong.rectification.models.problems import (
    Closure,
    Measure,
    MeasureKind,
    Problem,
    ProgressNote,
    Severity,
    Verification,
    VerificationItem,
)
from guantong.rectification.models.proposals import Proposal
from guantong.rectification.models.revisits import Means, Revisit
from guantong.rectification.models.upkeep import Outcome, Review, Routing

__all__ = [
    "ChecklistItem",
    "Closure",
    "Drive",
    "Inspection",
    "InspectionKind",
    "InspectionReply",
    "Means",
    "Measure",
    "MeasureKind",
    "Outcome",
    "Problem",
    "ProgressNote",
    "Proposal",
    "Result",
    "Review",
    "Revisit",
    "Routing",
    "Severity",
    "Stance",
    "Verification",
    "VerificationItem",
]
