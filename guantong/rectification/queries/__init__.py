"""Reads that span problems, measures, verifications and what hangs from them."""

from guantong.rectification.queries.deadlines import Reminder, reminders_due, supervised
from guantong.rectification.queries.drives import Standing, left_open, members_of, standing_of
from guantong.rectification.queries.inspections import checklists_of, unraised_of
from guantong.rectification.queries.recurrence import (
    Recurrence,
    likened_of,
    proposed_before,
    recurrences,
)
from guantong.rectification.queries.revisits import (
    by_month_and_severity,
    closings_to_revisit,
    judged_of_revisits,
    list_in_words,
    problems_of_revisits,
    site_found_at,
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
from guantong.rectification.queries.upkeep import expired_risks, waiting_routings

__all__ = [
    "Recurrence",
    "Reminder",
    "Standing",
    "Subject",
    "by_month_and_severity",
    "checklists_of",
    "closings_to_revisit",
    "expired_risks",
    "inspectors_of",
    "judged_of_problems",
    "judged_of_revisits",
    "judged_of_verifications",
    "left_open",
    "likened_of",
    "list_in_words",
    "measures_of",
    "members_of",
    "problem_of_each",
    "problems_of_revisits",
    "proposed_before",
    "recurrences",
    "reminders_due",
    "site_found_at",
    "standing_of",
    "subjects_of",
    "supervised",
    "unraised_of",
    "verifications_of",
    "waiting_routings",
    "without_visit",
]
