"""Files are kept by their hash and attached to records, replaced, withdrawn."""

from __future__ import annotations

import datetime
import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from guantong.evidence.entries import EvidenceEntry
from guantong.evidence.models import Attachment, File
from guantong.evidence.queries import may_add, may_change
from guantong.evidence.rules import LARGEST, MEDIA_TYPES, begins_as, media_type_of
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import Writing, act
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.queries import refuse_closed
from guantong.records.refusals import Refusal, Refused


@dataclass(frozen=True)
class Upload:
    """A file as it comes in: its name and its content in chunks of bytes."""

    name: str
    chunks: Iterable[bytes]
    caption: str = ""
    dated_on: datetime.date | None = None
    valid_until: datetime.date | None = None


@dataclass(frozen=True)
class Reuse:
    """A file that is kept already, as evidence on one more record."""

    record: Record
    file: File
    name: str
    caption: str = ""
    dated_on: datetime.date | None = None
    valid_until: datetime.date | None = None


@dataclass(frozen=True)
class NamedDocument:
    """A document that is evidence but stays where it is kept: nothing of it is uploaded."""

    name: str
    kept_at: str
    caption: str = ""
    dated_on: datetime.date | None = None
    valid_until: datetime.date | None = None


class CannotAttach(Refused):
    """The file is of no type that is taken, is empty or too large, or uploads are switched off;
    or nobody says where a document is kept, or it would hold no longer than before its own day;
    or the actor has no part in the record."""


class CannotWithdraw(Refused):
    """Nobody said why, or the actor has no part in the record."""


def attach_files(
    *,
    record: Record,
    uploads: Sequence[Upload],
    actor: Person | None,
    now: datetime.datetime,
    limit: int = LARGEST,
) -> list[Attachment]:
    """Keep files by their hash and attach them to a record, each with the day that it is of."""
    refuse_closed([record.pk])
    _refuse_strangers([record], actor, now, CannotAttach)
    _refuse_uploads(record)
    _refuse_hidden([record])
    _refuse_days(record, uploads, now)
    with act(actor=actor, now=now) as writing:
        attachments = [_attachment(writing, record, u, actor, now, limit) for u in uploads]
        writing.create(attachments, code=EvidenceEntry.ATTACHED)
    return attachments


def replace_attachment(
    *, attachment: Attachment, upload: Upload, actor: Person | None, now: datetime.datetime
) -> Attachment:
    """Add a later version of evidence; the earlier one stays known and counts no longer."""
    record = attachment.record
    _refuse_others(attachment, actor, now, CannotAttach)
    if attachment.withdrawn or Attachment.objects.filter(replaces=attachment).exists():
        sentence = _("Only evidence in force gets a later version; take its newest one.")
        raise CannotAttach([Refusal(record, sentence)])
    _refuse_uploads(record)
    refuse_closed([record.pk])
    _refuse_hidden([record])
    _refuse_days(record, [upload], now)
    with act(actor=actor, now=now) as writing:
        newer = _attachment(writing, record, upload, actor, now, LARGEST)
        newer.caption = newer.caption or attachment.caption
        newer.replaces, newer.earlier = attachment, attachment.earlier + 1
        writing.create([newer], code=EvidenceEntry.REPLACED)
    return newer


