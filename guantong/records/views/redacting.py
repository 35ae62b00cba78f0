"""The page on which a coordinator chooses the personal data that must go."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.ledger.queries import KeptText, texts_on_stories
from guantong.ledger.tracking import plan_of_kind
from guantong.people.models import Person
from guantong.records.forms import RedactionForm
from guantong.records.models import Link, Record
from guantong.records.operations import redact_texts
from guantong.records.queries import standing_on
from guantong.records.refusals import Refused
from guantong.records.rules import Who
from guantong.records.views.refusing import blame
from guantong.records.views.rows import record_url

SHOWN = 300


def may_redact(record: Record, person: Person, on: datetime.date) -> bool:
    return Who.COORDINATOR in standing_on(record, person, on)


def redact(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Choose texts of a record, its comments, evidence and reasons, and blank them."""
    record = (
        Record.objects.visible_to(request.user, request.today)
        .select_related("campaign", "unit")
        .filter(pk=record_id)
        .first()
    )
    if record is None or not may_redact(record, request.user, request.today):
        raise Http404
    held = {key_of(text): text for text in redactable(record)}
    choices = [(key, words_of(text, record)) for key, text in held.items()]
    form = RedactionForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            redact_texts(
                texts=[held[key] for key in form.cleaned_data["texts"]],
                actor=request.user,
                now=request.now,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("The words are gone; that they were there stays known."))
            return redirect(record_url(record.pk))
    status = 422 if request.method == "POST" else 200
    return render(request, "records/redact.html", {"record": record, "form": form}, status=status)


def redactable(record: Record) -> list[KeptText]:
    """The texts on a record's story, and the same words on the records that it is linked with."""
    own = texts_on_stories([record.pk])
    said = {text.newest for text in own}
    near = {
        *Link.objects.filter(source=record.pk).values_list("target", flat=True),
        *Link.objects.filter(target=record.pk).values_list("source", flat=True),
    }
    return own + [text for text in texts_on_stories(near) if text.newest in said]


def key_of(text: KeptText) -> str:
    return f"{text.subject_kind}:{text.subject_id}:{text.field}"


def words_of(text: KeptText, record: Record) -> str:
    """Say what a text is: its field, on which other record where it is one, and how it begins."""
    field = plan_of_kind(text.subject_kind).by_name.get(text.field)
    label = str(field.column.verbose_name) if field else _("reasons given")
    if text.record != record.pk:
        other = Record.objects.get(pk=text.record)
        label = f"{other.reference} · {label}"
    cut = text.newest if len(text.newest) <= SHOWN else text.newest[:SHOWN] + "…"
    return _("%(label)s: %(words)s") % {"label": label, "words": cut}
