"""The figures of no one strand: of the campaign itself, and of the thread across strands."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Area, Goal
from guantong.figures.registry import Figure, Funnel, Scope, register, register_funnel
from guantong.records.models import Link, LinkKind, RecordQuerySet

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


def _taken_up(scope: Scope, target: str) -> QuerySet[Link]:
    """The links by which a record of a kind took up the finding that is asked of.

    Asked of one finding at a time: gathered, all links that there are would be read for those of a
    few. Whoever may see the target: it is the finding's own story.
    """
    links = scope.links(LinkKind.TAKEN_UP)
    return links.filter(source=OuterRef("pk"), target__kind=target)


def _problems(scope: Scope) -> QuerySet[Link]:
    """Those to problems that are problems still."""
    return _taken_up(scope, "problem").exclude(scope.stands("target", *NO_PROBLEM))


def _answered(scope: Scope, *states: str) -> QuerySet[Link]:
    """Those to problems that a measure in one of `states` answers."""
    answers = scope.links(LinkKind.ANSWERED_BY).filter(source=OuterRef("target"))
    measures = answers.filter(scope.stands("target", *states), target__kind="measure")
    return _problems(scope).filter(Exists(measures))


def _measures(scope: Scope, *states: str) -> QuerySet[Link]:
    """Those to measures in one of `states`."""
    return _taken_up(scope, "measure").filter(scope.stands("target", *states))


def taken_up(scope: Scope) -> RecordQuerySet:
    live = _measures(scope, "proposed", *LIVE_MEASURE)
    return accepted(scope).filter(Exists(_problems(scope)) | Exists(live))


def with_measures(scope: Scope) -> RecordQuerySet:
    answered, live = _answered(scope, *LIVE_MEASURE), _measures(scope, *LIVE_MEASURE)
    return accepted(scope).filter(Exists(answered) | Exists(live))


def with_accepted_measures(scope: Scope) -> RecordQuerySet:
    answered, done = _answered(scope, *DONE_MEASURE), _measures(scope, *DONE_MEASURE)
    return accepted(scope).filter(Exists(answered) | Exists(done))


def closed_out(scope: Scope) -> RecordQuerySet:
    answered = _answered(scope, *DONE_MEASURE)
    return accepted(scope).filter(Exists(answered.filter(scope.stands("target", *CLOSED_PROBLEM))))


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