def name_documents(
    *,
    record: Record,
    documents: Sequence[NamedDocument],
    actor: Person | None,
    now: datetime.datetime,
) -> list[Attachment]:
    """Name documents as evidence that are not uploaded, each with where it is kept."""
    _refuse_strangers([record], actor, now, CannotAttach)
    if any(not (one.name.strip() and one.kept_at.strip()) for one in documents):
        sentence = _("Say what the document is called and where it is kept.")
        raise CannotAttach([Refusal(record, sentence)])
    refuse_closed([record.pk])
    _refuse_hidden([record])
    _refuse_days(record, documents, now)
    attachments = [
        Attachment(
            record=record,
            name=one.name.strip(),
            kept_at=one.kept_at.strip(),
            caption=one.caption,
            dated_on=one.dated_on or record.campaign.day_of(now),
            valid_until=one.valid_until,
            author=actor,
        )
        for one in documents
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(attachments, code=EvidenceEntry.NAMED)
    return attachments


def reuse_files(
    *, reuses: Sequence[Reuse], actor: Person | None, now: datetime.datetime
) -> list[Attachment]:
    """Attach files that are kept already to further records, with no byte stored twice."""
    refuse_closed(reuse.record.pk for reuse in reuses)
    _refuse_strangers([reuse.record for reuse in reuses], actor, now, CannotAttach)
    _refuse_hidden([reuse.record for reuse in reuses])
    for reuse in reuses:
        _refuse_days(reuse.record, [reuse], now)
    attachments = [
        Attachment(
            record=reuse.record,
            file=reuse.file,
            name=reuse.name,
            caption=reuse.caption,
            dated_on=reuse.dated_on or reuse.record.campaign.day_of(now),
            valid_until=reuse.valid_until,
            author=actor,
        )
        for reuse in reuses
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(attachments, code=EvidenceEntry.ATTACHED)
    return attachments


def withdraw_attachment(
    *, attachment: Attachment, actor: Person, now: datetime.datetime, reason: str
) -> Attachment:
    """Withdraw evidence with a reason; the file and its history stay."""
    refuse_closed([attachment.record_id])
    _refuse_others(attachment, actor, now, CannotWithdraw)
    if not reason.strip():
        raise CannotWithdraw(
            [Refusal(attachment.record, _("Say in a sentence why the evidence is withdrawn."))]
        )
    with act(actor=actor, now=now, reason=reason) as writing:
        writing.update([attachment], code=EvidenceEntry.WITHDRAWN, withdrawn=True)
    return attachment


def _refuse_strangers(
    records: Sequence[Record], actor: Person | None, now: datetime.datetime, error: type[Refused]
) -> None:
    """Raise where the actor has no part in a record; the system may."""
    if actor is None or not records:
        return
    may = may_add(records, actor, records[0].campaign.day_of(now))
    sentence = _("Evidence is for who has a part in the record; ask its liaison to add it.")
    refused = [Refusal(record, sentence) for record in records if record.pk not in may]
    if refused:
        raise error(refused)


def _refuse_others(
    attachment: Attachment, actor: Person | None, now: datetime.datetime, error: type[Refused]
) -> None:
    """Raise where the actor neither answers for the record nor added this; the system may."""
    record = attachment.record
    if actor is None or may_change(attachment, actor, record.campaign.day_of(now)):
        return
    sentence = _("It is replaced or withdrawn by who added it, or who has a part in the record.")
    raise error([Refusal(record, sentence)])


def _refuse_uploads(record: Record) -> None:
    if not record.campaign.takes_files:
        sentence = _("This campaign takes no files. Name the document, and where it is kept.")
        raise CannotAttach([Refusal(record, sentence)])


def _refuse_hidden(records: Iterable[Record]) -> None:
    """Refuse files on what nobody may know of: they are numbered for all, and gaps would tell."""
    sentence = _("Nobody may know of this yet: add files once the visit is made.")
    refused = [Refusal(record, sentence) for record in records if record.is_hidden]
    if refused:
        raise CannotAttach(refused)


def _refuse_days(
    record: Record,
    given: Sequence[Upload | NamedDocument | Reuse],
    now: datetime.datetime,
) -> None:
    """Raise where evidence is of a day to come, or holds no longer than before its own day."""
    today = record.campaign.day_of(now)
    refused = []
    for one in given:
        day = one.dated_on or today
        if day > today:
            sentence = _("%(day)s is in the future.") % {"day": day_in_words(day)}
            refused.append(Refusal(record, sentence))
        elif one.valid_until is not None and one.valid_until < day:
            sentence = _("%(name)s is of %(day)s and can't be valid until a day before.")
            refused.append(Refusal(record, sentence % {"name": one.name, "day": day_in_words(day)}))
    if refused:
        raise CannotAttach(refused)


def _attachment(
    writing: Writing,
    record: Record,
    upload: Upload,
    actor: Person | None,
    now: datetime.datetime,
    limit: int,
) -> Attachment:
    """Keep the upload's content, and return the unsaved row that attaches it."""
    file = _store(record, upload, limit)
    known = File.objects.filter(sha256=file.sha256).first()
    if known is None:
        writing.create([file], code=EvidenceEntry.STORED)
    return Attachment(
        record=record,
        file=known or file,
        name=upload.name,
        caption=upload.caption,
        dated_on=upload.dated_on or record.campaign.day_of(now),
        valid_until=upload.valid_until,
        author=actor,
    )


def _store(record: Record, upload: Upload, limit: int) -> File:
    """Write the content below MEDIA_ROOT under its hash."""
    media_type = media_type_of(upload.name)
    if media_type is None:
        raise CannotAttach(
            [
                Refusal(
                    record,
                    _("%(name)s is of a type that isn't taken. Taken are: %(types)s.")
                    % {"name": upload.name, "types": ", ".join(sorted(MEDIA_TYPES))},
                )
            ]
        )
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size, start = hashlib.sha256(), 0, b""
    handle, temporary = tempfile.mkstemp(dir=root)
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in upload.chunks:
                size += len(chunk)
                if size > limit:
                    raise CannotAttach(
                        [
                            Refusal(
                                record,
                                _("%(name)s is larger than %(limit)s MB. Split or shrink it.")
                                % {"name": upload.name, "limit": limit // 1024 // 1024},
                            )
                        ]
                    )
                start = start or chunk[:16]
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if size == 0 or not begins_as(media_type, start):
            sentence = (
                _("%(name)s is empty: choose a file that says something.")
                if size == 0
                else _("%(name)s isn't what its ending says: save it anew as what it is.")
            )
            raise CannotAttach([Refusal(record, sentence % {"name": upload.name})])
        file = File(sha256=digest.hexdigest(), size=size, media_type=media_type)
        file.path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, file.path)
        return file
    finally:
        Path(temporary).unlink(missing_ok=True)
