"""Records are escalated, by lateness or by hand, and that is answered (rule 8)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.entries import RecordEntry
from guantong.records.operations.moving import move_records
from guantong.records.queries import refuse_closed, standings
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import ESCALATING, HIGHEST_LEVEL, WHO_LABELS, Paper


class CannotEscalate(Refused):
    """The level isn't higher than the present one."""


def escalate_by_hand(
    *,
    details: Sequence[Any],
    level: int,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Any]:
    """Raise records to a level before their lateness does, with the reason."""
    refuse_level(details, level)
    return move_records(
        details,
        "escalate",
        actor=actor,
        now=now,
        error=CannotEscalate,
        reason=reason,
        paper=paper,
        escalation_level=level,
    )


def answer_escalations(
    *,
    details: Sequence[Any],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Any]:
    """Answer escalations in writing, which takes the records back to level 0."""
    return move_records(
        details,
        "answer_escalation",
        actor=actor,
        now=now,
        error=CannotEscalate,
        reason=reason,
        paper=paper,
        escalation_level=0,
    )


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
    _refuse_strangers(details, actor, now)
    refuse_level(details, level)
    with act(actor=actor, now=now, reason=reason) as writing:
        return list(writing.update(details, code=RecordEntry.ESCALATED, escalation_level=level))


def refuse_level(details: Sequence[Any], level: int) -> None:
    """Refuse a level that isn't one, or is no higher than that at which a record stands."""
    low = [d for d in details if d.record.escalation_level >= level]
    if low or not 1 <= level <= HIGHEST_LEVEL:
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


def _refuse_strangers(details: Sequence[Any], actor: Person | None, now: datetime.datetime) -> None:
    """Refuse who stands to the records in no way to escalate them; the system may (rule 8)."""
    if actor is None or not details:
        return
    records = [detail.record for detail in details]
    standing = standings(records, actor, records[0].campaign.day_of(now))
    who = _(" or ").join(_(WHO_LABELS[one]) for one in sorted(ESCALATING))
    refused = [
        Refusal(record, _("This is for %(who)s.") % {"who": who})
        for record in records
        if not standing[record.pk] & ESCALATING
    ]
    if refused:
        raise CannotEscalate(refused)
