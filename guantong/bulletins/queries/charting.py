"""The charts of a bulletin: what is drawn for a placeholder, and the figures that it shows."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guantong.bulletins.rules import Placeholder
from guantong.figures.charts import PAPER, Chart, bars_of, draw, line_of, steps_of
from guantong.figures.queries import (
    UnknownKey,
    break_down,
    dimensions_of,
    funnel_of,
    trend_of,
)
from guantong.figures.queries.dimensions import narrowing_in_words
from guantong.figures.registry import Figure, Scope, figure_of, funnels

DAY = "day"
TREND_DAYS = 366
NEAR = 3


@dataclass(frozen=True)
class Part:
    """One number that a chart shows: a figure in a scope, under a name."""

    label: str
    figure: Figure
    scope: Scope


@dataclass(frozen=True)
class Drawn:
    """A chart as it is put into the text, and the numbers in it; without `svg` too little to draw.

    A line wants two days, bars want from two to forty parts.
    """

    svg: SafeString
    title: str
    parts: list[Part]


def chart_of(placeholder: Placeholder, scope: Scope, known: Mapping[str, Figure]) -> Drawn:
    """Return the chart that a placeholder asks for; UnknownKey says what would be accepted."""
    by = placeholder.options.get("by", "")
    funnel = next((one for one in funnels() if one.code == placeholder.word), None)
    if funnel is not None:
        steps = funnel_of(funnel, scope)
        parts = [Part(str(step.figure.label), figure_of(step.figure.code), scope) for step in steps]
        title = _("%(funnel)s, counted in findings") % {"funnel": funnel.label}
        return _drawn(steps_of(steps, title), title, parts)
    figure = known.get(placeholder.word)
    if figure is None:
        raise UnknownKey(no_figure(placeholder.word, [*known, *(one.code for one in funnels())]))
    title = _("; ").join([str(figure.label), *narrowing_in_words(figure, scope)])
    if by == DAY:
        title = _("%(figure)s day by day") % {"figure": title}
        first = max(scope.campaign.starts_on, scope.as_of - datetime.timedelta(TREND_DAYS))
        chart = line_of(trend_of(figure, scope, first), title)
        return _drawn(chart, title, [Part(title, figure, scope)])
    if not by:
        raise UnknownKey(
            _('A chart says by what, as by="day"; for %(figure)s there are: %(known)s.')
            % {"figure": figure.code, "known": ", ".join([DAY, *dimensions_of(figure)])}
        )
    level = int(placeholder.options.get("level", "1"))
    breakdown = break_down(figure, scope, by, level=level)
    parts = [Part(line.label, figure, scope.within(only=line.only)) for line in breakdown.lines]
    return _drawn(bars_of(breakdown, title), title, parts)


def _drawn(chart: Chart | None, title: str, parts: list[Part]) -> Drawn:
    if chart is None:
        return Drawn(SafeString(""), title, [])
    # What stands in it was escaped when it was drawn.
    return Drawn(mark_safe(draw(chart, PAPER)), title, parts)


def no_figure(code: str, known: Iterable[str]) -> str:
    """Say that there is no such figure, and which are nearest to it."""
    near = difflib.get_close_matches(code, list(known), NEAR, 0.4)
    if not near:
        return _("There is no figure “%(code)s”.") % {"code": code}
    return _("There is no figure “%(code)s”; nearest to it are: %(near)s.") % {
        "code": code,
        "near": ", ".join(near),
    }
