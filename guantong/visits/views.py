"""Pages of visits: sites crowded and never visited, joining a visit, what crowds the one shown."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.figures.queries import rows_of
from guantong.figures.registry import Scope, figure_of
from guantong.industry.models import Site
from guantong.kit.paging import Order, page_asked_for
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.panels import way_to_enter
from guantong.records.refusals import Refused
from guantong.records.registry import kind_of
from guantong.records.views.refusing import blame
from guantong.records.views.rows import record_url
from guantong.visits.forms import JoinVisitForm, SitesForm
from guantong.visits.models import Visit
from guantong.visits.operations import join_visit
from guantong.visits.queries import (
    Narrowing,
    can_be_joined,
    crowded_spots,
    crowding,
    sentences_of,
    teams_of,
)
from guantong.visits.rules import CLEARED, DRAFT, ENTERING_ROLES, SPAN_LABELS

CROWDED, NEVER = 50, 50


def sites(request: CampaignRequest) -> HttpResponse:
    """Show which sites are crowded, back or ahead, beside those that nobody has visited."""
    campaign = request.campaign
    if campaign is None:
        raise Http404
    form = SitesForm(request.GET)
    asked = form.narrowing() if form.is_valid() else Narrowing()
    crowded, count = crowded_spots(
        campaign=campaign, viewer=request.user, on=request.today, asked=asked, limit=CROWDED
    )
    # The figure's own rows, so that page and figure can't differ.
    scope = Scope(campaign=campaign, viewer=request.user, as_of=request.today, today=request.today)
    never = rows_of(figure_of("visits.sites_never_visited"), scope)
    if asked.sector is not None:
        never = never.filter(sector=asked.sector)
    if asked.place is not None:
        never = never.filter(place=asked.place)
    found, pages = page_asked_for(
        request.GET, never.select_related("sector", "place"), Order(), size=NEVER
    )
    return render(
        request,
        "visits/sites.html",
        {
            "form": form,
            "crowded": [(spot, _(SPAN_LABELS[spot.crowd.span])) for spot in crowded],
            "crowded_count": count,
            "is_cut_off": count > len(crowded),
            "never": found,
            "never_count": never.count(),
            "has_sites": bool(found) or Site.objects.exists(),
            "visits_url": reverse("records", args=["visits"]),
            "plan_url": way_to_enter(kind_of("visit"), request.user, request.today)
            if campaign.closed_on is None
            else None,
            "pages": pages,
        },
    )


def panel(detail: Any, person: Person, today: datetime.date) -> Mapping[str, Any]:
    """What the page of a visit that is still ahead says of its site; nothing on other records."""
    if not isinstance(detail, Visit) or detail.record.state not in (DRAFT, CLEARED):
        return {}
    found = crowding(
        site=detail.site,
        first=detail.starts_on,
        last=detail.ends_on,
        campaign=detail.record.campaign,
        viewer=person,
        on=today,
        besides=detail.pk,
    )
    return {
        "is_shown": True,
        "warnings": sentences_of(found.excesses),
        "visits": found.visits,
        "join_url": _join_url(detail, person, today),
    }


def _join_url(visit: Visit, person: Person, today: datetime.date) -> str | None:
    """Where the person's unit joins this visit; None for its own team and who sends nobody."""
    may_send = any(grant.role in ENTERING_ROLES for grant in person.grants(today))
    is_there = person.pk in {one.pk for one in teams_of([visit.pk])[visit.pk]}
    if not may_send or is_there or not can_be_joined(visit, today):
        return None
    return reverse("join-visit", args=[visit.pk])


def join(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Join another team's visit instead of making one more to the same site."""
    visible = Record.objects.visible_to(request.user, request.today)
    visit = get_object_or_404(
        Visit.objects.filter(record__in=visible.values("pk")).select_related(
            "record__unit", "record__campaign", "site"
        ),
        pk=record_id,
    )
    if _join_url(visit, request.user, request.today) is None:
        raise Http404
    form = JoinVisitForm(request.POST or None, person=request.user, on=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            join_visit(visit=visit, actor=request.user, now=request.now, **form.cleaned_data)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("You join the visit; its team sees that."))
            return redirect(record_url(visit.pk))
    return render(
        request,
        "visits/join.html",
        {"visit": visit, "form": form, "back": record_url(visit.pk)},
        status=422 if request.method == "POST" else 200,
    )
