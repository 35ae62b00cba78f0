"""The figures of instructions, and of what the campaign asks of units."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.directives.models import AskedUnit, RequestItem
from guantong.directives.rules import CLOSED, DONE, ISSUED, SENT
from guantong.figures.registry import Figure, Scope, register
from guantong.records.models import RecordQuerySet

BY = {"issuer": (_("From"), "instruction__issuer_kind")}


def issued(scope: Scope) -> RecordQuerySet:
    return scope.standing(scope.of_kind("instruction"), ISSUED, DONE)


def done(scope: Scope) -> RecordQuerySet:
    return scope.standing(scope.of_kind("instruction"), DONE)


def past_due(scope: Scope) -> RecordQuerySet:
    return scope.overdue(scope.of_kind("instruction"), ISSUED)


def sent(scope: Scope) -> RecordQuerySet:
    return scope.standing(scope.of_kind("request"), SENT, CLOSED)


def units_asked(scope: Scope) -> QuerySet[AskedUnit]:
    return AskedUnit.objects.filter(record__in=sent(scope).values("pk"))


def items(scope: Scope) -> QuerySet[RequestItem]:
    return RequestItem.objects.filter(record__in=sent(scope).values("pk"))


def items_asked(scope: Scope) -> QuerySet[RequestItem]:
    return items(scope).filter(held_as="")


def items_held(scope: Scope) -> QuerySet[RequestItem]:
    return items(scope).exclude(held_as="")


def held_ones(scope: Scope) -> list[tuple[Any, QuerySet[Any]]]:
    return [(_("what was answered from what is held"), items_held(scope))]


def asked_ones(scope: Scope) -> list[tuple[Any, QuerySet[Any]]]:
    return [(_("what units were asked for"), items_asked(scope))]


FIGURES = (
    Figure(
        code="directives.instructions_issued",
        label=_("Instructions issued"),
        definition=_("Instructions of leaders and meetings entered by the day, done or not."),
        records=issued,
        by=BY,
        is_standing=True,
    ),
    Figure(
        code="directives.instructions_done",
        label=_("Instructions done"),
        definition=_(
            "Instructions that a coordinator had entered as done by the day: each has measures, "
            "and all of them that didn't fall away were accepted."
        ),
        records=done,
        by=BY,
        is_standing=True,
    ),
    Figure(
        code="directives.instructions_past_due",
        label=_("Instructions past their original day"),
        definition=_(
            "Instructions not done by the day whose original due day had passed by then. Those "
            "without a due day are not counted."
        ),
        records=past_due,
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="directives.requests_sent",
        label=_("Requests sent to units"),
        definition=_("Requests that had been sent to units by the day, closed or not."),
        records=sent,
        is_standing=True,
    ),
    Figure(
        code="directives.units_asked",
        label=_("Times that a unit was asked"),
        definition=_(
            "Units that requests sent by the day were addressed to; a unit counts once for each "
            "request. This is what requests cost the units."
        ),
        records=units_asked,
        record="record",
        unit="unit",
    ),
    Figure(
        code="directives.items_asked",
        label=_("Things asked of units"),
        definition=_(
            "Things that requests sent by the day asked of units. What was answered from what is "
            "held is not counted."
        ),
        records=items_asked,
        record="record",
        excluded=held_ones,
    ),
    Figure(
        code="directives.items_held",
        label=_("Things answered from what is held"),
        definition=_(
            "Things in requests sent by the day that no unit was asked for, since a list or a "
            "figure here held them already."
        ),
        records=items_held,
        record="record",
        excluded=asked_ones,
    ),
)
for figure in FIGURES:
    register(figure)
