"""The figures of problems and measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from guantong.figures.registry import (
    MEDIAN,
    RATIO,
    Figure,
    Funnel,
    Linked,
    Scope,
    register,
    register_funnel,
)
from guantong.records.models import LinkKind, Record, RecordQuerySet
from guantong.rectification.models import Closure
from guantong.rectification.rules import DRIVE, OUTSTANDING, PROBLEM

NO_PROBLEMS = ("merged", "void")
APPROVED = (*OUTSTANDING, "accepted")
# What a special rectification groups is counted under each that groups it.
BY_DRIVE: dict[str, Any] = {
    "drive": (_("Special rectification"), Linked(LinkKind.GROUPED, DRIVE.kind))
}
BY = {
    "severity": (_("Severity"), "problem__severity"),
    "sector": (_("Sector"), "problem__sector"),
    **BY_DRIVE,
}
BY_KIND = {
    "measure_kind": (_("Kind of measure"), "measure__measure_kind"),
    # The sector of the problem that it answers.
    "sector": (_("Sector"), "inbound__source__problem__sector"),
    **BY_DRIVE,
}


def problems(scope: Scope) -> RecordQuerySet:
    """All problems but those that were none, or that are another one."""
    there = scope.of_kind("problem")
    return scope.standing(there, *(s.name for s in PROBLEM.states if s.name not in NO_PROBLEMS))


def standing(*states: str) -> Any:
    """The problems that stand in one of `states`."""
    return lambda scope: scope.standing(scope.of_kind("problem"), *states)


def past_original_day(scope: Scope) -> RecordQuerySet:
    return scope.overdue(scope.of_kind("problem"), *PROBLEM.open_states)


def reopened(scope: Scope) -> RecordQuerySet:
    return scope.of_kind("problem").filter(pk__in=scope.reached("reopened"))


def _closures(scope: Scope) -> QuerySet[Closure]:
    return Closure.objects.standing_on(scope.as_of).filter(
        record=OuterRef("pk"), is_from_source=False
    )


def closed(scope: Scope) -> RecordQuerySet:
    """The problems that stand closed, with the day of the closing that stands."""
    day = _closures(scope).order_by("-closed_on", "-pk").values("closed_on")[:1]
    return standing("closed")(scope).annotate(closing_on=Subquery(day))


def closed_with_day(scope: Scope) -> RecordQuerySet:
    return standing("closed")(scope).filter(original_due_on__isnull=False)


def closed_on_time(scope: Scope) -> RecordQuerySet:
    in_time = _closures(scope).filter(closed_on__lte=OuterRef("original_due_on"))
    return closed_with_day(scope).filter(Exists(in_time))


def closed_otherwise(scope: Scope) -> Sequence[tuple[Any, QuerySet[Record]]]:
    return [
        (
            _("closed without ever having had a due day"),
            standing("closed")(scope).filter(original_due_on=None),
        ),
        (_("closed according to a source"), standing("closed_by_source")(scope)),
    ]


def measures(scope: Scope) -> RecordQuerySet:
    return scope.of_kind("measure")


def measures_standing(*states: str) -> Any:
    return lambda scope: scope.standing(scope.of_kind("measure"), *states)


def from_findings(scope: Scope) -> RecordQuerySet:
    """Asked of one problem at a time: gathered, the links of all others would be read too."""
    links = scope.links(LinkKind.TAKEN_UP).filter(target=OuterRef("pk"), source__kind="finding")
    return problems(scope).filter(Exists(links))


def from_findings_with_measures(scope: Scope) -> RecordQuerySet:
    links = scope.links(LinkKind.ANSWERED_BY).filter(
        scope.stands("target", *APPROVED), source=OuterRef("pk"), target__kind="measure"
    )
    return from_findings(scope).filter(Exists(links))


def from_findings_verified(scope: Scope) -> RecordQuerySet:
    return scope.standing(from_findings_with_measures(scope), "verified", "closed")


def from_findings_closed(scope: Scope) -> RecordQuerySet:
    return scope.standing(from_findings_with_measures(scope), "closed")


FIGURES = (
    Figure(
        code="rectification.problems_identified",
        label=_("Problems identified"),
        definition=_(
            "Problems entered by the day, in whatever state they stand. Problems merged into "
            "another and void ones are not counted."
        ),
        records=problems,
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="rectification.problems_open",
        label=_("Problems open"),
        definition=_(
            "Problems that have not ended by the day: from identified up to verified and not yet "
            "closed, with those returned and reopened. Problems with any ending are not counted."
        ),
        records=standing(*PROBLEM.open_states),
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="rectification.problems_claimed",
        label=_("Problems claimed"),
        definition=_(
            "Problems for whose closure the unit has applied and that nobody has verified yet. "
            "What is claimed is not done; verified and closed problems are not counted."
        ),
        records=standing("claimed"),
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="rectification.problems_verified",
        label=_("Problems verified"),
        definition=_(
            "Problems that a second person has verified against the criterion and that wait for "
            "their determination. Claimed and closed problems are not counted."
        ),
        records=standing("verified"),
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="rectification.problems_closed",
        label=_("Problems closed"),
        definition=_(
            "Problems closed here, with criterion, evidence, passed verification and "
            "determination. Problems closed according to a source, other endings and problems "
            "reopened since are not counted."
        ),
        records=standing("closed"),
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="rectification.problems_closed_by_source",
        label=_("Problems closed according to source"),
        definition=_(
            "Imported problems that their source calls closed. Nobody has verified that here; "
            "problems closed here are not counted."
        ),
        records=standing("closed_by_source"),
        is_standing=True,
        by={**BY, "source": (_("Source"), "problem__source_name")},
    ),
    Figure(
        code="rectification.problems_past_original_day",
        label=_("Problems past their original due day"),
        definition=_(
            "Problems that have not ended and whose original due day is past, whatever extension "
            "they were given. Problems without a due day and ended ones are not counted."
        ),
        records=past_original_day,
        is_standing=True,
        by=BY,
    ),
    Figure(
        code="rectification.problems_reopened",
        label=_("Problems reopened"),
        definition=_(
            "Problems that were reopened at least once by the day after they had ended, wherever "
            "they stand now. Each is counted once."
        ),
        records=reopened,
        by=BY,
    ),
    Figure(
        code="rectification.problems_closed_on_time",
        label=_("Problems closed on time"),
        definition=_(
            "Of the problems closed here that have a due day, those closed on or before their "
            "original due day; extensions don't count. Problems without a due day, and those "
            "closed according to a source, are left out of both."
        ),
        records=closed_on_time,
        denominator=closed_with_day,
        shape=RATIO,
        by=BY,
        excluded=closed_otherwise,
    ),
    Figure(
        code="rectification.days_to_close",
        label=_("Median days from identified to closed"),
        definition=_(
            "The median of the days between the day a problem was identified on and the day of "
            "the closing that stands, over the problems closed here. Problems closed according to "
            "a source are not counted."
        ),
        records=closed,
        shape=MEDIAN,
        of=("problem__identified_on", "closing_on"),
        by=BY,
    ),
    Figure(
        code="rectification.measures",
        label=_("Measures"),
        definition=_(
            "Measures entered by the day, for a problem or for a priority area, in whatever state "
            "they stand, superseded and withdrawn ones among them."
        ),
        records=measures,
        is_standing=True,
        by=BY_KIND,
    ),
    Figure(
        code="rectification.measures_claimed",
        label=_("Measures claimed"),
        definition=_(
            "Measures that the unit claims to have completed and that nobody has accepted yet. "
            "Accepted measures are not counted."
        ),
        records=measures_standing("claimed"),
        is_standing=True,
        by=BY_KIND,
    ),
    Figure(
        code="rectification.measures_accepted",
        label=_("Measures accepted"),
        definition=_(
            "Measures accepted by the verification of their problem or, without a problem, by a "
            "second person. Measures that are only claimed are not counted."
        ),
        records=measures_standing("accepted"),
        is_standing=True,
        by=BY_KIND,
    ),
    Figure(
        code="rectification.findings_made_problems",
        label=_("Problems from findings"),
        definition=_(
            "Problems that take up a finding. Problems with no finding behind them, merged and "
            "void ones are not counted."
        ),
        records=from_findings,
        by=BY,
    ),
    Figure(
        code="rectification.findings_given_measures",
        label=_("Problems from findings, with measures"),
        definition=_(
            "Problems that take up a finding and have at least one measure that was approved and "
            "is not superseded or withdrawn."
        ),
        records=from_findings_with_measures,
        by=BY,
    ),
    Figure(
        code="rectification.findings_verified",
        label=_("Problems from findings, verified"),
        definition=_(
            "Problems that take up a finding, have measures, and were verified, whether closed "
            "since or not. Claimed problems, and those closed according to a source, are not "
            "counted."
        ),
        records=from_findings_verified,
        by=BY,
    ),
    Figure(
        code="rectification.findings_closed",
        label=_("Problems from findings, closed"),
        definition=_(
            "Problems that take up a finding, have measures, and are closed here. Problems closed "
            "according to a source are not counted."
        ),
        records=from_findings_closed,
        by=BY,
    ),
)
for figure in FIGURES:
    register(figure)
register_funnel(
    Funnel(
        code="rectification.conversion",
        label=_("From findings to closed problems"),
        definition=_(
            "Of the problems that take up a finding: those with approved measures, of these those "
            "verified, and of these those closed here."
        ),
        steps=(
            "rectification.findings_made_problems",
            "rectification.findings_given_measures",
            "rectification.findings_verified",
            "rectification.findings_closed",
        ),
    )
)
