"""Everything that is read for a bulletin: its figures, its page, its drift."""

from guantong.bulletins.queries.building import Built, Shown, build, faults_of
from guantong.bulletins.queries.drifting import Drift, drift_of
from guantong.bulletins.queries.paging import draft_page, page_of, preview_of
from guantong.bulletins.queries.withdrawing import Withdrawal, withdrawal_of

__all__ = [
    "Built",
    "Drift",
    "Shown",
    "Withdrawal",
    "build",
    "draft_page",
    "drift_of",
    "faults_of",
    "page_of",
    "preview_of",
    "withdrawal_of",
]
