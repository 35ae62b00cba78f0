"""A campaign is set up: its facts, goals, thresholds and working days, each a form of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import (
    CannotCorrectCampaign,
    CannotSetDays,
    CannotSetGoals,
    CannotSetThresholds,
    correct_campaign,
    set_days,
    set_goals,
    set_thresholds,
)
from guantong.campaigns.requests import CampaignRequest
from guantong.overview.forms import DaysForm, FactsForm, GoalsForm, ThresholdsForm
from guantong.people.rules import COORDINATOR, holds

REFUSALS = (CannotCorrectCampaign, CannotSetDays, CannotSetGoals, CannotSetThresholds)


@require_http_methods(["GET", "POST"])
def settle_campaign(request: CampaignRequest) -> HttpResponse:
    """Show how the present campaign is set up, and change the part that was sent."""
    campaign = request.campaign
    if campaign is None or campaign.closed_on is not None:
        raise Http404
    if not holds(request.user.grants(request.today), [COORDINATOR], campaign.unit.path):
        raise Http404
    data = request.POST if request.method == "POST" else None
    part = request.POST.get("part", "")
    forms = _forms(campaign, part, data)
    if data is not None:
        if part not in forms:
            raise Http404
        form = forms[part]
        if form.is_valid():
            try:
                SAVING[part](form, campaign=campaign, actor=request.user, now=request.now)
            except REFUSALS as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("It is set, and entered in the ledger."))
                return redirect(f"{request.path}#{part}")
    given = {f"{name}_form": form for name, form in forms.items()}
    days = campaign.days.order_by("-day")
    return render(
        request,
        "overview/settle_campaign.html",
        {"shown": campaign, "days": days, **given},
        status=200 if data is None else 422,
    )


def _forms(campaign: Campaign, part: str, data: Any) -> dict[str, Form]:
    def sent(name: str) -> Any:
        return data if name == part else None

    facts = {name: getattr(campaign, name) for name in FactsForm.base_fields}
    goals = "\n".join(campaign.goals.values_list("name", flat=True))
    return {
        "facts": FactsForm(sent("facts"), initial=facts),
        "goals": GoalsForm(sent("goals"), initial={"goals": goals}),
        "thresholds": ThresholdsForm(sent("thresholds"), campaign=campaign),
        "days": DaysForm(sent("days")),
    }


def _save_thresholds(form: Form, *, campaign: Campaign, **options: Any) -> None:
    changed = {name: form.cleaned_data[name] for name in form.changed_data}
    if changed:
        set_thresholds(campaign=campaign, thresholds=changed, **options)


def _save_days(form: Form, *, campaign: Campaign, **options: Any) -> None:
    said = form.cleaned_data
    days = dict.fromkeys(said["days"], said["is_working"])
    set_days(campaign=campaign, days=days, name=said["name"], **options)


SAVING: dict[str, Callable[..., Any]] = {
    "facts": lambda form, **options: correct_campaign(**form.cleaned_data, **options),
    "goals": lambda form, **options: set_goals(names=form.cleaned_data["goals"], **options),
    "thresholds": _save_thresholds,
    "days": _save_days,
}
