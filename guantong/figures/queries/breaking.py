"""A figure broken down: by unit, rolled up and in official order, or by any other thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from guantong.figures.queries.dimensions import (
    STATE,
    UNIT,
    UNIT_ITSELF,
    Dimension,
    Meaning,
    dimension_of,
    joined,
    meanings,
    state_on,
)
from guantong.figures.queries.explaining import kind_behind
from guantong.figures.queries.valuing import (
    Value,
    denominator_of,
    keyed_days,
    rows_of,
    value_of,
    whole_of,
)
from guantong.figures.registry import Figure, Scope, Shape
from guantong.figures.rules import median
from guantong.records.models import Record
from guantong.units.models import Unit


@dataclass(frozen=True)
class Line:
    """One part of a breakdown, and the narrower scope that has exactly its rows."""

    key: str
    label: str
    value: Value
    only: Mapping[str, str]


@dataclass(frozen=True)
class Breakdown:
    """A figure in parts. They add up to the whole unless a row has several keys (`adds_up`)."""

    figure: Figure
    scope: Scope
    dimension: Dimension
    lines: list[Line]
    total: Value
    adds_up: bool

    @property
    def remark(self) -> str:
        """Say to what the parts come together, where that is not the whole."""
        together = sum(line.value.numerator for line in self.lines)
        if self.adds_up or together == self.total.numerator:
            return ""
        return _(
            "One row may count in several parts: together they come to %(together)s, the whole is "
            "%(total)s."
        ) % {"together": together, "total": self.total.numerator}


@dataclass
class Gathered:
    """What is kept of the rows under one key until all keys of a part are together."""

    count: int = 0
    sum: Decimal = Decimal(0)
    days: list[int] = field(default_factory=list)
    different: set[Any] = field(default_factory=set)

    def take(self, other: Gathered) -> None:
        self.count += other.count
        self.sum += other.sum
        self.days += other.days
        self.different |= other.different


def break_down(figure: Figure, scope: Scope, name: str, *, level: int = 1) -> Breakdown:
    """Break the figure down; units are rolled up to `level` steps beneath the scope's own unit."""
    dimension = dimension_of(figure, name)
    rows = rows_of(figure, scope).order_by()
    gathered = _gathered(figure, scope, rows, dimension)
    whole = denominator_of(figure, scope)
    of = None if whole is None else _gathered(figure, scope, whole.order_by(), dimension)
    if name == UNIT:
        lines = _unit_lines(figure, scope, gathered, of, level)
    else:
        lines = _lines(figure, scope, rows, dimension, gathered, of)
    total = value_of(figure, scope)
    adds_up = figure.shape is not Shape.DISTINCT and not dimension.multiplies(rows.model)
    return Breakdown(figure, scope, dimension, lines, total, adds_up)


def _gathered(
    figure: Figure, scope: Scope, rows: QuerySet[Any], dimension: Dimension
) -> dict[Any, Gathered]:
    """Return what stands under each stored key: one query."""
    found: dict[Any, Gathered] = defaultdict(Gathered)
    path = dimension.path
    rows = joined(rows, dimension, scope)
    if dimension.name == STATE and STATE not in figure.by:
        rows = rows.annotate(_state_on=state_on(scope, figure.record or "pk"))
        path = "_state_on"
    if figure.shape is Shape.MEDIAN:
        for key, days in keyed_days(figure, rows, path):
            found[key].count += 1
            found[key].days.append(days)
    elif figure.shape is Shape.DISTINCT:
        pairs = rows.values_list(path, figure.of).annotate(_rows=Count("pk", distinct=True))
        for key, value, count in pairs:
            found[key].count += count
            if value is not None:
                found[key].different.add(value)
    elif figure.shape is Shape.SUM:
        # A row that has several keys counts under each, and once under each.
        for _pk, key, number in rows.values_list("pk", path, figure.of).distinct():
            found[key].count += 1
            found[key].sum += number or 0
    else:
        counted = Count("pk", distinct=path != "_state_on" and dimension.multiplies(rows.model))
        # By the column itself SQLite would walk the index of units, through all records.
        by = F("unit_id") + 0 if rows.model is Record and path == "unit" else F(path)
        for key, count in rows.values_list(by).annotate(_rows=counted):
            found[key].count += count
    return found


def _value(figure: Figure, part: Gathered, of: Gathered | None) -> Value:
    numerator = part.count
    if figure.shape is Shape.DISTINCT:
        numerator = len(part.different)
    elif figure.shape is Shape.SUM:
        numerator = whole_of(part.sum)
    middle = median(part.days) if figure.shape is Shape.MEDIAN else None
    return Value(figure.shape, numerator, part.count, None if of is None else of.count, middle)


def _rolled(gathered: Mapping[Any, Gathered], bucket: Callable[[Any], Any]) -> dict[Any, Gathered]:
    found: dict[Any, Gathered] = defaultdict(Gathered)
    for key, part in gathered.items():
        found[bucket(key)].take(part)
    return found


def _lines(
    figure: Figure,
    scope: Scope,
    rows: QuerySet[Any],
    dimension: Dimension,
    gathered: Mapping[Any, Gathered],
    of: Mapping[Any, Gathered] | None,
) -> list[Line]:
    stored = set(gathered) | set(of or ())
    kind = kind_behind(figure, scope) if dimension.name == STATE else None
    known = meanings(rows.model, dimension, stored, kind)
    # Nothing and an empty text are one line.
    by_meaning: dict[str, Meaning] = {known[value].key: known[value] for value in stored}
    parts = _rolled(gathered, lambda value: known[value].key)
    wholes = None if of is None else _rolled(of, lambda value: known[value].key)
    return [
        Line(
            meaning.key,
            meaning.label,
            _value(
                figure,
                parts.get(meaning.key, Gathered()),
                None if wholes is None else wholes.get(meaning.key, Gathered()),
            ),
            {dimension.name: meaning.key},
        )
        for meaning in sorted(by_meaning.values(), key=lambda one: one.place)
    ]


def _unit_lines(
    figure: Figure,
    scope: Scope,
    gathered: Mapping[Any, Gathered],
    of: Mapping[Any, Gathered] | None,
    level: int,
) -> list[Line]:
    """Roll up to the units that stood `level` steps beneath the top on the day, empty ones too."""
    tree = scope.tree
    top = (scope.unit or scope.campaign.unit).pk
    depth = tree.depth(top) + level

    def bucket(unit: int | None) -> int | None:
        return None if unit is None else tree.at_depth(unit, depth)

    parts = _rolled(gathered, bucket)
    wholes = None if of is None else _rolled(of, bucket)
    shown = {unit for unit in tree.under(top) if tree.depth(unit) == depth}
    shown |= {unit for unit in [*parts, *(wholes or ())] if unit is not None}
    units = Unit.objects.in_bulk(shown)
    lines = []
    for unit_id in sorted(shown, key=tree.paths.__getitem__):
        unit = units[unit_id]
        part = parts.get(unit_id, Gathered())
        whole = None if wholes is None else wholes.get(unit_id, Gathered())
        is_itself = tree.depth(unit_id) < depth
        is_gone = unit.closed_on is not None and unit.closed_on <= scope.as_of
        if is_gone and not part.count and not (whole and whole.count):
            continue
        label = _("%(unit)s itself") % {"unit": unit} if is_itself else str(unit)
        only = {UNIT_ITSELF if is_itself else UNIT: unit.code}
        lines.append(Line(unit.code, label, _value(figure, part, whole), only))
    return lines
