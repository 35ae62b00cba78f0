"""People ask, answer and escalate on records."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.entries import RecordEntry
from guantong.records.models import Comment, Record
from guantong.records.queries import refuse_closed, standings
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import WHO_LABELS, Who


class CannotEscalate(Refused):
    """The level isn't higher than the present one."""


def comment_on(
    *,
    record: Record,
    text: str,
    actor: Person,
    now: datetime.datetime,
    answers: Comment | None = None,
    is_question: bool = False,
) -> Comment:
    """Write a question, an answer or a remark on a record that the actor may see.

    A question waits for its answer until somebody gives one; whoever may see the record may.
    """
    refuse_closed([record.pk])
    if not text.strip():
        raise Refused([Refusal(record, _("Write something before you send it."))])
    today = record.campaign.day_of(now)
    if not Record.objects.visible_to(actor, today).filter(pk=record.pk).exists():
        raise Refused([Refusal(record, _("Only who may see a record comments on it."))])
    if answers is not None and answers.record_id != record.pk:
        raise Refused([Refusal(record, _("That question was asked on another record."))])
    comment = Comment(
        record=record,
        author=actor,
        text=text.strip(),
        answers=answers,
        # What answers a question may ask no other.
        is_question=is_question and answers is None,
        written_at=now,
    )
    with act(actor=actor, now=now) as writing:
        writing.create([comment], code=RecordEntry.COMMENTED)
    return comment


def escalate_records(
    *,
    details: Sequence[Any],
    level: int,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> list[Any]:
    """Raise the escalation level of records (rule 8): 1 unit head, 2 unit above, 3 coordinator."""
    refuse_closed(detail.pk for detail in details)
    _refuse_strangers(details, actor, now, {Who.INSPECTOR, Who.COORDINATOR, Who.ABOVE})
    refuse_level(details, level)
    with act(actor=actor, now=now, reason=reason) as writing:
        return list(writing.update(details, code=RecordEntry.ESCALATED, escalation_level=level))


def refuse_level(details: Sequence[Any], level: int) -> None:
    """Refuse a level that isn't one, or is no higher than that at which a record stands."""
    low = [d for d in details if d.record.escalation_level >= level]
    if low or not 1 <= level <= 3:
        raise CannotEscalate(
            [
                Refusal(
                    d.record,
                    _("It stands at level %(level)s already; choose a higher one, up to 3.")
                    % {"level": d.record.escalation_level},
                )
                for d in (low or details)
            ]
        )


def _refuse_strangers(
    details: Sequence[Any], actor: Person | None, now: datetime.datetime, allowed: set[Who]
) -> None:
    """Refuse who stands to the records in none of the ways `allowed`; the system may (rule 8)."""
    if actor is None or not details:
        return
    records = [detail.record for detail in details]
    standing = standings(records, actor, records[0].campaign.day_of(now))
    who = _(" or ").join(_(WHO_LABELS[one]) for one in sorted(allowed))
    refused = [
        Refusal(record, _("This is for %(who)s.") % {"who": who})
        for record in records
        if not standing[record.pk] & allowed
    ]
    if refused:
        raise CannotEscalate(refused)
