"""The figures of research."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.figures.registry import (
    RATIO,
    Figure,
    Funnel,
    Scope,
    register,
    register_funnel,
)
from guantong.records.models import LinkKind, RecordQuerySet
from guantong.research.rules import (
    ACCEPTED,
    COMPLETED,
    CONVERTED,
    DRAFT,
    PLANNED,
    REPORTED,
    RETURNED,
    SETTLING,
    UNSETTLING_STATES,
)

BY_PROJECT = {
    "sector": (_("Sector"), "project__sectors"),
    "place": (_("Place"), "project__places"),
    "method": (_("Method"), "project__method"),
    "is_leaders_own": (_("Leader's own project"), "project__is_leaders_own"),
}
BY_FINDING = {
    "finding_kind": (_("Kind of finding"), "finding__finding_kind"),
    "source_kind": (_("Found by"), "finding__source_kind"),
    "sector": (_("Sector"), "finding__sector"),
    "place": (_("Place"), "finding__place"),
}


def projects(*states: str) -> Any:
    """The projects that stand in one of `states`."""
    return lambda scope: scope.standing(scope.of_kind("project"), *states)


planned = projects(*PLANNED)
reported = projects(REPORTED, CONVERTED, COMPLETED)
unconverted = projects(REPORTED)
converted = projects(CONVERTED, COMPLETED)


def leaders_own(scope: Scope) -> RecordQuerySet:
    return planned(scope).filter(project__is_leaders_own=True)


def not_leaders_own(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    others = planned(scope).filter(project__is_leaders_own=False)
    return [(_("planned projects that are no leader's own"), others)]


def findings(scope: Scope) -> RecordQuerySet:
    return scope.standing(scope.of_kind("finding"), DRAFT, RETURNED, ACCEPTED)


def accepted(scope: Scope) -> RecordQuerySet:
    return scope.standing(scope.of_kind("finding"), ACCEPTED)


def taken_up(scope: Scope) -> RecordQuerySet:
    """Accepted findings that a problem, a measure or the like took up which stood on the day."""
    return accepted(scope).filter(is_taken_up(scope))


def is_taken_up(scope: Scope) -> Q:
    """Asked of one finding at a time: gathered, the links of all others would be read too."""
    links = scope.links(LinkKind.TAKEN_UP).filter(source=OuterRef("pk"), target__kind__in=SETTLING)
    return Q(Exists(links.exclude(scope.stands("target", *UNSETTLING_STATES))))


def without_action(scope: Scope) -> RecordQuerySet:
    return accepted(scope).filter(finding__no_action_on__lte=scope.as_of)


def is_settled(scope: Scope) -> Q:
    decided = Q(finding__no_action_on__lte=scope.as_of)
    return is_taken_up(scope) | decided


def settled(scope: Scope) -> RecordQuerySet:
    return accepted(scope).filter(is_settled(scope))


def unsettled(scope: Scope) -> RecordQuerySet:
    return accepted(scope).exclude(is_settled(scope))


def settled_ones(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    return [(_("accepted findings that are settled"), settled(scope))]


def open_or_without_action(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    decided = without_action(scope).exclude(pk__in=taken_up(scope).values("pk"))
    return [
        (_("accepted findings on which no action was decided"), decided),
        (_("accepted findings that are not settled"), unsettled(scope)),
    ]


FIGURES = (
    Figure(
        code="research.projects_planned",
        label=_("Research projects planned"),
        definition=_(
            "Research projects that had been approved by the day, whatever came of them since: "
            "approved, reported, with a returned report, converted, completed, or closed according "
            "to a source. Proposals, returned proposals, projects merged into others and withdrawn "
            "ones are not counted."
        ),
        records=planned,
        is_standing=True,
        by=BY_PROJECT,
        rounding="over",
    ),
    Figure(
        code="research.projects_of_leaders",
        label=_("Leaders' own projects"),
        definition=_(
            "Planned research projects that are a leader's own. Proposals, returned proposals, "
            "merged and withdrawn projects are not counted."
        ),
        records=leaders_own,
        is_standing=True,
        by=BY_PROJECT,
        excluded=not_leaders_own,
    ),
    Figure(
        code="research.projects_reported",
        label=_("Research projects reported"),
        definition=_(
            "Research projects whose report stood handed in on the day, converted and completed "
            "ones among them. Projects whose report was returned, and projects closed according to "
            "a source, are not counted."
        ),
        records=reported,
        is_standing=True,
        by=BY_PROJECT,
    ),
    Figure(
        code="research.projects_unconverted",
        label=_("Projects reported but not converted"),
        definition=_(
            "Research projects that stood reported on the day: the report is in, and its results "
            "are not put to use yet. Converted and completed projects are not counted."
        ),
        records=unconverted,
        is_standing=True,
        by=BY_PROJECT,
    ),
    Figure(
        code="research.projects_converted",
        label=_("Research projects converted"),
        definition=_(
            "Research projects whose results had been put to use by the day, every accepted "
            "finding settled, completed ones among them. Projects closed according to a source "
            "are not counted."
        ),
        records=converted,
        is_standing=True,
        by=BY_PROJECT,
    ),
    Figure(
        code="research.findings",
        label=_("Findings"),
        definition=_(
            "Findings that had been written by the day, drafts and returned ones among them. "
            "Rejected findings are not counted."
        ),
        records=findings,
        is_standing=True,
        by=BY_FINDING,
    ),
    Figure(
        code="research.findings_accepted",
        label=_("Findings accepted"),
        definition=_(
            "Findings that a second person had accepted by the day, settled or not. Drafts, "
            "returned and rejected findings are not counted."
        ),
        records=accepted,
        is_standing=True,
        by=BY_FINDING,
    ),
    Figure(
        code="research.findings_settled",
        label=_("Findings settled"),
        definition=_(
            "Accepted findings that had been settled by the day: a problem, a measure, a policy "
            "document, an instruction or a spread practice took them up, or the coordinator "
            "decided in writing on no action. What took them up does not count where it was void "
            "or withdrawn. Shown as a share of all accepted findings."
        ),
        records=settled,
        denominator=accepted,
        shape=RATIO,
        by=BY_FINDING,
    ),
    Figure(
        code="research.findings_unsettled",
        label=_("Findings not settled"),
        definition=_(
            "Accepted findings that nothing had taken up by the day and on which it had not been "
            "decided to take no action. Drafts, returned and rejected findings are not counted."
        ),
        records=unsettled,
        by=BY_FINDING,
        excluded=settled_ones,
    ),
    Figure(
        code="research.findings_taken_up",
        label=_("Findings taken up"),
        definition=_(
            "Accepted findings that a problem, a measure, a policy document, an instruction or a "
            "spread practice had taken up by the day, unless that was void or withdrawn. Findings "
            "on which no action was decided are not counted."
        ),
        records=taken_up,
        by=BY_FINDING,
        excluded=open_or_without_action,
    ),
)
for figure in FIGURES:
    register(figure)
register_funnel(
    Funnel(
        code="research.projects",
        label=_("From planned to converted projects"),
        definition=_("Of the planned projects: those reported, and of these those converted."),
        steps=(
            "research.projects_planned",
            "research.projects_reported",
            "research.projects_converted",
        ),
    )
)
register_funnel(
    Funnel(
        code="research.findings",
        label=_("From findings to what takes them up"),
        definition=_("Of the findings: those accepted, and of these those taken up."),
        steps=(
            "research.findings",
            "research.findings_accepted",
            "research.findings_taken_up",
        ),
    )
)
