"""The page on which it is said who sees a record."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.people.models import Person
from guantong.records.forms import SightForm
from guantong.records.models import Part, Record
from guantong.records.operations import say_who_sees
from guantong.records.queries import standing_on
from guantong.records.refusals import Refused
from guantong.records.rules import Who
from guantong.records.views.refusing import blame
from guantong.records.views.rows import record_url


def may_show(record: Record, person: Person, on: datetime.date) -> bool:
    """Whether somebody names partner units of a record, or restricts it."""
    if record.is_hidden or record.campaign.closed_on is not None:
        return False
    return bool(standing_on(record, person, on) & {Who.LIAISON, Who.COORDINATOR})


def show_to(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Say which units are partners in a record, whether it is restricted, and who reads it then."""
    record = (
        Record.objects.visible_to(request.user, request.today, is_few=True)
        .select_related("campaign", "unit")
        .filter(pk=record_id)
        .first()
    )
    if record is None or not may_show(record, request.user, request.today):
        raise Http404
    restricts = Who.COORDINATOR in standing_on(record, request.user, request.today)
    form = SightForm(request.POST or None, restricts=restricts, initial=_at_first(record))
    if request.method == "POST" and form.is_valid():
        try:
            say_who_sees(record=record, actor=request.user, now=request.now, **form.cleaned_data)
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("It is said who sees the record."))
            return redirect(record_url(record.pk))
    status = 422 if request.method == "POST" else 200
    return render(request, "records/sight.html", {"record": record, "form": form}, status=status)


def _at_first(record: Record) -> dict[str, Any]:
    partners = record.partners.select_related("unit").order_by("unit__path")
    readers = record.participants.filter(part=Part.READER).select_related("person")
    return {
        "partners": [one.unit for one in partners],
        "is_restricted": record.is_restricted,
        "readers": [one.person for one in readers.order_by("pk")],
    }
