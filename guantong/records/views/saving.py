"""Filtered lists under names: shown above a list, saved from it, and forgotten again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guantong.campaigns.requests import CampaignRequest
from guantong.records.forms import SaveViewForm
from guantong.records.models import SavedView
from guantong.records.operations import forget_view, save_view
from guantong.records.registry import kind_of_slug
from guantong.records.views.filters import Address


def saved_views(request: CampaignRequest, address: Address) -> dict[str, Any]:
    """What the page of a list says of saved views: those offered, and the form for this one."""
    offered = SavedView.objects.offered_to(request.user).filter(
        campaign=address.campaign, kind=address.kind.name
    )
    here = address.url().removeprefix("?")
    # Own ones first. Mostly there are none, and then nobody's names are read.
    views = sorted(
        offered.prefetch_related("person"), key=lambda view: view.person_id != request.user.pk
    )
    is_unnamed = bool(here) and all(view.query != here for view in views)
    return {
        "views": [
            {
                "view": view,
                "url": f"?{view.query}",
                "is_on": view.query == here,
                "is_own": view.person_id == request.user.pk,
            }
            for view in views
        ],
        "is_unnamed": is_unnamed,
        "form": SaveViewForm(initial={"query": here}) if is_unnamed else None,
        "url": reverse("save-view", args=[address.kind.slug]),
    }


@require_POST
def save(request: CampaignRequest, slug: str) -> HttpResponse:
    """Keep the filters of a list under the name that was typed, and go back to the list."""
    form = SaveViewForm(request.POST)
    query = QueryDict(request.POST.get("query", ""))
    if form.is_valid() and request.campaign is not None:
        view = save_view(
            campaign=request.campaign,
            person=request.user,
            kind=kind_of_slug(slug).name,
            **form.cleaned_data,
        )
        messages.success(
            request, _("This list is kept as “%(view)s” at its top.") % {"view": view.name}
        )
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(str(error) for error in errors))
    return redirect(f"{reverse('records', args=[slug])}?{query.urlencode()}")


@require_POST
def forget(request: CampaignRequest, slug: str, view_id: int) -> HttpResponse:
    """Take one's own view away; its records stay as they are."""
    view = get_object_or_404(SavedView, pk=view_id, person=request.user)
    forget_view(view=view)
    messages.success(request, _("The view “%(view)s” is taken away.") % {"view": view.name})
    return redirect("records", slug)
