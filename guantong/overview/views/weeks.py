"""Your week: for each role, what waits on which day and which presses move it on."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.overview.queries.weeks import READER, WEEKS, week_in_words, weeks_of
from guantong.people.rules import ROLES


def own_week(request: CampaignRequest) -> HttpResponse:
    """Open the week of the first role that the person holds."""
    return redirect("week", weeks_of(request.user, request.today)[0])


def show_week(request: CampaignRequest, role: str) -> HttpResponse:
    """Show one role's week; anybody may read how others work."""
    if role not in WEEKS:
        raise Http404
    own = weeks_of(request.user, request.today)
    others = [one for one in WEEKS if one not in own]
    return render(
        request,
        "overview/week.html",
        {
            "text": week_in_words(role),
            "title": _named(role),
            "own": [(one, _named(one), one == role) for one in own],
            "others": [(one, _named(one), one == role) for one in others],
        },
    )


def _named(role: str) -> str:
    return _("Reader or leader") if role == READER else _(ROLES[role])
