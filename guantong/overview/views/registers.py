"""Registers: what records refer to and a campaign is set up with, as their apps' sheets declare.

Units, people, areas, sites and whatever else has a sheet but is no record are listed, entered and
corrected here as in a file, by the same checks and operations.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.kit.paging import Order, page_asked_for
from guantong.kit.sheets import Choice, Context, Refers, Row, Sheet
from guantong.kit.sheets.offering import cells_of
from guantong.kit.sheets.registry import sheets
from guantong.ledger.operations import StaleRow
from guantong.overview.forms import EntryForm, written
from guantong.overview.views.entering import context_of, form_page
from guantong.records.panels import way_for_rows, way_to_template
from guantong.records.refusals import is_refusal
from guantong.records.registry import kinds
from guantong.records.views.refusing import blame

PAGE = 50
# What has a page of its own that says more is listed there alone.
ELSEWHERE = {"people": "people"}


def registers() -> list[Sheet]:
    """The sheets of what is no record, nor rows of records, nor what single records hold."""
    records = {kind.name for kind in kinds()}
    return [
        sheet
        for sheet in sheets().values()
        if sheet.noun_or_singular() not in records
        and not sheet.lists
        and not any(_names(sheet, name) in records for name in sheet.key)
    ]


def _names(sheet: Sheet, column: str) -> str:
    """The kind of thing that a column names, empty where it names none."""
    parse = sheet.column(column).parse
    return parse.kind if isinstance(parse, Refers) else ""


def address_of(kind: str) -> str:
    return reverse("register", args=[kind])


def may_keep(sheet: Sheet, context: Context) -> bool:
    """Whether the sheet itself has nothing against the person, whatever the row."""
    empty = {column.name: column.parse.empty for column in sheet.columns}
    return all(wrong.column for wrong in sheet.check([Row(1, empty)], context))


def keeps(request: CampaignRequest, kind: str) -> bool:
    """Whether the person asking may enter and correct what is in this register."""
    context = context_of(request)
    return any(sheet.kind == kind and may_keep(sheet, context) for sheet in registers())


def list_registers(request: CampaignRequest) -> HttpResponse:
    """Show which registers there are, and how much is in each."""
    context = context_of(request)
    lines = [
        {
            "label": sheet.label,
            "url": reverse("register", args=[sheet.kind]),
            "count": sheet.things(context).order_by().count(),
        }
        for sheet in registers()
        if sheet.kind not in ELSEWHERE and may_keep(sheet, context)
    ]
    return render(request, "overview/registers.html", {"lines": lines})


def list_things(request: CampaignRequest, kind: str) -> HttpResponse:
    """Show one register, page by page, in its own order: units in the official one."""
    sheet, context = _register(request, kind)
    if kind in ELSEWHERE:
        return redirect(ELSEWHERE[kind])
    things = sheet.things(context)
    words = request.GET.get("q", "").strip()
    if words:
        things = things.filter(_saying(things, words))
    found, pages = page_asked_for(request.GET, things.order_by(), Order(sheet.order), size=PAGE)
    return render(
        request,
        "overview/register.html",
        {
            "title": sheet.label,
            "heads": [column.label for column in sheet.columns],
            "rows": [_line(sheet, thing) for thing in found],
            "words": words,
            "new_url": reverse("register-new", args=[kind]),
            "template_url": way_to_template(kind),
            "import_url": way_for_rows(),
            "pages": pages,
        },
    )


def enter_thing(request: CampaignRequest, kind: str) -> HttpResponse:
    """Enter one thing."""
    sheet, context = _register(request, kind)
    initial = _right_as_a_rule(request, sheet) | request.GET.dict()
    form = EntryForm(request.POST or None, sheet=sheet, context=context, initial=initial)
    if request.method == "POST" and form.is_valid():
        remarks = list(sheet.remark([Row(1, form.cleaned_data)], context))
        try:
            made = sheet.create([form.cleaned_data], context)[0]
        except Exception as refused:
            if not is_refusal(refused):
                raise
            blame(form, refused)
        else:
            messages.success(request, _("%(record)s is entered.") % {"record": made})
            for remark in remarks:
                messages.warning(request, remark)
            if "another" in request.POST:
                said = urlencode(_likely_again(sheet, request.POST))
                return redirect(f"{reverse('register-new', args=[kind])}?{said}")
            return redirect("register", kind)
    title = _("Enter: %(kind)s") % {"kind": sheet.label}
    return _page(request, sheet, form, title, _("Enter it"), may_repeat=True)


def _right_as_a_rule(request: CampaignRequest, sheet: Sheet) -> dict[str, str]:
    """A unit hangs from the campaign's; one that hangs from none is no part of it."""
    if sheet.kind != "units" or request.campaign is None:
        return {}
    return {"parent": cells_of([request.campaign.unit])[0]}


def _likely_again(sheet: Sheet, said: Mapping[str, str]) -> dict[str, str]:
    """What of one thing the next will say, too: what it is of, and what it belongs to."""
    columns = (c for c in sheet.columns if isinstance(c.parse, Refers | Choice))
    return {column.name: said[column.name] for column in columns if said.get(column.name)}


def correct_thing(request: CampaignRequest, kind: str, thing_id: int) -> HttpResponse:
    """Correct what is said of one thing; each correction is an entry with old and new."""
    sheet, context = _register(request, kind)
    thing = sheet.things(context).filter(pk=thing_id).first()
    if thing is None:
        raise Http404
    form = EntryForm(request.POST or None, sheet=sheet, context=context, thing=thing)
    if request.method == "POST" and form.is_valid():
        change = form.changes()
        try:
            if change.values:
                sheet.update([change], context)
        except StaleRow:
            form.add_error(None, _("Somebody changed it meanwhile. Open it again."))
        except Exception as refused:
            if not is_refusal(refused):
                raise
            blame(form, refused)
        else:
            said = _("It is corrected.") if change.values else _("Nothing was changed.")
            messages.success(request, said)
            return redirect("register", kind)
    title = _("Correct: %(record)s") % {"record": thing}
    return _page(request, sheet, form, title, _("Correct it"))


def _register(request: CampaignRequest, kind: str) -> tuple[Sheet, Context]:
    sheet = next((sheet for sheet in registers() if sheet.kind == kind), None)
    context = context_of(request)
    if sheet is None or not may_keep(sheet, context):
        raise Http404
    return sheet, context


def _saying(things: Any, words: str) -> Q:
    """Whether a code, name or user name says the words."""
    names = {field.name for field in things.model._meta.concrete_fields}
    condition = Q(pk__in=[])
    for name in names & {"code", "name", "short_name", "username"}:
        condition |= Q(**{f"{name}__icontains": words})
    return condition


def _line(sheet: Sheet, thing: Any) -> dict[str, Any]:
    cells = [(column.label, written(column, column.value_of(thing))) for column in sheet.columns]
    return {
        "url": reverse("register-correct", args=[sheet.kind, thing.pk]),
        "first": cells[0][1],
        "cells": cells[1:],
    }


def _page(
    request: CampaignRequest, sheet: Sheet, form: EntryForm, title: str, done: str, **shown: Any
) -> HttpResponse:
    back = reverse("register", args=[sheet.kind])
    trail = [
        {"label": _("Registers"), "url": reverse("registers")},
        {"label": sheet.label, "url": back},
    ]
    return form_page(request, form, title=title, trail=trail, done=done, back=back, **shown)
