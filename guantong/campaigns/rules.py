"""The campaign's thresholds and its working days: pure functions."""

import datetime
import itertools
from collections.abc import Collection, Mapping, Sequence

from guantong.kit.words import gettext_noop as _

# Rule 5: more than so many visits to one site in a day, a week, a month need clearing; also to an
# enterprise with all its works together, and to all sites of one place (a township, a city).
# Rule 8: reminder so many working days before the due day; then so many working days of grace
# before each higher level. Revisits: critical and high always, of the rest a drawn share; each is
# due so many days after the closing, and so many working days after it was set down at least.
DEFAULT_THRESHOLDS: Mapping[str, int] = {
    "site_visits_a_day": 1,
    "site_visits_a_week": 2,
    "site_visits_a_month": 3,
    "parent_visits_a_day": 2,
    "parent_visits_a_week": 4,
    "parent_visits_a_month": 8,
    "place_visits_a_day": 4,
    "place_visits_a_week": 10,
    "place_visits_a_month": 25,
    "remind_days_before": 3,
    "grace_days_head": 0,
    "grace_days_above": 5,
    "grace_days_coordinator": 10,
    "revisit_percent_medium": 20,
    "revisit_percent_low": 10,
    "revisit_after_days": 60,
    "revisit_notice_days": 10,
    # Rule 7: similar problems in so many units propose a systemic one; how alike, in percent.
    "systemic_problem_units": 3,
    "systemic_likeness_percent": 50,
    # A unit above answers what was routed up to it within so many working days.
    "routing_days": 10,
}

# The same, as the page says them: what each group is about, and each threshold in words.
THRESHOLDS_IN_WORDS: Sequence[tuple[str, Mapping[str, str]]] = (
    (
        _("Visits: more than so many need the coordinator's clearing"),
        {
            "site_visits_a_day": _("to one site in a day"),
            "site_visits_a_week": _("to one site in a week"),
            "site_visits_a_month": _("to one site in a month"),
            "parent_visits_a_day": _("to one enterprise with its works in a day"),
            "parent_visits_a_week": _("to one enterprise with its works in a week"),
            "parent_visits_a_month": _("to one enterprise with its works in a month"),
            "place_visits_a_day": _("to all sites of one place in a day"),
            "place_visits_a_week": _("to all sites of one place in a week"),
            "place_visits_a_month": _("to all sites of one place in a month"),
        },
    ),
    (
        _("Reminders and escalation, in working days"),
        {
            "remind_days_before": _("reminder before the due day"),
            "grace_days_head": _("past the due day, until the unit head is called on"),
            "grace_days_above": _("past the due day, until the unit above is called on"),
            "grace_days_coordinator": _("past the due day, until the coordinator is called on"),
            "routing_days": _("a unit above answers what was routed up to it within"),
        },
    ),
    (
        _("Revisits of what was closed"),
        {
            "revisit_percent_medium": _("percent drawn of medium severity"),
            "revisit_percent_low": _("percent drawn of low severity"),
            "revisit_after_days": _("days from the closing until it is due"),
            "revisit_notice_days": _("working days from its being set down until it is due"),
        },
    ),
    (
        _("Systemic problems"),
        {
            "systemic_problem_units": _("proposed from similar problems in so many units on"),
            "systemic_likeness_percent": _("percent from which two texts are similar"),
        },
    ),
)


def is_working_day(day: datetime.date, exceptions: Mapping[datetime.date, bool]) -> bool:
    """Whether people work on `day`: Monday to Friday but for the exceptions, which say so."""
    return exceptions.get(day, day.weekday() < 5)


def working_days_between(
    first: datetime.date, last: datetime.date, exceptions: Mapping[datetime.date, bool]
) -> int:
    """Count the working days after `first` up to and including `last`; negative if it is before."""
    if last < first:
        return -working_days_between(last, first, exceptions)
    weeks, rest = divmod((last - first).days, 7)
    count = weeks * 5
    for number in range(1, rest + 1):
        count += (first + datetime.timedelta(weeks * 7 + number)).weekday() < 5
    for day, works in exceptions.items():
        if first < day <= last:
            count += works - (day.weekday() < 5)
    return count


def add_working_days(
    day: datetime.date, number: int, exceptions: Mapping[datetime.date, bool]
) -> datetime.date:
    """Return the `number`-th working day (0 or more) after `day`."""
    while number > 0:
        day += datetime.timedelta(1)
        number -= is_working_day(day, exceptions)
    return day


def thresholds_against(thresholds: Mapping[str, int]) -> Collection[str]:
    """Return the names whose values can't stand together with the others or by themselves."""
    wrong = {name for name, value in thresholds.items() if value < 0}
    wrong |= {name for name, value in thresholds.items() if "_percent" in name and value > 100}
    for spot in ("site", "parent", "place"):
        day, week, month = (f"{spot}_visits_a_{span}" for span in ("day", "week", "month"))
        wrong |= {week} if thresholds[week] < thresholds[day] else set()
        wrong |= {month} if thresholds[month] < thresholds[week] else set()
    graces = ("grace_days_head", "grace_days_above", "grace_days_coordinator")
    for lower, higher in itertools.pairwise(graces):
        wrong |= {higher} if thresholds[higher] < thresholds[lower] else set()
    return sorted(wrong)


def unknown_thresholds(thresholds: Mapping[str, int]) -> Collection[str]:
    """Return the names that are no threshold."""
    return sorted(set(thresholds) - set(DEFAULT_THRESHOLDS))
