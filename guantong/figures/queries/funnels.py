"""A funnel: figures in order, each counting some of the records of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from guantong.figures.queries.valuing import Value, value_of
from guantong.figures.registry import Figure, Funnel, Scope, figure_of
from guantong.figures.rules import percent


@dataclass(frozen=True)
class FunnelStep:
    """One step: its value, and its share in percent of the first step and of the one before."""

    figure: Figure
    value: Value
    of_first: Decimal | None
    of_previous: Decimal | None


def funnel_of(funnel: Funnel, scope: Scope) -> list[FunnelStep]:
    """Count each step of the funnel."""
    steps: list[FunnelStep] = []
    for code in funnel.steps:
        figure = figure_of(code)
        value = value_of(figure, scope)
        steps.append(
            FunnelStep(
                figure,
                value,
                _share(value, steps[0].value) if steps else None,
                _share(value, steps[-1].value) if steps else None,
            )
        )
    return steps


def _share(value: Value, of: Value) -> Decimal | None:
    return percent(value.numerator, of.numerator) if of.numerator else None
