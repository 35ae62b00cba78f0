"""Evidence on a record's page: the list, adding, withdrawing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from guantong.campaigns.requests import CampaignRequest
from guantong.evidence.forms import (
    DocumentForm,
    EvidenceForm,
    ReuseForm,
    VersionForm,
    WithdrawalForm,
)
from guantong.evidence.models import Attachment
from guantong.evidence.operations import (
    CannotAttach,
    NamedDocument,
    Reuse,
    Upload,
    attach_files,
    name_documents,
    replace_attachment,
    reuse_files,
    withdraw_attachment,
)
from guantong.evidence.queries import evidence_on, may_add, may_change, reusable
from guantong.kit.written import written
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.queries import standing_on
from guantong.records.refusals import Refused
from guantong.records.views.refusing import blame
from guantong.records.views.rows import record_url

OFFERED = 40


@dataclass(frozen=True)
class Shown:
    """One piece of evidence as the panel shows it."""

    attachment: Attachment
    has_expired: bool
    may_change: bool

    @property
    def is_replaced(self) -> bool:
        return hasattr(self.attachment, "newer")


def panel(detail: Any, person: Person, today: datetime.date) -> Mapping[str, Any]:
    """What the panel on a record's page shows."""
    record = detail.record
    attachments = _attached(record.pk)
    stands = bool(standing_on(record, person, today))
    adds = not record.is_hidden and (stands or bool(may_add([record], person, today)))
    takes_files = record.campaign.takes_files
    return {
        "attachments": [
            Shown(
                one,
                one.has_expired(today),
                adds and (stands or one.author_id == person.pk),
            )
            for one in attachments
        ],
        "record": record,
        "may_add": adds,
        "form": EvidenceForm() if adds and takes_files else None,
        "takes_files": takes_files,
    }


@written
def _attached(record: int) -> QuerySet[Attachment]:
    attached = Attachment.objects.filter(record=record)
    return attached.select_related("file", "author", "newer").order_by("-pk")


def judged_by(detail: Any, person: Person, today: datetime.date) -> Mapping[str, Any]:
    """What the page of a verdict shows: the evidence that holds on this day."""
    return {"attachments": evidence_on([detail.pk], on=today)[detail.pk]}


def keep(*, record: Record, file: UploadedFile, actor: Person, now: datetime.datetime) -> str:
    """Keep a file that came with something else on the record, such as the scan of a decision."""
    upload = Upload(name=file.name or "", chunks=file.chunks())
    [attached] = attach_files(record=record, uploads=[upload], actor=actor, now=now)
    return attached.file.sha256 if attached.file else ""


def _own(request: CampaignRequest, record_id: int) -> Record:
    """Return a record to which the person may add evidence; else it isn't there (404)."""
    record = get_object_or_404(
        Record.objects.visible_to(request.user, request.today, is_few=True).select_related(
            "campaign", "unit"
        ),
        pk=record_id,
    )
    if not may_add([record], request.user, request.today):
        raise Http404
    return record


def _page(request: CampaignRequest, record: Record, form: Any, **shown: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    shown = {"record": record, "form": form, **shown}
    return render(request, "evidence/form.html", shown, status=status)


def _done(request: CampaignRequest, record: Record) -> HttpResponse:
    messages.success(request, _("The evidence is on the record."))
    return redirect(f"{record_url(record.pk)}#evidence")


def attach(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Add files to a record as evidence."""
    record = _own(request, record_id)
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        uploads = [
            Upload(
                name=file.name,
                chunks=file.chunks(),
                caption=said["caption"],
                dated_on=said["dated_on"],
                valid_until=said["valid_until"],
            )
            for file in said["uploads"]
        ]
        try:
            attach_files(record=record, uploads=uploads, actor=request.user, now=request.now)
        except CannotAttach as refused:
            blame(form, refused, "uploads")
        else:
            return _done(request, record)
    return _page(request, record, form, title=_("Add evidence"))


def name_document(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Name a document as evidence that is not uploaded."""
    record = _own(request, record_id)
    form = DocumentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        document = NamedDocument(**form.cleaned_data)
        try:
            name_documents(record=record, documents=[document], actor=request.user, now=request.now)
        except CannotAttach as refused:
            blame(form, refused)
        else:
            return _done(request, record)
    return _page(request, record, form, title=_("Name a document as evidence"))


def reuse(request: CampaignRequest, record_id: int) -> HttpResponse:
    """Attach files that are kept on other records already; words narrow what is offered."""
    record = _own(request, record_id)
    words = request.GET.get("q", "").strip()
    found = reusable(record, person=request.user, on=request.today, words=words)
    first = list(found.values_list("pk", flat=True)[:OFFERED])
    offered = found.filter(pk__in=first)
    form = ReuseForm(request.POST or None, offered=offered)
    if request.method == "POST" and form.is_valid():
        reuses = [
            Reuse(
                record, one.file, one.name, one.caption, one.dated_on, valid_until=one.valid_until
            )
            for one in form.cleaned_data["attachments"]
        ]
        try:
            reuse_files(reuses=reuses, actor=request.user, now=request.now)
        except CannotAttach as refused:
            blame(form, refused)
        else:
            return _done(request, record)
    title = _("Use evidence that is kept already")
    return _page(request, record, form, title=title, search_words=words, is_searched=True)


def add_version(request: CampaignRequest, attachment_id: int) -> HttpResponse:
    """Add a later version of a file; the earlier one stays known."""
    attachment = seen(request, attachment_id)
    record = attachment.record
    if attachment.withdrawn or not may_change(attachment, request.user, request.today):
        raise Http404
    form = VersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        upload = Upload(
            name=said["upload"].name,
            chunks=said["upload"].chunks(),
            dated_on=said["dated_on"],
            valid_until=said["valid_until"],
        )
        try:
            replace_attachment(
                attachment=attachment, upload=upload, actor=request.user, now=request.now
            )
        except CannotAttach as refused:
            blame(form, refused)
        else:
            return _done(request, record)
    return _page(request, record, form, title=_("Add a later version"), about=attachment.name)


def withdraw(request: CampaignRequest, attachment_id: int) -> HttpResponse:
    """Withdraw evidence with a reason; it stays known."""
    attachment = seen(request, attachment_id)
    record = attachment.record
    if attachment.withdrawn or not may_change(attachment, request.user, request.today):
        raise Http404
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_attachment(
                attachment=attachment,
                actor=request.user,
                now=request.now,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refused:
            blame(form, refused, "reason")
        else:
            messages.success(
                request, _("The evidence is withdrawn; that it was there stays known.")
            )
            return redirect(f"{record_url(record.pk)}#evidence")
    return _page(request, record, form, title=_("Withdraw evidence"), about=attachment.name)


def seen(request: CampaignRequest, attachment_id: int) -> Attachment:
    visible = Record.objects.filter(attachments=attachment_id)
    visible = visible.visible_to(request.user, request.today, is_few=True)
    return get_object_or_404(
        Attachment.objects.filter(record__in=visible.values("pk")).select_related(
            "file", "record__campaign", "record__unit"
        ),
        pk=attachment_id,
    )
