"""Every change to sectors, places and sites."""

from guantong.industry.operations.dividing import (
    CannotCorrectDivision,
    CannotRegisterDivision,
    DivisionDraft,
    correct_divisions,
    register_places,
    register_sectors,
)
from guantong.industry.operations.sites import (
    CannotCorrectSites,
    CannotRegisterSites,
    SiteDraft,
    correct_sites,
    register_sites,
)

__all__ = [
    "CannotCorrectDivision",
    "CannotCorrectSites",
    "CannotRegisterDivision",
    "CannotRegisterSites",
    "DivisionDraft",
    "SiteDraft",
    "correct_divisions",
    "correct_sites",
    "register_places",
    "register_sectors",
    "register_sites",
]
