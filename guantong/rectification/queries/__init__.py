"""Reads that span problems, measures, verifications and what hangs from them."""

from guantong.rectification.queries.deadlines import Reminder, reminders_due, supervised
from guantong.rectification.queries.revisits import (
    by_month_and_severity,
    closings_to_revisit,
    judged_of_revisits,
    list_in_words,
    problems_of_revisits,
    without_visit,
)
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
    "by_month_and_severity",
    "closings_to_revisit",
    "inspectors_of",
    "judged_of_problems",
    "judged_of_revisits",
    "judged_of_verifications",
    "list_in_words",
    "measures_of",
    "problem_of_each",
    "problems_of_revisits",
    "reminders_due",
    "subjects_of",
    "supervised",
    "verifications_of",
    "without_visit",
]
