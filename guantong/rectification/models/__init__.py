"""Problems, what answers and judges them, and the revisits after they were closed."""

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
from guantong.rectification.models.revisits import Means, Revisit

__all__ = [
    "Closure",
    "Means",
    "Measure",
    "MeasureKind",
    "Problem",
    "ProgressNote",
    "Revisit",
    "Severity",
    "Verification",
    "VerificationItem",
]
