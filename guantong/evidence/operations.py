"""Every change to evidence: storing by hash, attaching, withdrawing."""

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
from guantong.evidence.rules import LARGEST, MEDIA_TYPES, begins_as, media_type_of
from guantong.ledger.operations import act
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


class CannotAttach(Refused):
    """The file is of no type that is taken, is empty or too large, or uploads are switched off."""


class CannotWithdraw(Refused):
    """Nobody said why."""


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
    if not record.campaign.takes_files:
        raise CannotAttach(
            [Refusal(record, _("This campaign takes no files. Name the document in the text."))]
        )
    today = record.campaign.day_of(now)
    with act(actor=actor, now=now) as writing:
        attachments = []
        for upload in uploads:
            file = _store(record, upload, limit)
            known = File.objects.filter(sha256=file.sha256).first()
            if known is None:
                writing.create([file], code=EvidenceEntry.STORED)
            attachments.append(
                Attachment(
                    record=record,
                    file=known or file,
                    name=upload.name,
                    caption=upload.caption,
                    dated_on=upload.dated_on or today,
                    valid_until=upload.valid_until,
                    author=actor,
                )
            )
        writing.create(attachments, code=EvidenceEntry.ATTACHED)
    return attachments


def reuse_files(
    *, reuses: Sequence[Reuse], actor: Person | None, now: datetime.datetime
) -> list[Attachment]:
    """Attach files that are kept already to further records, with no byte stored twice."""
    refuse_closed(reuse.record.pk for reuse in reuses)
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
    if not reason.strip():
        raise CannotWithdraw(
            [Refusal(attachment.record, _("Say in a sentence why the evidence is withdrawn."))]
        )
    with act(actor=actor, now=now, reason=reason) as writing:
        writing.update([attachment], code=EvidenceEntry.WITHDRAWN, withdrawn=True)
    return attachment


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
                _("%(name)s is empty.") if size == 0 else _("%(name)s isn't what its ending says.")
            )
            raise CannotAttach([Refusal(record, sentence % {"name": upload.name})])
        file = File(sha256=digest.hexdigest(), size=size, media_type=media_type)
        file.path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, file.path)
        return file
    finally:
        Path(temporary).unlink(missing_ok=True)
