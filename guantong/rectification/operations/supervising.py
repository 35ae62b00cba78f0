"""What is overdue is raised to the level that its lateness asks for (rule 8)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.campaigns.queries import hold
from guantong.ledger.operations import act
from guantong.records.operations import escalate_records
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
