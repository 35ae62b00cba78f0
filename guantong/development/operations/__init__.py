"""Every write of development."""

from guantong.development.operations.indicators import (
    CannotActivateIndicator,
    CannotDraftIndicator,
    CannotRetireIndicator,
    CannotReviseIndicator,
    IndicatorDraft,
    activate_indicators,
    draft_indicators,
    retire_indicators,
    revise_indicators,
)
from guantong.development.operations.observations import (
    CannotRejectObservation,
    CannotReportObservation,
    CannotValidateObservation,
    ObservationDraft,
    reject_observations,
    report_observations,
    validate_observations,
)

__all__ = [
    "CannotActivateIndicator",
    "CannotDraftIndicator",
    "CannotRejectObservation",
    "CannotReportObservation",
    "CannotRetireIndicator",
    "CannotReviseIndicator",
    "CannotValidateObservation",
    "IndicatorDraft",
    "ObservationDraft",
    "activate_indicators",
    "draft_indicators",
    "reject_observations",
    "report_observations",
    "retire_indicators",
    "revise_indicators",
    "validate_observations",
]
