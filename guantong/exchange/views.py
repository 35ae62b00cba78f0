"""Official lists of what a list page shows, and the papers on one record, as files."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import override

from guantong.campaigns.requests import CampaignRequest
from guantong.exchange.writing.choosing import compose
from guantong.exchange.writing.official import FORMATS, LANGUAGES, write_list
from guantong.kit.declared import declared
from guantong.kit.documents import NoChineseFont, RecordDocument
from guantong.kit.documents.docx import write_docx
from guantong.kit.documents.pdf import CannotWritePdf, write_pdf
from guantong.kit.lists import official_lists
from guantong.kit.sheets import Context
from guantong.people.models import Person
from guantong.records.panels import ListShown
from guantong.records.queries import details_of
from guantong.records.registry import kind_of
from guantong.records.views.record import seen_record
from guantong.records.views.rows import record_url

NAMES = {"zh": "中文", "en": "English"}
WRITERS = {"pdf": write_pdf, "docx": write_docx}


def official_list(request: CampaignRequest, name: str, language: str, form: str) -> HttpResponse:
    """Give the official list of exactly the records that the list page with this query shows."""
    listing = next((one for one in official_lists() if one.name == name), None)
    if listing is None or request.campaign is None:
        raise Http404
    if language not in LANGUAGES or form not in FORMATS:
        raise Http404
    composed = compose(
        listing,
        query=request.GET,
        language=language,
        person=request.user,
        campaign=request.campaign,
        now=request.now,
    )
    try:
        content = write_list(composed, form, language)
    except (NoChineseFont, CannotWritePdf) as error:
        messages.error(request, str(error))
        back = reverse("records", args=[kind_of(listing.kind).slug])
        return redirect(f"{back}?{request.GET.urlencode()}")
    return _file(content, f"{name}-{request.today}-{language}.{form}", form)


def record_document(
    request: CampaignRequest, record_id: int, name: str, language: str, form: str
) -> HttpResponse:
    """Give one of the papers that there are on a record of its kind."""
    record = seen_record(request, record_id)
    paper = next((one for one in papers_on(record.kind) if one.name == name), None)
    if paper is None or language not in LANGUAGES or form not in paper.formats:
        raise Http404
    detail = details_of([record])[record.pk]
    detail.record = record
    context = Context(
        actor=request.user, now=request.now, today=request.today, campaign=record.campaign
    )
    try:
        with override(LANGUAGES[language]):
            content = WRITERS[form](paper.build(detail, context))
    except (NoChineseFont, CannotWritePdf) as error:
        messages.error(request, str(error))
        return redirect(record_url(record.pk))
    return _file(content, f"{record.reference or record.pk}-{name}-{language}.{form}", form)


def _file(content: bytes, name: str, form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=FORMATS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def papers_on(kind: str) -> list[RecordDocument]:
    return [paper for paper in declared("documents", "DOCUMENTS") if kind in paper.kinds]


def lists_panel(shown: ListShown) -> Mapping[str, Any]:
    """What a list page offers: each official list of its kind, in both languages."""

    def links(name: str, language: str) -> list[tuple[str, str]]:
        found = []
        for form in FORMATS:
            address = reverse("official", args=[name, language, form])
            found.append((form.upper(), f"{address}?{shown.query}" if shown.query else address))
        return found

    return {
        "lists": [
            (one.label, [(NAMES[lang], lang, links(one.name, lang)) for lang in LANGUAGES])
            for one in official_lists()
            if one.kind == shown.kind.name
        ]
    }


def documents_panel(detail: Any, person: Person, today: datetime.date) -> Mapping[str, Any]:
    """What a record's page offers: the papers on its kind, in both languages."""
    record = detail.record

    def links(paper: RecordDocument, language: str) -> list[tuple[str, str]]:
        return [
            (
                form.upper(),
                reverse("record-document", args=[record.pk, paper.name, language, form]),
            )
            for form in paper.formats
        ]

    return {
        "lists": [
            (paper.label, [(NAMES[lang], lang, links(paper, lang)) for lang in LANGUAGES])
            for paper in papers_on(record.kind)
        ]
    }
