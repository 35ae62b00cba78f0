"""People ask, answer and remark on records."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.entries import RecordEntry
from guantong.records.models import Comment, Record
from guantong.records.queries import refuse_closed
from guantong.records.refusals import Refusal, Refused


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
