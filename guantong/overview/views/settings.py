"""How a campaign is run: its name and last day, its thresholds, and the registers it sets."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.operations import (
    CannotCorrectCampaign,
    CannotSetThresholds,
    correct_campaign,
)
from guantong.campaigns.requests import CampaignRequest
from guantong.campaigns.rules import THRESHOLDS_IN_WORDS
from guantong.kit.sheets.registry import sheets
from guantong.overview.forms import SettingsForm
from guantong.overview.views.entering import context_of
from guantong.people.rules import COORDINATOR, holds

# The registers that a campaign is set up with, and that are its own.
OF_THE_CAMPAIGN = ("goals", "areas", "days", "session-formats", "study-requirements")


def say_settings(request: CampaignRequest) -> HttpResponse:
    """Show everybody how the campaign is run; its coordinator says it here."""
    campaign = request.campaign
    if campaign is None:
        raise Http404
    grants = request.user.grants(request.today)
    sets = campaign.closed_on is None and holds(grants, [COORDINATOR], campaign.unit.path)
    if request.method == "POST" and not sets:
        raise Http404
    form = SettingsForm(request.POST or None, campaign=campaign) if sets else None
    if request.method == "POST" and form and form.is_valid():
        try:
            correct_campaign(
                campaign=campaign,
                thresholds=form.thresholds(),
                actor=request.user,
                now=request.now,
                **form.values(),
            )
        except CannotSetThresholds as refused:
            for name in refused.names or (None,):
                form.add_error(name, str(refused))
        except CannotCorrectCampaign as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("It holds from now on."))
            return redirect("campaign-settings")
    return render(
        request,
        "overview/settings.html",
        {
            "present": campaign,
            "form": form,
            "groups": [
                (_(heading), [(_(label), campaign.threshold(name)) for name, label in some.items()])
                for heading, some in THRESHOLDS_IN_WORDS
            ],
            "registers": [_register(request, kind, links=sets) for kind in OF_THE_CAMPAIGN],
        },
        status=422 if request.method == "POST" else 200,
    )


def _register(request: CampaignRequest, kind: str, *, links: bool) -> dict[str, Any]:
    """What a register of the campaign holds, and where it is kept."""
    sheet = sheets()[kind]
    things = sheet.things(context_of(request)).order_by(sheet.order or "pk")
    return {
        "label": sheet.label,
        "url": reverse("register", args=[kind]) if links else "",
        "things": list(things),
    }
