"""Reads that span problems, measures, verifications and what hangs from them."""

from guantong.rectification.queries.deadlines import Reminder, reminders_due, supervised
from guantong.rectification.queries.drives import Standing, left_open, members_of, standing_of
from guantong.rectification.queries.inspections import checklists_of, unraised_of
from guantong.rectification.queries.recurrence import Recurrence, likened_of, recurrences
from guantong.rectification.queries.thread import (
    Subject,
    inspectors_of,
    judged_of_problems,
    judged_of_verifications,
    measures_of,
    problem_of_each,
    subjects_of,
    verifications_of,
)
from guantong.rectification.queries.upkeep import expired_risks, waiting_routings

__all__ = [
    "Recurrence",
    "Reminder",
    "Standing",
    "Subject",
    "checklists_of",
    "expired_risks",
    "inspectors_of",
    "judged_of_problems",
    "judged_of_verifications",
    "left_open",
    "likened_of",
    "measures_of",
    "members_of",
    "problem_of_each",
    "recurrences",
    "reminders_due",
    "standing_of",
    "subjects_of",
    "supervised",
    "unraised_of",
    "verifications_of",
    "waiting_routings",
]
