"""The page on which a coordinator chooses the personal data that must go."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

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
from guantong.records.operations import redact_things
from guantong.records.queries import standing_on
from guantong.records.refusals import Refused
from guantong.records.registry import file_keepers
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
    held = offered(record)
    choices = [(key, words_of(thing, record)) for key, thing in held.items()]
    form = RedactionForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        try:
            take_out(
                [held[key] for key in form.cleaned_data["texts"]],
                actor=request.user,
                now=request.now,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            blame(form, refused)
        else:
            messages.success(request, _("What you chose is gone; that it was there stays known."))
            return redirect(record_url(record.pk))
    status = 422 if request.method == "POST" else 200
    return render(request, "records/redact.html", {"record": record, "form": form}, status=status)


def offered(record: Record) -> dict[str, Any]:
    """The texts and files that may be taken out from a record's page, each by its key."""
    texts = {key_of(text): text for text in redactable(record)}
    return texts | {f"file:{one.pk}": one for one in redactable_files(record)}


def take_out(
    chosen: Sequence[Any], *, actor: Person | None, now: datetime.datetime, reason: str
) -> None:
    """Redact what was chosen of what is offered: texts and files together."""
    texts = [thing for thing in chosen if isinstance(thing, KeptText)]
    files = [thing for thing in chosen if not isinstance(thing, KeptText)]
    redact_things(texts=texts, files=files, actor=actor, now=now, reason=reason)


def redactable(record: Record) -> list[KeptText]:
    """The texts on a record's story, and the same words on the records that it is linked with."""
    own = texts_on_stories([record.pk])
    said = {text.newest for text in own}
    return own + [text for text in texts_on_stories(_near(record)) if text.newest in said]


def redactable_files(record: Record) -> list[Any]:
    """The files on a record, and the same files on the records that it is linked with."""
    found = [
        one for keeper in file_keepers() for one in keeper.to_redact({record.pk, *_near(record)})
    ]
    own = {one.file_id for one in found if one.record_id == record.pk}
    return [one for one in found if one.file_id in own]


def _near(record: Record) -> set[int]:
    return {
        *Link.objects.filter(source=record.pk).values_list("target", flat=True),
        *Link.objects.filter(target=record.pk).values_list("source", flat=True),
    }


def key_of(text: KeptText) -> str:
    return f"{text.subject_kind}:{text.subject_id}:{text.field}"


def words_of(thing: Any, record: Record) -> str:
    """Say what a text or file is: its field, on which other record if so, and how it begins."""
    if isinstance(thing, KeptText):
        field = plan_of_kind(thing.subject_kind).by_name.get(thing.field)
        label = str(field.column.verbose_name) if field else _("reasons given")
        # All wordings go, so all are shown: the newest first.
        where, wordings = thing.record, thing.wordings[::-1]
    else:
        label, where, wordings = _("the file itself"), thing.record_id, (thing.name,)
    if where != record.pk:
        other = Record.objects.get(pk=where)
        label = f"{other.reference} · {label}"
    words = " ‖ ".join(one if len(one) <= SHOWN else one[:SHOWN] + "…" for one in wordings)
    return _("%(label)s: %(words)s") % {"label": label, "words": words}
