"""Every change to campaigns."""

from guantong.campaigns.operations.living import (
    CannotCloseCampaign,
    CannotOpenCampaign,
    CannotReopenCampaign,
    close_campaign,
    open_campaign,
    reopen_campaign,
)
from guantong.campaigns.operations.setting import (
    AreaDraft,
    CannotSetAreas,
    CannotSetDays,
    CannotSetThresholds,
    CannotTakeFiles,
    correct_area,
    correct_areas,
    set_areas,
    set_days,
    set_thresholds,
    take_files,
)

__all__ = [
    "AreaDraft",
    "CannotCloseCampaign",
    "CannotOpenCampaign",
    "CannotReopenCampaign",
    "CannotSetAreas",
    "CannotSetDays",
    "CannotSetThresholds",
    "CannotTakeFiles",
    "close_campaign",
    "correct_area",
    "correct_areas",
    "open_campaign",
    "reopen_campaign",
    "set_areas",
    "set_days",
    "set_thresholds",
    "take_files",
]
