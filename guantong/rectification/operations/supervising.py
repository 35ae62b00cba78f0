"""Problems and measures are escalated, by lateness or by hand, and that is answered (rule 8)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.campaigns.queries import hold
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations import (
    CannotEscalate,
    escalate_records,
    move_records,
    refuse_level,
)
from guantong.records.rules import Paper
from guantong.rectification.queries import supervised


def escalate_overdue(*, campaign: Campaign, now: datetime.datetime) -> int:
    """Raise what is overdue to the level that its lateness asks for; return how many were raised.

    The system does it, as often as it likes: a level is never lowered, nor set twice.
    """
    today = campaign.day_of(now)
    rising: dict[int, list[Any]] = defaultdict(list)
    with act(actor=None, now=now):
        hold(campaign)
        for detail, level in supervised(campaign, today):
            if level > detail.record.escalation_level:
                rising[level].append(detail)
        for level, details in rising.items():
            by_kind = defaultdict(list)
            for detail in details:
                by_kind[detail.record.kind].append(detail)
            for several in by_kind.values():
                escalate_records(
                    details=several,
                    level=level,
                    actor=None,
                    now=now,
                    reason=_("Past the due day and the days of grace."),
                )
    return sum(map(len, rising.values()))


def escalate_by_hand(
    *,
    details: Sequence[Any],
    level: int,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Any]:
    """Raise problems or measures to a level before their lateness does, with the reason."""
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
