"""The figures of development."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from guantong.development.models import Indicator
from guantong.development.queries import standings_against_path
from guantong.development.rules import ACTIVE, VALIDATED
from guantong.figures.registry import RATIO, Figure, Scope, register
from guantong.records.models import LinkKind, Record

# Measures that shall move nothing any more.
GIVEN_UP = ("superseded", "withdrawn")
DIRECTION = (_("Direction"), "indicator__direction")


def active(scope: Scope) -> QuerySet[Record]:
    return scope.standing(scope.of_kind("indicator"), ACTIVE)


def _standing(scope: Scope) -> dict[bool, list[int]]:
    """The ids of the active indicators on and off their paths; there are hundreds, not more."""
    indicators = list(Indicator.objects.filter(record__in=active(scope).values("pk")))
    found: dict[bool, list[int]] = {True: [], False: []}
    for record_id, standing in standings_against_path(indicators, scope.as_of).items():
        found[standing.is_on_path].append(record_id)
    return found


def on_path(scope: Scope) -> QuerySet[Record]:
    return active(scope).filter(pk__in=_standing(scope)[True])


def off_path(scope: Scope) -> QuerySet[Record]:
    return active(scope).filter(pk__in=_standing(scope)[False])


def off_path_unmoved(scope: Scope) -> QuerySet[Record]:
    return off_path(scope).exclude(_is_moved(scope))


def _is_moved(scope: Scope) -> Exists:
    """Whether a measure that is, or may yet be, carried out shall move an indicator.

    Asked of one indicator at a time: gathered, the links of all measures would be read.
    """
    given_up = scope.stands("source", *GIVEN_UP)
    links = scope.links(LinkKind.MOVES).filter(target=OuterRef("pk"), source__kind="measure")
    return Exists(links.exclude(given_up))


def assessed(scope: Scope) -> QuerySet[Record]:
    standing = _standing(scope)
    return active(scope).filter(pk__in=[*standing[True], *standing[False]])


def observations_validated(scope: Scope) -> QuerySet[Record]:
    return scope.standing(scope.of_kind("observation"), VALIDATED)


def not_assessed(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    standing = _standing(scope)
    silent = active(scope).exclude(pk__in=[*standing[True], *standing[False]])
    others = scope.of_kind("indicator").exclude(pk__in=active(scope).values("pk"))
    return [
        (_("active, with no validated value yet"), silent),
        (_("not active on the day"), others),
    ]


def excluded_from_on_path(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    return [(_("off their path"), off_path(scope)), *not_assessed(scope)]


def moved(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    there = off_path(scope).filter(_is_moved(scope))
    return [(_("off their path, with a measure that shall move them"), there)]


def excluded_from_off_path(scope: Scope) -> Sequence[tuple[Any, QuerySet[Any]]]:
    return [(_("on their path"), on_path(scope)), *not_assessed(scope)]


register(
    Figure(
        code="development.indicators_active",
        label=_("Indicators"),
        definition=_(
            "Indicators that were active on the day. Drafts and retired indicators are not counted."
        ),
        records=active,
        is_standing=True,
        by={"direction": DIRECTION},
    )
)
register(
    Figure(
        code="development.indicators_on_path",
        label=_("Indicators on their path"),
        definition=_(
            "Active indicators whose latest validated value is at least as good as what their "
            "target path asks for on the day of that value. The path is a straight line from "
            "baseline to target, bent by milestones where there are any. Projections and values "
            "that nobody has validated don't count; indicators without a value are left out."
        ),
        records=on_path,
        by={"direction": DIRECTION},
        excluded=excluded_from_on_path,
    )
)
register(
    Figure(
        code="development.indicators_off_path",
        label=_("Indicators off their path"),
        definition=_(
            "Active indicators whose latest validated value falls short of what their target path "
            "asks for on the day of that value. Projections and values that nobody has validated "
            "don't count; indicators without a value are left out."
        ),
        records=off_path,
        by={"direction": DIRECTION},
        excluded=excluded_from_off_path,
    )
)
register(
    Figure(
        code="development.indicators_off_path_unmoved",
        label=_("Indicators off their path that no measure moves"),
        definition=_(
            "Of the indicators off their path, those that no measure is expected to move. A "
            "measure that was only proposed counts as one; superseded and withdrawn ones don't."
        ),
        records=off_path_unmoved,
        by={"direction": DIRECTION},
        excluded=moved,
    )
)
register(
    Figure(
        code="development.share_on_path",
        label=_("Share of indicators on their path"),
        definition=_(
            "Active indicators on their target path, as a share of those active indicators that "
            "have a validated value."
        ),
        records=on_path,
        denominator=assessed,
        shape=RATIO,
        by={"direction": DIRECTION},
        excluded=not_assessed,
    )
)
register(
    Figure(
        code="development.observations_validated",
        label=_("Observations validated"),
        definition=_(
            "Values of indicators that a second person had validated by the day, corrections and "
            "projections among them. Values only reported or rejected are not counted."
        ),
        records=observations_validated,
        is_standing=True,
        by={"projection": (_("Projection"), "observation__is_projection")},
    )
)
