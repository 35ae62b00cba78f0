"""Reads that span the strands: the cast, the thread and its cuts, what waits, what changed."""

from guantong.overview.queries.administering import Kept, kept_by
from guantong.overview.queries.areas import areas_of, series_in, tallies_of
from guantong.overview.queries.cast import Member, cast
from guantong.overview.queries.changes import EntryPage, sees_all, visible_entries
from guantong.overview.queries.cuts import CutLine, cuts_of
from guantong.overview.queries.handover import Held, held_by, waiting_for_handover
from guantong.overview.queries.since import Change, changes_since
from guantong.overview.queries.steps import FirstStep, first_steps
from guantong.overview.queries.thread import Thread, thread_of
from guantong.overview.queries.waiting import WaitingRow, waiting_for

__all__ = [
    "Change",
    "CutLine",
    "EntryPage",
    "FirstStep",
    "Held",
    "Kept",
    "Member",
    "Thread",
    "WaitingRow",
    "areas_of",
    "cast",
    "changes_since",
    "cuts_of",
    "first_steps",
    "held_by",
    "kept_by",
    "sees_all",
    "series_in",
    "tallies_of",
    "thread_of",
    "visible_entries",
    "waiting_for",
    "waiting_for_handover",
]
