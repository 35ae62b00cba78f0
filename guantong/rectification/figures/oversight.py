"""The figures of inspections, drives, and of what runs beside a problem's lifecycle."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.figures.registry import RATIO, Figure, Scope, register
from guantong.records.models import LinkKind, RecordQuerySet
from guantong.rectification.figures.problems import BY, problems, standing
from guantong.rectification.models import InspectionReply, Problem, Review, Routing
from guantong.rectification.queries.upkeep import days_set
from guantong.rectification.rules import PROBLEM

BY_INSPECTION = {"inspection_kind": (_("Kind of inspection"), "inspection__inspection_kind")}


def of_kind_in(kind: str, *states: str) -> Any:
    """The records of a kind that stand in one of `states`."""
    return lambda scope: scope.standing(scope.of_kind(kind), *states)


def unanswered_inspections(scope: Scope) -> RecordQuerySet:
    there = InspectionReply.objects.filter(replied_on__lte=scope.as_of)
    fed_back = scope.standing(scope.of_kind("inspection"), "fed_back")
    return fed_back.exclude(pk__in=there.values("record"))


def from_inspections(scope: Scope) -> RecordQuerySet:
    links = scope.links(LinkKind.RAISED).filter(source__kind="inspection")
    return problems(scope).filter(pk__in=links.values("target"))


def in_drives(scope: Scope) -> RecordQuerySet:
    links = scope.links(LinkKind.GROUPED)
    return problems(scope).filter(pk__in=links.values("target"))


def closed_in_drives(scope: Scope) -> RecordQuerySet:
    return scope.standing(in_drives(scope), "closed")


def routed_up(scope: Scope) -> RecordQuerySet:
    waiting = Routing.objects.waiting_on(scope.as_of)
    return standing(*PROBLEM.open_states)(scope).filter(pk__in=waiting.values("record"))


def routed_up_past_day(scope: Scope) -> RecordQuerySet:
    late = Routing.objects.waiting_on(scope.as_of).filter(due_on__lt=scope.as_of)
    return standing(*PROBLEM.open_states)(scope).filter(pk__in=late.values("record"))


def with_day(
    scope: Scope, found: RecordQuerySet, name: str, *, is_past: bool = True
) -> RecordQuerySet:
    """Those of `found` on which a day was set as the field `name` says; one that had passed.

    On a day before today the entries tell what the field was.
    """
    if scope.is_today:
        test, value = ("lt", scope.as_of) if is_past else ("isnull", False)
        # Gathered: joined, each of the records would be looked at, of which few have such a day.
        set_days = Problem.objects.filter(**{f"{name}__{test}": value})
        return found.filter(pk__in=set_days.values("record"))
    days = days_set(name, found.values_list("pk", flat=True), scope.as_of)
    return found.filter(pk__in=[pk for pk, day in days.items() if day < scope.as_of or not is_past])


def expired(scope: Scope) -> RecordQuerySet:
    return with_day(scope, standing("risk_accepted")(scope), "accepted_until")


def long_term(scope: Scope) -> RecordQuerySet:
    return with_day(scope, reviewed(scope), "review_on", is_past=False)


def reviews_overdue(scope: Scope) -> RecordQuerySet:
    return with_day(scope, reviewed(scope), "review_on")


def reviewed(scope: Scope) -> RecordQuerySet:
    """The open problems that may have a day for their review: it was set, or ended with a review.

    Today the day itself says so, and is found by its own index.
    """
    found = standing(*PROBLEM.open_states)(scope)
    if scope.is_today:
        return found
    # Joined to both, each record would be looked at.
    ever = Q(pk__in=Problem.objects.filter(review_on__isnull=False).values("record"))
    return found.filter(ever | Q(pk__in=Review.objects.values("record")))


def systemic(scope: Scope) -> RecordQuerySet:
    return problems(scope).filter(problem__is_systemic=True)


FIGURES = (
    Figure(
        code="rectification.inspections_made",
        label=_("Inspections made"),
        definition=_(
            "Inspections, self-examinations, spot checks and feedback of groups that were made by "
            "the day, whether fed back and settled since or not. Planned ones are not counted."
        ),
        records=of_kind_in("inspection", "made", "fed_back", "settled"),
        is_standing=True,
        by=BY_INSPECTION,
    ),
    Figure(
        code="rectification.inspections_settled",
        label=_("Inspections settled"),
        definition=_(
            "Of the inspections made, those whose feedback the unit has answered and that are "
            "settled in writing."
        ),
        records=of_kind_in("inspection", "settled"),
        denominator=of_kind_in("inspection", "made", "fed_back", "settled"),
        shape=RATIO,
        by=BY_INSPECTION,
    ),
    Figure(
        code="rectification.inspections_unanswered",
        label=_("Inspections that the unit hasn't answered"),
        definition=_(
            "Inspections that were fed back and to which the head of the unit had neither replied "
            "nor objected by the day."
        ),
        records=unanswered_inspections,
        by=BY_INSPECTION,
    ),
    Figure(
        code="rectification.problems_from_inspections",
        label=_("Problems from inspections"),
        definition=_(
            "Problems that were raised from an inspection. Problems merged into another and void "
            "ones are not counted."
        ),
        records=from_inspections,
        by=BY,
    ),
    Figure(
        code="rectification.drives_open",
        label=_("Special rectifications open"),
        definition=_("Special rectifications that were not closed by the day."),
        records=of_kind_in("drive", "open"),
        is_standing=True,
    ),
    Figure(
        code="rectification.problems_in_drives",
        label=_("Problems in special rectifications"),
        definition=_(
            "Problems that a special rectification groups, open or closed, in whatever state they "
            "stand; each once. Problems merged into another and void ones are not counted."
        ),
        records=in_drives,
        by=BY,
    ),
    Figure(
        code="rectification.problems_in_drives_closed",
        label=_("Problems in special rectifications, closed"),
        definition=_(
            "Of the problems that a special rectification groups, those closed here. Problems "
            "closed according to a source and other endings are not counted as closed."
        ),
        records=closed_in_drives,
        denominator=in_drives,
        shape=RATIO,
        by=BY,
    ),
    Figure(
        code="rectification.problems_routed_up",
        label=_("Problems routed up and not answered"),
        definition=_(
            "Problems that have not ended and whose cause a unit above was asked to own, without "
            "its having taken them over or answered by the day."
        ),
        records=routed_up,
        by=BY,
    ),
    Figure(
        code="rectification.routings_past_day",
        label=_("Problems routed up, answer past its day"),
        definition=_(
            "Of the problems routed up and not answered, those whose answer was due before the "
            "day, by the campaign's working days."
        ),
        records=routed_up_past_day,
        by=BY,
    ),
    Figure(
        code="rectification.problems_ended_otherwise",
        label=_("Problems ended otherwise"),
        definition=_(
            "Problems that a higher authority ended without their being put right: not "
            "implemented, superseded, or their risk accepted. Closed, merged and void problems "
            "are not counted."
        ),
        records=standing("not_implemented", "superseded", "risk_accepted"),
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="rectification.risks_expired",
        label=_("Accepted risks that have expired"),
        definition=_(
            "Problems whose risk was accepted until a day that has passed, and that were not "
            "reopened since."
        ),
        records=expired,
        by=BY,
    ),
    Figure(
        code="rectification.problems_long_term",
        label=_("Problems kept up for long"),
        definition=_(
            "Problems that have not ended and have a day on which they are reviewed again."
        ),
        records=long_term,
        by=BY,
    ),
    Figure(
        code="rectification.reviews_overdue",
        label=_("Reviews past their day"),
        definition=_(
            "Problems kept up for long whose review was set for a day before this one and has not "
            "been made."
        ),
        records=reviews_overdue,
        by=BY,
    ),
    Figure(
        code="rectification.problems_systemic",
        label=_("Systemic problems"),
        definition=_(
            "Problems made of similar problems of several units, for the unit above them, in "
            "whatever state they stand."
        ),
        records=systemic,
        by=BY,
    ),
    Figure(
        code="rectification.systemic_proposed",
        label=_("Systemic problems proposed"),
        definition=_(
            "Proposals made of similar problems of several units that no coordinator had accepted "
            "or dismissed by the day."
        ),
        records=of_kind_in("proposal", "proposed"),
        is_standing=True,
    ),
)
for figure in FIGURES:
    register(figure)
