"""Records are entered and corrected one by one, by the form that their app's sheet makes."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.kit.sheets import Context, Sheet
from guantong.kit.sheets.registry import sheets
from guantong.ledger.operations import StaleRow
from guantong.overview.forms import EntryForm
from guantong.people.models import Person
from guantong.people.rules import LIAISON
from guantong.records.models import Record
from guantong.records.queries import details_of, standings
from guantong.records.refusals import Refused
from guantong.records.registry import Kind, kinds
from guantong.records.rules import Who
from guantong.records.views.rows import record_url
from guantong.units.models import Unit


def sheet_for(kind: str) -> Sheet | None:
    return next((sheet for sheet in sheets().values() if sheet.noun_or_singular() == kind), None)


def entrance(kind: Kind, person: Person, on: datetime.date) -> str | None:
    """Where a record of this kind is entered, for those who may enter any."""
    may = any(grant.role in kind.entered_by for grant in person.grants(on))
    return reverse("enter", args=[kind.slug]) if may and sheet_for(kind.name) else None


def way_to_correct(record: Record, person: Person, on: datetime.date) -> str | None:
    """Where a record's fields are corrected: by the liaison of its unit or a coordinator (rule 10),
    and by its author while it is a draft."""
    may = standings([record], person, on)[record.pk] & {Who.LIAISON, Who.COORDINATOR}
    may_as_author = record.author_id == person.pk and record.state == "draft"
    if not (may or may_as_author) or sheet_for(record.kind) is None:
        return None
    return reverse("correct", args=[record.pk])


def enter(request: CampaignRequest, slug: str) -> HttpResponse:
    """Enter one record."""
    kind = next((kind for kind in kinds() if kind.slug == slug), None)
    sheet = sheet_for(kind.name) if kind else None
    if kind is None or sheet is None or entrance(kind, request.user, request.today) is None:
        raise Http404
    context = context_of(request)
    form = EntryForm(request.POST or None, sheet=sheet, context=context, initial=_own_unit(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = sheet.create([form.cleaned_data], context)[0]
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("%(record)s is entered.") % {"record": made})
            return redirect(record_url(made.pk))
    label = _(str(kind.label))
    return form_page(
        request,
        form,
        title=_("Enter: %(kind)s") % {"kind": label},
        trail=[{"label": _(str(kind.plural)), "url": reverse("records", args=[slug])}],
        done=_("Enter it"),
        back=reverse("records", args=[slug]),
    )


def correct(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Correct what a record says; each correction is an entry with old and new."""
    record = (
        Record.objects.visible_to(request.user, request.today, is_few=True)
        .select_related("campaign", "unit")
        .filter(pk=record_id)
        .first()
    )
    if record is None or way_to_correct(record, request.user, request.today) is None:
        raise Http404
    sheet = sheet_for(record.kind)
    assert sheet is not None
    context = context_of(request)
    thing = sheet.things(context).filter(pk=record_id).first() or details_of([record])[record.pk]
    form = EntryForm(request.POST or None, sheet=sheet, context=context, thing=thing)
    if request.method == "POST" and form.is_valid():
        change = form.changes()
        try:
            if change.values:
                sheet.update([change], context)
        except StaleRow:
            form.add_error(None, _("Somebody changed the record meanwhile. Open it again."))
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(
                request,
                _("The record is corrected.") if change.values else _("Nothing was changed."),
            )
            return redirect(record_url(record_id))
    return form_page(
        request,
        form,
        title=_("Correct: %(record)s") % {"record": record},
        trail=[{"label": str(record), "url": record_url(record_id)}],
        done=_("Correct it"),
        back=record_url(record_id),
    )


def _own_unit(request: CampaignRequest) -> dict[str, str]:
    """Offer the unit that the person enters records for, where it is but one."""
    grants = request.user.grants(request.today)
    units = {grant.unit for grant in grants if grant.role == LIAISON}
    if len(units) != 1:
        return {}
    return {"unit": Unit.objects.values_list("code", flat=True).get(pk=units.pop())}


def context_of(request: CampaignRequest) -> Context:
    return Context(
        actor=request.user, now=request.now, today=request.today, campaign=request.campaign
    )


def blame(form: EntryForm, refused: Refused) -> None:
    for refusal in refused.refusals:
        form.add_error(None, refusal.sentence)


def form_page(request: CampaignRequest, form: EntryForm, **shown: Any) -> HttpResponse:
    """Show the form of one row, with what stands around it."""
    status = 422 if request.method == "POST" else 200
    return render(request, "overview/entry.html", {"form": form, **shown}, status=status)
