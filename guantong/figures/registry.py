"""What a figure is, and the figures there are; each app adds its own in its `figures.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from guantong.figures.scope import Scope

Rows = Callable[[Scope], QuerySet[Any]]


class Shape(StrEnum):
    """How a figure is made of its rows."""

    COUNT = "count"
    RATIO = "ratio"
    MEDIAN = "median"
    DISTINCT = "distinct"
    SUM = "sum"


COUNT, RATIO, MEDIAN = Shape.COUNT, Shape.RATIO, Shape.MEDIAN
DISTINCT, SUM = Shape.DISTINCT, Shape.SUM


@dataclass(frozen=True)
class Linked:
    """A breakdown of records by those of another kind from which a link leads to them."""

    link: str
    kind: str


@dataclass(frozen=True)
class Figure:
    """A named definition; everything shown of it is made from the rows that `records` gives.

    code         `app.noun_past`, as `study.sessions_held`
    definition   in words: exactly what is counted and what is not
    records      the rows behind, of Record or of another model (see `record`), each row once
    denominator  the rows of which `records` is a share; a RATIO needs it
    of           MEDIAN: two paths from the row to days, (from, until), or an expression that gives
                 days as a whole number; DISTINCT: the path whose different values are counted;
                 SUM: the path to a number, added up and rounded to a whole one
    by           further breakdowns: name → (label, path from the row, or Linked of a record),
                 beyond unit, unit_kind, area and state, which every figure of records has
    record       the path from a row to its Record: "" where the row is one, None where it has none
    unit         the path from a row to its unit, where that is not its record's
    excluded     what else one might have counted, with the reason: [(label, rows of the same
                 model)]; without it, records of the same kind are told apart by their state
    rounding     the form in which it is usually said: exact, over
    is_standing  that the rows depend on the day by `scope.of_kind` and one `scope.standing` or
                 `scope.overdue` alone, so that each day of a trend can be told from one query
    """

    code: str
    label: Any
    definition: Any
    records: Rows
    denominator: Rows | None = None
    shape: Shape = Shape.COUNT
    of: Any = None
    by: Mapping[str, tuple[Any, str | Linked]] = field(default_factory=dict)
    excluded: Callable[[Scope], Sequence[tuple[Any, QuerySet[Any]]]] | None = None
    rounding: str = "exact"
    version: int = 1
    record: str | None = ""
    unit: str | None = None
    is_standing: bool = False

    def __post_init__(self) -> None:
        if self.shape is Shape.RATIO and self.denominator is None:
            raise ValueError(f"{self.code}: a ratio has a denominator")
        if self.shape in (Shape.MEDIAN, Shape.DISTINCT, Shape.SUM) and self.of is None:
            raise ValueError(f"{self.code}: say of what it is the {self.shape.value}")

    def path(self, name: str) -> str | None:
        """Return the path from a row to a field of its Record, or None where it has none."""
        if self.record is None:
            return None
        return f"{self.record}__{name}" if self.record else name

    @property
    def unit_path(self) -> str | None:
        return self.unit or self.path("unit")


@dataclass(frozen=True)
class Funnel:
    """Figures in order, by code; each counts some of the records that the one before it counts."""

    code: str
    label: Any
    definition: Any
    steps: tuple[str, ...]


_figures: dict[str, Figure] = {}
_funnels: dict[str, Funnel] = {}


def register(figure: Figure) -> Figure:
    """Make a figure known."""
    if figure.code in _figures:
        raise ValueError(f"the figure {figure.code} is registered twice")
    _figures[figure.code] = figure
    return figure


def register_funnel(funnel: Funnel) -> Funnel:
    """Make a funnel known."""
    _funnels[funnel.code] = funnel
    return funnel


def funnels() -> list[Funnel]:
    return list(_funnels.values())


def figure_of(code: str) -> Figure:
    return _figures[code]


def figures() -> list[Figure]:
    """All figures, by app in the order of the strands, then as each app lists them."""
    return list(_figures.values())


__all__ = [
    "COUNT",
    "DISTINCT",
    "MEDIAN",
    "RATIO",
    "SUM",
    "Figure",
    "Funnel",
    "Linked",
    "Rows",
    "Scope",
    "Shape",
    "figure_of",
    "figures",
    "funnels",
    "register",
    "register_funnel",
]
