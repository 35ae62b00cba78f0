"""The figures of no one strand: of the campaign itself, and of the thread across strands."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Area, Goal
from guantong.figures.registry import Figure, Funnel, Scope, register, register_funnel
from guantong.records.models import LinkKind, Record, RecordQuerySet

# What the strands call the states on which the thread turns; they are known here by record alone.
ACCEPTED_FINDING = ("accepted",)
NO_PROBLEM = ("merged", "void")
LIVE_MEASURE = ("approved", "claimed", "returned", "accepted")
DONE_MEASURE = ("accepted",)
CLOSED_PROBLEM = ("closed",)


def areas(scope: Scope) -> QuerySet[Area]:
    found = Area.objects.filter(campaign=scope.campaign)
    return found if scope.area is None else found.filter(pk=scope.area.pk)


def goals(scope: Scope) -> QuerySet[Goal]:
    return Goal.objects.filter(campaign=scope.campaign)


def accepted(scope: Scope) -> RecordQuerySet:
    return scope.standing(scope.of_kind("finding"), *ACCEPTED_FINDING)


def _standing(scope: Scope, kind: str, *states: str) -> Any:
    """The ids of records that stood so, whoever may see them: it is the finding's own story."""
    return scope.standing(Record.objects.filter(kind=kind), *states).values("pk")


def _problems(scope: Scope) -> Any:
    """The ids of the problems that take up findings and are problems still."""
    fallen = _standing(scope, "problem", *NO_PROBLEM)
    taken = scope.links(LinkKind.TAKEN_UP).filter(target__kind="problem")
    return taken.exclude(target__in=fallen).values("target")


def _answered(scope: Scope, *states: str) -> Any:
    """The ids of those problems that a measure in one of `states` answers."""
    measures = _standing(scope, "measure", *states)
    answers = scope.links(LinkKind.ANSWERED_BY)
    return answers.filter(source__in=_problems(scope), target__in=measures).values("source")


def _leading_to(scope: Scope, *targets: Any) -> RecordQuerySet:
    """The accepted findings that one of the targets took up."""
    wanted = Q(pk__in=[])
    for ids in targets:
        wanted |= Q(target__in=ids)
    links = scope.links(LinkKind.TAKEN_UP).filter(wanted)
    return accepted(scope).filter(pk__in=links.values("source"))


def taken_up(scope: Scope) -> RecordQuerySet:
    live = _standing(scope, "measure", "proposed", *LIVE_MEASURE)
    return _leading_to(scope, _problems(scope), live)


def with_measures(scope: Scope) -> RecordQuerySet:
    live = _standing(scope, "measure", *LIVE_MEASURE)
    return _leading_to(scope, _answered(scope, *LIVE_MEASURE), live)


def with_accepted_measures(scope: Scope) -> RecordQuerySet:
    done = _standing(scope, "measure", *DONE_MEASURE)
    return _leading_to(scope, _answered(scope, *DONE_MEASURE), done)


def closed_out(scope: Scope) -> RecordQuerySet:
    closed = _standing(scope, "problem", *CLOSED_PROBLEM)
    answered = Record.objects.filter(pk__in=_answered(scope, *DONE_MEASURE))
    return _leading_to(scope, answered.filter(pk__in=closed).values("pk"))


FINDING = {
    "finding_kind": (_("Kind of finding"), "finding__finding_kind"),
    "sector": (_("Sector"), "finding__sector"),
    "place": (_("Place"), "finding__place"),
}

FIGURES = (
    Figure(
        code="campaign.areas",
        label=_("Priority areas"),
        definition=_("The priority areas that the campaign has set, as they are today."),
        records=areas,
        record=None,
    ),
    Figure(
        code="campaign.goals",
        label=_("Goals"),
        definition=_("The goals that the campaign has set, as they are today."),
        records=goals,
        record=None,
    ),
    Figure(
        code="thread.findings_accepted",
        label=_("The thread: findings accepted"),
        definition=_(
            "Findings that a second person had accepted by the day: where the funnel begins."
        ),
        records=accepted,
        by=FINDING,
        is_standing=True,
    ),
    Figure(
        code="thread.findings_taken_up",
        label=_("The thread: taken up"),
        definition=_(
            "Accepted findings that a problem or a measure had taken up by the day. Problems "
            "merged or void, and measures superseded or withdrawn, take nothing up."
        ),
        records=taken_up,
        by=FINDING,
    ),
    Figure(
        code="thread.findings_with_measures",
        label=_("The thread: with approved measures"),
        definition=_(
            "Of those taken up: findings whose problem has a measure that was approved and is not "
            "superseded or withdrawn, or that such a measure took up itself."
        ),
        records=with_measures,
        by=FINDING,
    ),
    Figure(
        code="thread.findings_with_accepted_measures",
        label=_("The thread: with accepted measures"),
        definition=_(
            "Of those with measures: findings of which at least one measure was accepted as "
            "completed. Measures that are only claimed are not counted."
        ),
        records=with_accepted_measures,
        by=FINDING,
    ),
    Figure(
        code="thread.findings_closed",
        label=_("The thread: problem closed"),
        definition=_(
            "Of those with accepted measures: findings whose problem was closed here after "
            "verification. Problems closed according to a source are not counted."
        ),
        records=closed_out,
        by=FINDING,
    ),
)
for figure in FIGURES:
    register(figure)
register_funnel(
    Funnel(
        code="thread.conversion",
        label=_("The conversion funnel"),
        definition=_(
            "What became of accepted findings along the links of the thread. Every step counts "
            "findings, and only such as the step before counts too."
        ),
        steps=tuple(figure.code for figure in FIGURES if figure.code.startswith("thread.")),
    )
)
