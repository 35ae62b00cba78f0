"""The lifecycles of indicators and observations, and the target path; no Django."""

import datetime
import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import ANYBODY_APPOINTED, Lifecycle, State, Transition, Who

C = Who.COORDINATOR

DRAFT, ACTIVE, RETIRED = "draft", "active", "retired"
REPORTED, VALIDATED, REJECTED = "reported", "validated", "rejected"
UP, DOWN = "up", "down"

INDICATOR = Lifecycle(
    "indicator",
    (
        State(DRAFT, _("Draft")),
        State(ACTIVE, _("Active")),
        State(RETIRED, _("Retired"), is_final=True),
    ),
    (
        Transition(
            "activate",
            _("Activate"),
            "development.indicator.activated",
            frozenset({C}),
            (DRAFT,),
            ACTIVE,
            needs=("definition",),
        ),
        # Numbered versions: what an active indicator is measured against changes by a decision.
        Transition(
            "revise",
            _("Issue a new version"),
            "development.indicator.revised",
            frozenset({C}),
            (ACTIVE,),
            None,
            needs_reason=True,
        ),
        Transition(
            "retire",
            _("Retire"),
            "development.indicator.retired",
            frozenset({C}),
            (ACTIVE,),
            RETIRED,
        ),
    ),
    doing=frozenset(),
)

OBSERVATION = Lifecycle(
    "observation",
    (
        State(REPORTED, _("Value reported")),
        State(VALIDATED, _("Validated"), is_final=True),
        State(REJECTED, _("Value rejected"), is_final=True),
    ),
    (
        Transition(
            "validate",
            _("Validate"),
            "development.observation.validated",
            ANYBODY_APPOINTED,
            (REPORTED,),
            VALIDATED,
            is_second=True,
            is_verdict=True,
        ),
        Transition(
            "reject",
            _("Reject the value"),
            "development.observation.rejected",
            ANYBODY_APPOINTED,
            (REPORTED,),
            REJECTED,
            is_second=True,
            needs_reason=True,
            is_verdict=True,
        ),
    ),
)


def written(value: Decimal | None, unit_of_measure: str) -> str:
    """Return a value as people read it, without the zeros that the database adds."""
    if value is None:
        return ""
    return f"{value.normalize():f} {unit_of_measure}".strip()


@dataclass(frozen=True)
class Point:
    """A value that an indicator has, or should have, on a day."""

    day: datetime.date
    value: Decimal


def expected_on(points: Iterable[Point], day: datetime.date) -> Decimal | None:
    """Return what the target path (序时进度) asks for on `day`; None without any point.

    `points` are baseline, milestones and target. Between two of them the path is a straight line;
    before the first it asks for the baseline, after the last for the target.
    """
    path = sorted(points, key=lambda point: point.day)
    if not path:
        return None
    if day <= path[0].day:
        return path[0].value
    for earlier, later in itertools.pairwise(path):
        if day <= later.day:
            share = Decimal((day - earlier.day).days) / Decimal((later.day - earlier.day).days)
            return earlier.value + (later.value - earlier.value) * share
    return path[-1].value


def is_on_path(direction: str, value: Decimal, expected: Decimal) -> bool:
    """Whether `value` is at least as good as `expected`, in the direction that is meant."""
    return value >= expected if direction == UP else value <= expected
