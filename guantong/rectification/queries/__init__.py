"""Reads that span problems, measures, verifications and what hangs from them."""

from guantong.rectification.queries.deadlines import Reminder, reminders_due, supervised
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

__all__ = [
    "Reminder",
    "Subject",
    "inspectors_of",
    "judged_of_problems",
    "judged_of_verifications",
    "measures_of",
    "problem_of_each",
    "reminders_due",
    "subjects_of",
    "supervised",
    "verifications_of",
]
