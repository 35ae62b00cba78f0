"""The papers on one record, as files."""

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
from guantong.exchange.operations.exporting import Written
from guantong.exchange.views.exporting import NAMES, given
from guantong.exchange.writing.official import FORMATS, LANGUAGES
from guantong.kit.declared import declared
from guantong.kit.documents import NoChineseFont, RecordDocument
from guantong.kit.documents.docx import write_docx
from guantong.kit.documents.pdf import CannotWritePdf, write_pdf
from guantong.kit.sheets import Context
from guantong.people.models import Person
from guantong.records.views.moves import detail_of, seen_record
from guantong.records.views.rows import record_url

WRITERS = {"pdf": write_pdf, "docx": write_docx}


def record_document(
    request: CampaignRequest, record_id: int, name: str, language: str, form: str
) -> HttpResponse:
    """Give one of the papers that there are on a record of its kind."""
    record = seen_record(request, record_id)
    paper = next((one for one in papers_on(record.kind) if one.name == name), None)
    if paper is None or language not in LANGUAGES or form not in paper.formats:
        raise Http404
    detail = detail_of(record)
    context = Context(
        actor=request.user, now=request.now, today=request.today, campaign=record.campaign
    )
    try:
        with override(LANGUAGES[language]):
            content = WRITERS[form](paper.build(detail, context))
    except (NoChineseFont, CannotWritePdf) as error:
        messages.error(request, str(error))
        return redirect(record_url(record.pk))
    file = f"{record.reference or record.pk}-{name}-{language}.{form}"
    return given(Written(file, FORMATS[form], content))


def papers_on(kind: str) -> list[RecordDocument]:
    return [paper for paper in declared("documents", "DOCUMENTS") if kind in paper.kinds]


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
