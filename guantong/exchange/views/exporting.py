"""What goes out: exports of what a list shows, the weekly sheet, templates, files kept to fetch."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.campaigns.requests import CampaignRequest
from guantong.exchange.jobs import EXPORT, arguments_of
from guantong.exchange.models import WrittenFile
from guantong.exchange.operations.exporting import (
    MEDIA_TYPES,
    CannotWrite,
    Wanted,
    Written,
    is_long,
    title_of,
    write_wanted,
)
from guantong.exchange.operations.importing import context_of
from guantong.exchange.queries import REPORTING, sheets_for
from guantong.exchange.writing import CannotExport, export_rows, template_of
from guantong.exchange.writing.exports import FORMATS
from guantong.exchange.writing.official import FORMATS as PAPERS
from guantong.exchange.writing.official import LANGUAGES
from guantong.kit.documents import NoChineseFont
from guantong.kit.documents.pdf import CannotWritePdf
from guantong.kit.lists import official_lists
from guantong.kit.sheets.registry import lookups, sheets
from guantong.people.models import Person
from guantong.records.panels import ListShown
from guantong.records.registry import kinds
from guantong.routine.operations import ask_for

NAMES = {"zh": "中文", "en": "English"}


def export_list(request: CampaignRequest, slug: str, form: str) -> HttpResponse:
    """Give exactly the records that the list page with this query shows, to be taken back."""
    kind = next((one for one in kinds() if one.slug == slug), None)
    if kind is None or form not in FORMATS:
        raise Http404
    return _given(request, Wanted(kind.name, form, request.GET.urlencode()), slug)


def official_list(request: CampaignRequest, name: str, language: str, form: str) -> HttpResponse:
    """Give the official list of exactly the records that the list page with this query shows."""
    listing = next((one for one in official_lists() if one.name == name), None)
    if listing is None or language not in LANGUAGES or form not in PAPERS:
        raise Http404
    slug = next(kind.slug for kind in kinds() if kind.name == listing.kind)
    wanted = Wanted(listing.kind, form, request.GET.urlencode(), name, language)
    return _given(request, wanted, slug)


def _given(request: CampaignRequest, wanted: Wanted, slug: str) -> HttpResponse:
    """Write a file at once, or ask for it where somebody would wait."""
    if request.campaign is None:
        raise Http404
    asking: dict[str, Any] = {
        "person": request.user, "campaign": request.campaign, "now": request.now,
    }  # fmt: skip
    try:
        if is_long(wanted=wanted, **asking):
            task = ask_for(
                work=EXPORT,
                title=title_of(wanted),
                asked_by=request.user.pk,
                now=request.now,
                arguments=arguments_of(wanted, request.campaign),
            )
            return redirect("task", task.pk)
        return given(write_wanted(wanted=wanted, **asking))
    except (CannotExport, NoChineseFont, CannotWritePdf) as error:
        messages.error(request, str(error))
    except CannotWrite as error:
        raise Http404(str(error)) from error
    return redirect(f"{reverse('records', args=[slug])}?{wanted.query}")


def given(file: Written) -> HttpResponse:
    """Answer with a file to be saved."""
    response = HttpResponse(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.name) or ""
    return response


def weekly_sheet(request: CampaignRequest) -> HttpResponse:
    """Give the open rows of the units that the person reports for, with four columns to fill."""
    roles = {grant.role for grant in request.user.grants(request.today)}
    if request.campaign is None or not roles & REPORTING:
        raise Http404
    sheet = sheets()["weekly"]
    context = context_of(actor=request.user, now=request.now, campaign=request.campaign, source="")
    out = io.BytesIO()
    try:
        export_rows(sheet, context, lookups(), "xlsx", out)
    except CannotExport as error:
        messages.error(request, str(error))
        return redirect("imports")
    name = f"{sheet.label}-{request.today}.xlsx"
    return given(Written(name, MEDIA_TYPES["xlsx"], out.getvalue()))


def weekly_link(person: Person, campaign: Campaign, on: datetime.date) -> tuple[str, str] | None:
    """Offer the weekly sheet to those who report for a unit."""
    roles = {grant.role for grant in person.grants(on)}
    return (_("Get this week's sheet"), reverse("weekly-sheet")) if roles & REPORTING else None


def template_address(kind: str) -> str:
    return reverse("template", args=[kind])


def template(request: CampaignRequest, kind: str) -> HttpResponse:
    """Give an empty workbook to fill in and import."""
    context = context_of(actor=request.user, now=request.now, campaign=request.campaign, source="")
    sheet = sheets_for(context, sheets()).get(kind)
    if sheet is None or sheet.lists:
        raise Http404
    out = io.BytesIO()
    template_of(sheet, out)
    name = _("%(what)s, empty") % {"what": sheet.label} + ".xlsx"
    return given(Written(name, MEDIA_TYPES["xlsx"], out.getvalue()))


def written_file(request: CampaignRequest, file_id: int) -> HttpResponse:
    """Give a file that was long in coming, to whoever asked for it."""
    file = get_object_or_404(WrittenFile, pk=file_id, person=request.user)
    return given(Written(file.name, file.media_type, bytes(file.content)))


def exports_panel(shown: ListShown) -> Mapping[str, Any]:
    """What a list page offers: its rows as files, and each official list of its kind."""
    kind, query = shown.kind, shown.query
    has_sheet = any(sheet.noun_or_singular() == kind.name for sheet in sheets().values())

    def address(name: str, *words: str) -> str:
        found = reverse(name, args=words)
        return f"{found}?{query}" if query else found

    def papers(name: str, language: str) -> list[tuple[str, str]]:
        return [(form.upper(), address("official", name, language, form)) for form in PAPERS]

    forms = FORMATS if has_sheet else ()
    return {
        "forms": [(form.upper(), address("export", kind.slug, form)) for form in forms],
        "lists": [
            (one.label, [(NAMES[lang], lang, papers(one.name, lang)) for lang in LANGUAGES])
            for one in official_lists()
            if one.kind == kind.name
        ],
    }
