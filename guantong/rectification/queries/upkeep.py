"""Reads of what runs beside a problem's lifecycle: routings, reviews, accepted risks, levels."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.queries import last_told
from guantong.people.models import Appointment, Person
from guantong.people.rules import COORDINATOR, HEAD, LIAISON
from guantong.records.models import Link, LinkKind, Record, RecordQuerySet
from guantong.records.visibility import units_of
from guantong.rectification.models import Problem, Routing
from guantong.rectification.queries.needs import Details, Lacking
from guantong.rectification.rules import MEASURE, PROBLEM


def waiting_routings(problem_ids: Iterable[int]) -> dict[int, Routing]:
    """Return for each problem what a unit above was asked and hasn't answered."""
    waiting = Routing.objects.filter(record__in=list(problem_ids), answered_on=None)
    related = waiting.select_related("asked_of", "record__campaign")
    return {routing.record_id: routing for routing in related}


def problems_without_measures(person: Person, on: datetime.date) -> RecordQuerySet:
    """The problems in the hands of this person's units for which no measure is under way."""
    under_way = Link.objects.filter(
        source=OuterRef("pk"),
        kind=LinkKind.ANSWERED_BY,
        target__kind=MEASURE.kind,
        target__state__in=MEASURE.open_states,
    )
    theirs = Record.objects.of_kind(PROBLEM.kind).in_states("assigned", "returned", "reopened")
    return theirs.filter(unit__in=units_of(person, [LIAISON], on)).exclude(Exists(under_way))


def expired_risks(campaign: Campaign, today: datetime.date) -> QuerySet[Problem]:
    """The problems whose risk was accepted until a day before `today`."""
    return (
        Problem.objects.filter(
            record__campaign=campaign, record__state="risk_accepted", accepted_until__lt=today
        )
        .select_related("record__unit", "record__campaign")
        .order_by("pk")
    )


def days_set(name: str, problems: Iterable[int], on: datetime.date) -> dict[int, datetime.date]:
    """Return for each problem the day that its field `name` held at the end of the day `on`."""
    told = last_told("problem", problems, name, on)
    return {pk: datetime.date.fromisoformat(day) for pk, day in told.items() if day is not None}


def routings_asked_of(person: Person, on: datetime.date) -> RecordQuerySet:
    """The problems whose cause this person's unit was asked to own, and hasn't answered.

    It waits for the head of the unit asked, else the nearest one above; for a coordinator of just
    that unit; and where there is no head at all, for the nearest coordinator.
    """
    asked = Routing.objects.filter(answered_on=None).exclude(asked_by=person)
    mine = Q(pk=None)
    for grant in person.grants(on):
        nearer = _over(grant.role, on, below=grant.path)
        # In this order: PostgreSQL would look for nearer ones of every unit first.
        nearest = Q(asked_of__path__startswith=grant.path) & Q(~Exists(nearer))
        if grant.role == HEAD:
            mine |= nearest
        elif grant.role == COORDINATOR:
            mine |= Q(asked_of__path=grant.path) | (nearest & Q(~Exists(_over(HEAD, on))))
    return Record.objects.filter(pk__in=asked.filter(mine).values("record"))


def _over(role: str, on: datetime.date, *, below: str = "") -> QuerySet[Appointment]:
    """Who holds a role over the unit that a routing asks, further down than `below`; but its asker.

    A unit stands over those whose paths begin with its own.
    """
    begins = Substr(OuterRef("asked_of__path"), 1, Length("unit__path"))
    held = Appointment.objects.current(on).filter(role=role, person__is_active=True)
    over = held.exclude(person=OuterRef("asked_by")).filter(unit__path=begins)
    return over.alias(depth=Length("unit__path")).filter(depth__gt=len(below))


def reviews_due(person: Person, on: datetime.date) -> RecordQuerySet:
    """This person's units' open problems that are kept up for long, once their day has come."""
    due = Problem.objects.filter(
        review_on__lte=on,
        record__state__in=PROBLEM.open_states,
        record__unit__in=units_of(person, [LIAISON, HEAD], on),
    )
    return Record.objects.filter(pk__in=due.values("record"))


def has_routing(problems: Details) -> Lacking:
    waiting = waiting_routings(p.pk for p in problems)
    return {
        pk: _("%(unit)s was asked on %(day)s and hasn't answered yet.")
        % {"unit": routing.asked_of, "day": day_in_words(routing.asked_on)}
        for pk, routing in waiting.items()
    }


def lacks_routing(problems: Details) -> Lacking:
    waiting = waiting_routings(p.pk for p in problems)
    sentence = _("No unit beneath has asked for this problem to be taken over.")
    return {p.pk: sentence for p in problems if p.pk not in waiting}


def lacks_review_day(problems: Details) -> Lacking:
    sentence = _("It isn't kept up for long. Set a day for its review first.")
    return {p.pk: sentence for p in problems if p.review_on is None}
