"""A file with personal data that must go is taken from the store; that it was there stays."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.evidence.entries import EvidenceEntry
from guantong.evidence.models import Attachment, File
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations.redacting import REDACTING
from guantong.records.queries import standings
from guantong.records.refusals import Refusal, Refused


class CannotRedactFile(Refused):
    """The actor is no coordinator of the record, gives no reason, or there is no file to take."""


def redact_files(
    *, attachments: Sequence[Attachment], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Attachment]:
    """Take files from records for good (rule 10): the bytes go, name, size and hash stay.

    Where other evidence holds the same content the bytes stay for that, until it is redacted too.
    """
    _refuse(attachments, actor, now, reason)
    with act(actor=actor, now=now, reason=reason) as writing:
        done = writing.update(attachments, code=EvidenceEntry.REDACTED, redacted=True)
        files = [one.file for one in attachments if one.file is not None]
        # Not before the entry is kept: a step that is taken back leaves the file.
        transaction.on_commit(partial(_remove_unheld, files))
    return list(done)


class Files:
    """How redactions of records reach their files."""

    def to_redact(self, records: Collection[int]) -> list[Attachment]:
        """The files on records that weren't taken out yet, withdrawn ones among them."""
        held = Attachment.objects.filter(record__in=records, redacted=False).exclude(file=None)
        return list(held.select_related("record__campaign", "record__unit", "file").order_by("pk"))

    def redact(
        self,
        *,
        files: Sequence[Attachment],
        actor: Person | None,
        now: datetime.datetime,
        reason: str,
    ) -> list[Attachment]:
        return redact_files(attachments=files, actor=actor, now=now, reason=reason)


def _remove_unheld(files: Iterable[File]) -> None:
    for file in files:
        if not file.attachments.filter(redacted=False).exists():
            file.path.unlink(missing_ok=True)


def _refuse(
    attachments: Sequence[Attachment], actor: Person | None, now: datetime.datetime, reason: str
) -> None:
    if not attachments:
        raise CannotRedactFile(_("Choose what must go."))
    records = [one.record for one in attachments]
    standing = standings(records, actor, records[0].campaign.day_of(now))
    refused = []
    for one in attachments:
        if not standing[one.record_id] & REDACTING:
            refused.append(Refusal(one.record, _("Personal data is redacted by the coordinator.")))
        elif one.file is None or one.redacted:
            refused.append(Refusal(one.record, _("There is no file here to redact.")))
    if not refused and not reason.strip():
        refused = [Refusal(records[0], _("Say in a sentence why the data must go."))]
    if refused:
        raise CannotRedactFile(refused)
