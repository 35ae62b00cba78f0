"""Reads of what runs beside a problem's lifecycle: routings, reviews, accepted risks, levels."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.rectification.models import Problem, Routing
from guantong.rectification.queries.needs import Details, Lacking

HIGHEST_LEVEL = 3


def waiting_routings(problem_ids: Iterable[int]) -> dict[int, Routing]:
    """Return for each problem what a unit above was asked and hasn't answered."""
    waiting = Routing.objects.filter(record__in=list(problem_ids), answered_on=None)
    related = waiting.select_related("asked_of", "record__campaign")
    return {routing.record_id: routing for routing in related}


def expired_risks(campaign: Campaign, today: datetime.date) -> QuerySet[Problem]:
    """The problems whose risk was accepted until a day before `today`."""
    return (
        Problem.objects.filter(
            record__campaign=campaign, record__state="risk_accepted", accepted_until__lt=today
        )
        .select_related("record__unit", "record__campaign")
        .order_by("pk")
    )


def has_routing(problems: Details) -> Lacking:
    waiting = waiting_routings(p.pk for p in problems)
    return {
        pk: _("%(unit)s was asked on %(day)s and hasn't answered yet.")
        % {"unit": routing.asked_of, "day": routing.asked_on}
        for pk, routing in waiting.items()
    }


def lacks_routing(problems: Details) -> Lacking:
    waiting = waiting_routings(p.pk for p in problems)
    sentence = _("No unit beneath has asked for this problem to be taken over.")
    return {p.pk: sentence for p in problems if p.pk not in waiting}


def lacks_review_day(problems: Details) -> Lacking:
    sentence = _("It isn't kept up for long. Set a day for its review first.")
    return {p.pk: sentence for p in problems if p.review_on is None}


def lacks_escalation(details: Details) -> Lacking:
    sentence = _("No escalation of it waits for an answer.")
    return {d.pk: sentence for d in details if d.record.escalation_level == 0}


def lacks_room_to_escalate(details: Details) -> Lacking:
    sentence = _("It stands at the highest level already.")
    return {d.pk: sentence for d in details if d.record.escalation_level >= HIGHEST_LEVEL}
