"""Pages of the priority areas: what the campaign is to move, and whether it does."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.figures.queries import say, value_of
from guantong.figures.registry import Scope, figures
from guantong.overview.queries import areas_of, series_in, tallies_of
from guantong.overview.views.registers import address_of, keeps

# What is said of an area beside its records, where an app brings it.
FIGURES = (
    *("research.findings_accepted", "research.findings_unsettled"),
    *("rectification.problems_open", "rectification.problems_past_original_day"),
    *("rectification.problems_verified", "rectification.problems_closed_on_time"),
)
COLUMNS = ("project", "finding", "problem", "measure")


def list_areas(request: CampaignRequest) -> HttpResponse:
    """Show all areas, each with its counts."""
    if request.campaign is None:
        raise Http404
    lines = areas_of(request.campaign, person=request.user, on=request.today)
    shown = {
        name: tally.label
        for name in COLUMNS
        for line in lines
        if (tally := line.tallies.get(name)) is not None
    }
    return render(
        request,
        "overview/areas.html",
        {
            "heads": shown.values(),
            "lines": [(line, [line.tallies.get(name) for name in shown]) for line in lines],
            "register_url": address_of("areas") if not lines and keeps(request, "areas") else None,
        },
    )


def show_area(request: CampaignRequest, code: str) -> HttpResponse:
    """Show one area: its indicators as pictures, its figures, its records."""
    campaign = request.campaign
    if campaign is None:
        raise Http404
    area = campaign.areas.select_related("goal", "unit").filter(code=code).first()
    if area is None:
        raise Http404
    person, today = request.user, request.today
    scope = Scope(campaign=campaign, viewer=person, as_of=today, today=today, area=area)
    known = {figure.code: figure for figure in figures()}
    return render(
        request,
        "overview/area.html",
        {
            "area": area,
            "series": series_in(area, person=person, on=today),
            "tallies": tallies_of(campaign, person=person, on=today)[area.pk].values(),
            "figures": [
                {
                    "label": _(str(known[code].label)),
                    "text": say(value_of(known[code], scope)),
                    "url": f"{reverse('figure', args=[code])}?area={area.code}",
                }
                for code in FIGURES
                if code in known
            ],
        },
    )
