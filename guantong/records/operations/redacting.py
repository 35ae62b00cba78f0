"""Personal data that must go is blanked; who took it out and why stays."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.operations import CannotBlankTexts, act, blank_texts
from guantong.ledger.queries import KeptText, texts_on_stories
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.queries import standings
from guantong.records.refusals import Refusal, Refused
from guantong.records.registry import file_keepers, forgetters
from guantong.records.rules import Who

REDACTING = frozenset({Who.COORDINATOR, Who.SYSTEM})


class CannotRedact(Refused):
    """The actor is no coordinator of it, gives no reason, or names a field that holds no text."""


def redact_record(
    *,
    detail: Any,
    fields: Collection[str],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> Any:
    """Blank texts of a record in its row and in the ledger's whole history of it (rule 10)."""
    record = detail.record
    _refuse_others([record], actor, now, reason)
    held = {
        text.field: text
        for text in texts_on_stories([record.pk])
        if (text.subject_kind, text.subject_id) == (record.kind, record.pk)
    }
    texts = [held.get(name) or _unwritten(record, name) for name in fields]
    redact_texts(texts=texts, actor=actor, now=now, reason=reason)
    return type(detail)._default_manager.select_related("record__unit").get(pk=detail.pk)


def redact_things(
    *,
    texts: Sequence[KeptText],
    files: Sequence[Any],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> None:
    """Blank texts and take out files with them, all or none (rule 10); the coordinator does."""
    with act(actor=actor, now=now):
        if texts or not files:
            redact_texts(texts=texts, actor=actor, now=now, reason=reason)
        for keeper in file_keepers() if files else ():
            keeper.redact(files=files, actor=actor, now=now, reason=reason)


def redact_texts(
    *, texts: Sequence[KeptText], actor: Person | None, now: datetime.datetime, reason: str
) -> None:
    """Blank texts on records' stories: of the records, comments, evidence, reasons (rule 10).

    They go from the rows, from the ledger's whole history of them, and from what other apps keep
    of their words; that they were there, who took them out and why stays.
    """
    records = Record.objects.select_related("unit", "campaign").in_bulk(
        {text.record for text in texts}
    )
    _refuse_others(list(records.values()), actor, now, reason)
    subjects: dict[tuple[str, int], list[KeptText]] = defaultdict(list)
    for text in texts:
        subjects[text.subject_kind, text.subject_id].append(text)
    with act(actor=actor, now=now):
        for (kind, subject), several in subjects.items():
            _blank(records[several[0].record], kind, subject, several, actor, now, reason)
        for forget in forgetters():
            for one, record in records.items():
                mine = [text for text in texts if text.record == one]
                forget(
                    record=record,
                    fields={t.field for t in mine if t.subject_kind == record.kind},
                    texts={word for text in mine for word in text.wordings},
                )


def _blank(
    record: Record,
    kind: str,
    subject: int,
    texts: Sequence[KeptText],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> None:
    fields = {text.field for text in texts}
    try:
        blank_texts(
            subject_kind=kind,
            subject_id=subject,
            fields=fields,
            actor=actor,
            now=now,
            reason=reason,
        )
    except CannotBlankTexts as refused:
        sentence = _("Only texts can be redacted: %(fields)s are not all texts of it.")
        raise CannotRedact(
            [Refusal(record, sentence % {"fields": ", ".join(sorted(fields))})]
        ) from refused


def _unwritten(record: Record, field: str) -> KeptText:
    """Stand for a field that the ledger holds no words of; blanking it says so or does nothing."""
    return KeptText(record.pk, record.kind, record.pk, field, ())


def _refuse_others(
    records: Sequence[Record], actor: Person | None, now: datetime.datetime, reason: str
) -> None:
    """Raise where the actor doesn't coordinate a record, or doesn't say why.

    The system itself takes out of a restored backup what a coordinator took out once.
    """
    if not records:
        raise CannotRedact(_("Choose what must go."))
    standing = standings(records, actor, records[0].campaign.day_of(now))
    refused = [
        Refusal(record, _("Personal data is redacted by the coordinator."))
        for record in records
        if not standing[record.pk] & REDACTING
    ]
    if not refused and not reason.strip():
        refused = [Refusal(records[0], _("Say in a sentence why the data must go."))]
    if refused:
        raise CannotRedact(refused)
