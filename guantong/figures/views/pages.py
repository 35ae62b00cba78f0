"""The index of figures, the page of one, the rows behind it, and funnels."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.figures.charts import PAGE as PAGE_LOOK
from guantong.figures.charts import Chart, bars_of, draw, line_of, steps_of
from guantong.figures.forms import ONLY, CannotScope, query_of, scope_from
from guantong.figures.queries import (
    UnknownKey,
    Value,
    break_down,
    denominator_of,
    dimensions_of,
    funnel_of,
    rows_of,
    say,
    trend_of,
    value_of,
    why,
)
from guantong.figures.queries.dimensions import narrowing_in_words
from guantong.figures.queries.listing import listed, row_of
from guantong.figures.queries.viewing import in_words
from guantong.figures.registry import Figure, Scope, Shape, figures, funnels
from guantong.kit.paging import Order, UnknownPage, keyset_page, links_of
from guantong.records.models import Record
from guantong.records.registry import kinds
from guantong.records.views.rows import record_url
from guantong.records.views.rows import rows_of as record_rows

PAGE = 50
TREND_DAYS = 366


@dataclass(frozen=True)
class Shown:
    """One number with its words and the address of what is behind it."""

    label: str
    value: Value
    text: str
    url: str
    narrower_url: str = ""
    figure: Figure | None = None
    key: str = ""


def scope_of(request: CampaignRequest) -> Scope:
    """Return the scope that the address names; 404 where it names what there is not."""
    if request.campaign is None:
        raise Http404
    only = {
        name.removeprefix(ONLY): str(value)
        for name, value in request.GET.items()
        if name.startswith(ONLY)
    }
    try:
        return scope_from(
            campaign=request.campaign,
            viewer=request.user,
            today=request.today,
            as_of=request.GET.get("as_of") or request.GET.get("on", ""),
            unit=request.GET.get("unit", ""),
            area=request.GET.get("area", ""),
            only=only,
        )
    except CannotScope as error:
        raise Http404(str(error)) from error


def figure_or_404(code: str) -> Figure:
    for figure in figures():
        if figure.code == code:
            return figure
    raise Http404


def list_figures(request: CampaignRequest) -> HttpResponse:
    """Show every figure with its value for the person and the day."""
    # Not every figure has the parts to which the page that led here was narrowed.
    scope = replace(scope_of(request), only={})
    strands: dict[str, list[Shown]] = {}
    labels = _strand_labels()
    for figure in figures():
        app = figure.code.split(".")[0]
        shown = _shown(figure, scope, value_of(figure, scope))
        strands.setdefault(labels.get(app, app), []).append(shown)
    return render(
        request,
        "figures/index.html",
        {
            "strands": list(strands.items()),
            "funnels": [
                (one.label, reverse("funnel", args=[one.code]) + query_of(scope))
                for one in funnels()
            ],
            **_around(scope),
        },
    )


def show_figure(request: CampaignRequest, code: str) -> HttpResponse:
    """Show one figure: value, reasons, trend, and its parts by one thing."""
    figure = figure_or_404(code)
    scope = scope_of(request)
    dimensions = dimensions_of(figure)
    by = request.GET.get("by") or next(iter(dimensions), "")
    first = max(scope.campaign.starts_on, scope.as_of - datetime.timedelta(TREND_DAYS))
    try:
        reason = why(figure, scope)
        breakdown = break_down(figure, scope, by) if by else None
        trend = trend_of(figure, scope, first)
    except UnknownKey as error:
        raise Http404(str(error)) from error
    page = reverse("figure", args=[code])
    return render(
        request,
        "figures/figure.html",
        {
            "figure": figure,
            "shown": _shown(figure, scope, reason.value),
            "why": reason,
            "whole_url": _records_url(figure, scope, part="whole")
            if figure.denominator is not None
            else "",
            "chart": _drawn(line_of(trend, _("%(figure)s day by day") % {"figure": figure.label})),
            "parts_chart": _drawn(bars_of(breakdown, str(figure.label))) if breakdown else "",
            "trend": [(day, say(value)) for day, value in reversed(trend.points)],
            "is_every_day": trend.is_every_day,
            "dimensions": [
                (one.label, page + query_of(scope, by=name), name == by)
                for name, one in dimensions.items()
            ],
            "breakdown": breakdown,
            "lines": [
                Shown(
                    line.label,
                    line.value,
                    say(line.value),
                    _records_url(figure, scope, line.only),
                    page + query_of(scope.within(unit=None), unit=line.key)
                    if "unit" in line.only
                    else "",
                )
                for line in (breakdown.lines if breakdown else ())
            ],
            "is_ratio": figure.shape is Shape.RATIO,
            "trail": [{"label": _("Figures"), "url": reverse("figures") + query_of(scope)}],
            **_around(scope, figure),
        },
    )


def list_rows(request: CampaignRequest, code: str) -> HttpResponse:
    """List exactly the rows behind a figure, a page at a time."""
    figure = figure_or_404(code)
    scope = scope_of(request)
    try:
        rows = rows_of(figure, scope)
        if request.GET.get("part") == "whole":
            rows = denominator_of(figure, scope) or rows
        total = rows.order_by().count()
        after = request.GET.get("after", "")
        page = keyset_page(listed(figure, rows), Order(), after=after, size=PAGE)
    except (UnknownKey, UnknownPage) as error:
        raise Http404(str(error)) from error
    are_records = issubclass(rows.model, Record)
    return render(
        request,
        "figures/rows.html",
        {
            "figure": figure,
            "rows": record_rows(page.rows, campaign=scope.campaign, today=request.today)
            if are_records
            else [],
            "others": [] if are_records else [_other(figure, row) for row in page.rows],
            "total": total,
            "pages": links_of(request.GET, page),
            "trail": [
                {"label": _("Figures"), "url": reverse("figures") + query_of(scope)},
                {
                    "label": str(figure.label),
                    "url": reverse("figure", args=[code]) + query_of(replace(scope, only={})),
                },
            ],
            **_around(scope, figure),
        },
    )


def show_funnel(request: CampaignRequest, code: str) -> HttpResponse:
    """Show a funnel step by step."""
    scope = scope_of(request)
    funnel = next((one for one in funnels() if one.code == code), None)
    if funnel is None:
        raise Http404
    counted = funnel_of(funnel, scope)
    steps = [
        (_shown(step.figure, scope, step.value), step.of_first, step.of_previous)
        for step in counted
    ]
    return render(
        request,
        "figures/funnel.html",
        {
            "funnel": funnel,
            "chart": _drawn(steps_of(counted, str(funnel.label))),
            "steps": steps,
            "trail": [{"label": _("Figures"), "url": reverse("figures") + query_of(scope)}],
            **_around(scope),
        },
    )


def _drawn(chart: Chart | None) -> str:
    """Return a chart as the page takes it in; all texts in it were escaped when it was drawn."""
    return mark_safe(draw(chart, PAGE_LOOK)) if chart is not None else ""


def _records_url(
    figure: Figure, scope: Scope, only: Mapping[str, str] | None = None, part: str = ""
) -> str:
    return reverse("figure-rows", args=[figure.code]) + query_of(scope, only, part=part)


def _shown(figure: Figure, scope: Scope, value: Value) -> Shown:
    return Shown(
        str(figure.label),
        value,
        say(value),
        _records_url(figure, scope),
        reverse("figure", args=[figure.code]) + query_of(scope),
        figure,
    )


def _other(figure: Figure, row: Any) -> dict[str, Any]:
    found = row_of(figure, row)
    return {
        "label": found.label,
        "record": found.record,
        "url": record_url(found.record.pk) if found.record else "",
    }


def _around(scope: Scope, figure: Figure | None = None) -> dict[str, Any]:
    """What every page of figures says of its scope, and keeps when the day is changed."""
    kept = [("unit", scope.unit.code if scope.unit else "")]
    kept += [("area", scope.area.code if scope.area else "")]
    kept += [(f"{ONLY}{name}", key) for name, key in scope.only.items()]
    return {
        "scope": scope,
        "viewer": in_words(scope.viewer, scope.today),
        "kept": [(name, value) for name, value in kept if value],
        "narrowed": narrowing_in_words(figure, scope) if figure else [],
    }


def _strand_labels() -> dict[str, str]:
    labels = {
        "study": _("Study"),
        "research": _("Research"),
        "visits": _("Visits"),
        "rectification": _("Rectification"),
        "development": _("Development"),
        "directives": _("Instructions and requests"),
        "audit": _("Audit"),
        "campaign": _("Campaign"),
        "thread": _("The thread"),
    }
    return labels | {kind.strand: labels.get(kind.strand, kind.strand) for kind in kinds()}
