"""The campaigns of the installation: choosing, opening, closing, carrying forward."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import (
    CannotCloseCampaign,
    CannotOpenCampaign,
    CannotReopenCampaign,
    CannotTakeFiles,
    close_campaign,
    open_campaign,
    reopen_campaign,
    take_files,
)
from guantong.campaigns.requests import CampaignRequest
from guantong.overview.forms import CampaignForm, CarryForm, ReasonForm
from guantong.people.rules import ADMINISTRATOR, COORDINATOR, holds
from guantong.records.models import LinkKind, Record, RecordQuerySet
from guantong.records.queries import details_of
from guantong.records.refusals import Refused
from guantong.records.registry import kinds
from guantong.rectification.operations import carry_forward


@dataclass(frozen=True)
class OpenCount:
    """How many records of a kind are open in a campaign, and the list of the kind."""

    label: str
    count: int
    url: str


def list_campaigns(request: CampaignRequest) -> HttpResponse:
    """List the campaigns, what is open in the present one, and what may be done with it."""
    return _page(request)


def _page(
    request: CampaignRequest,
    forms: Mapping[str, Form] | None = None,
    *,
    refused: Exception | None = None,
) -> HttpResponse:
    campaign, grants = request.campaign, request.user.grants(request.today)
    others = Campaign.objects.open().order_by("-starts_on", "-pk")
    if campaign is not None:
        others = others.exclude(pk=campaign.pk)
    coordinates = campaign is not None and holds(grants, [COORDINATOR], campaign.unit.path)
    return render(
        request,
        "overview/campaigns.html",
        {
            "campaigns": [
                (one, _left_open(one, campaign, grants))
                for one in Campaign.objects.select_related("unit").order_by("-starts_on", "-pk")
            ],
            "present": campaign,
            "open_counts": open_counts(request) if campaign else [],
            "coordinates": coordinates,
            "may_open": any(g.role in (COORDINATOR, ADMINISTRATOR) for g in grants),
            "form": CampaignForm(initial={"starts_on": request.today, "copied_from": campaign}),
            "reason_form": ReasonForm(),
            "carry_form": CarryForm(campaigns=others) if others.exists() else None,
            "carriable": _carriable(campaign).count() if campaign and coordinates else 0,
            "refusals": [str(refused)] if refused else [],
            "refused_title": _("This can't be done now"),
            **(forms or {}),
        },
        status=422 if request.method == "POST" else 200,
    )


def open_counts(request: CampaignRequest) -> list[OpenCount]:
    """Count what is open in the campaign, as far as the person may see it."""
    records = Record.objects.visible_to(request.user, request.today).filter(
        campaign=request.campaign
    )
    counts = dict(records.unended().order_by().values_list("kind").annotate(Count("pk")))
    return [
        OpenCount(_(str(kind.plural)), counts[kind.name], reverse("records", args=[kind.slug]))
        for kind in kinds()
        if counts.get(kind.name)
    ]


def _left_open(campaign: Campaign, present: Campaign | None, grants: Collection[Any]) -> int:
    """How many problems of another, closed campaign wait for its coordinator to carry them on."""
    is_theirs = holds(grants, [COORDINATOR], campaign.unit.path)
    if campaign == present or campaign.closed_on is None or not is_theirs:
        return 0
    return _carriable(campaign).count()


def _carriable(campaign: Campaign) -> RecordQuerySet:
    """The open problems of a campaign that go on nowhere else yet."""
    open_problems = Record.objects.filter(campaign=campaign, kind="problem").unended()
    return open_problems.exclude(outbound__kind=LinkKind.CARRIED_FORWARD)


@require_POST
def choose_campaign(request: CampaignRequest) -> HttpResponse:
    """Look at another campaign from now on, with the same units, people and roles."""
    campaign = get_object_or_404(Campaign, code=request.POST.get("campaign", ""))
    request.session["campaign"] = campaign.code
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(back if is_ours else "home")


@require_POST
def start_campaign(request: CampaignRequest) -> HttpResponse:
    """Open a campaign, and look at it."""
    form = CampaignForm(request.POST)
    if not form.is_valid():
        return _page(request, {"form": form})
    said = form.cleaned_data
    pattern = said["copied_from"]
    like = pattern or request.campaign
    unit = like.unit if like else request.user.unit
    if unit is None:
        form.add_error(None, _("Belong to a unit first: a campaign is over one."))
        return _page(request, {"form": form})
    try:
        campaign = open_campaign(
            code=said["code"],
            name=said["name"],
            unit=unit,
            starts_on=said["starts_on"],
            copied_from=pattern,
            actor=request.user,
            now=request.now,
        )
    except CannotOpenCampaign as refused:
        return _page(request, {"form": form}, refused=refused)
    request.session["campaign"] = campaign.code
    messages.success(request, _("“%(campaign)s” is opened.") % {"campaign": campaign})
    return redirect("campaigns")


@require_POST
def end_campaign(request: CampaignRequest) -> HttpResponse:
    """Close the present campaign."""
    return _change(request, ReasonForm(request.POST), "reason_form", close_campaign,
                   _("“%(campaign)s” is closed: from now on it is read."))  # fmt: skip


@require_POST
def resume_campaign(request: CampaignRequest) -> HttpResponse:
    """Open the present campaign again."""
    return _change(request, ReasonForm(request.POST), "reason_form", reopen_campaign,
                   _("“%(campaign)s” goes on."))  # fmt: skip


def _change(
    request: CampaignRequest, form: ReasonForm, name: str, operation: Callable[..., Any], done: str
) -> HttpResponse:
    if not form.is_valid() or request.campaign is None:
        return _page(request, {name: form})
    try:
        operation(
            campaign=request.campaign,
            actor=request.user,
            now=request.now,
            reason=form.cleaned_data["reason"],
        )
    except (CannotCloseCampaign, CannotReopenCampaign) as refused:
        return _page(request, {name: form}, refused=refused)
    messages.success(request, done % {"campaign": request.campaign})
    return redirect("campaigns")


@require_POST
def say_files(request: CampaignRequest) -> HttpResponse:
    """Say whether the present campaign takes files; what is kept already stays (rule 12)."""
    if request.campaign is None:
        return _page(request)
    takes_files = request.POST.get("takes_files") == "yes"
    try:
        take_files(
            campaign=request.campaign,
            takes_files=takes_files,
            actor=request.user,
            now=request.now,
        )
    except CannotTakeFiles as refused:
        return _page(request, refused=refused)
    messages.success(
        request,
        _("Files are taken from now on.")
        if takes_files
        else _("No files are taken from now on; documents are named instead."),
    )
    return redirect("campaigns")


@require_POST
def carry_problems(request: CampaignRequest) -> HttpResponse:
    """Carry all open problems of the present campaign forward to another."""
    form = CarryForm(request.POST, campaigns=Campaign.objects.open())
    if not form.is_valid() or request.campaign is None:
        return _page(request, {"carry_form": form})
    records = _carriable(request.campaign).select_related("campaign", "unit", "owner", "area")
    problems = list(details_of(records).values())
    try:
        carried = carry_forward(
            problems=problems,
            campaign=form.cleaned_data["campaign"],
            actor=request.user,
            now=request.now,
        )
    except Refused as refused:
        return _page(request, {"carry_form": form}, refused=refused)
    messages.success(
        request,
        _("%(count)s open problems go on in “%(campaign)s”.")
        % {"count": len(carried), "campaign": form.cleaned_data["campaign"]},
    )
    return redirect("campaigns")
