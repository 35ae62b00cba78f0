"""Revisits are set down: always after grave problems, by draw after others, or by order."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.campaigns.queries import hold
from guantong.campaigns.rules import add_working_days
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.models import Draw, LinkKind, Purpose, Record
from guantong.records.operations import draw_records, link_records, move_records, open_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import share_of
from guantong.rectification.entries import RevisitEntry
from guantong.rectification.models import Closure, Problem, Revisit
from guantong.rectification.queries import (
    by_month_and_severity,
    closings_to_revisit,
    list_in_words,
)
from guantong.rectification.rules import ALWAYS_REVISITED, REVISIT, SHARES, is_drawable


class CannotOrderRevisit(Refused):
    """It isn't closed, a revisit of it is under way, or it isn't the coordinator."""


@dataclass
class Raised:
    """The revisits that were set down, and the samples drawn for them."""

    revisits: list[Revisit] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)


def raise_revisits(*, campaign: Campaign, now: datetime.datetime, seed: str = "") -> Raised:
    """Set down the revisits of what was closed since: critical and high, and a drawn share.

    The system does it, as often as it likes: no closing is considered twice. Samples are drawn of
    the closings of a whole month. Only a demonstration names a seed.
    """
    today = campaign.day_of(now)
    raised = Raised()
    with act(actor=None, now=now):
        hold(campaign)
        waiting: list[Any] = closings_to_revisit(campaign)
        always = [closing for closing in waiting if closing.severity in ALWAYS_REVISITED]
        rest = [
            closing
            for closing in waiting
            if closing.severity in SHARES and is_drawable(closing.closed_on, today)
        ]
        raised.revisits += _set_down(always, actor=None, now=now)
        for (month, severity), closings in by_month_and_severity(rest).items():
            percent = campaign.threshold(SHARES[severity])
            if percent:
                _draw(raised, campaign, closings, month, severity, percent, now=now, seed=seed)
    return raised


def order_revisits(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    due_on: datetime.date | None = None,
) -> list[Revisit]:
    """Order revisits, with a reason, beyond those that are set down by themselves."""
    with act(actor=actor, now=now, reason=reason):
        move_records(
            problems,
            "order_revisit",
            actor=actor,
            now=now,
            error=CannotOrderRevisit,
            reason=reason,
        )
        closings = Closure.objects.filter(record__in=[p.pk for p in problems], undone_on=None)
        found = closings.select_related("record__unit", "record__campaign", "record__area")
        sentence = _("It can't be due before the problem was closed, on %(day)s.")
        refused = [
            Refusal(one.record, sentence % {"day": day_in_words(one.closed_on)})
            for one in found
            if due_on is not None and one.closed_on is not None and due_on < one.closed_on
        ]
        if refused:
            raise CannotOrderRevisit(refused)
        return _set_down(list(found.order_by("pk")), actor=actor, now=now, due_on=due_on)


def _draw(
    raised: Raised,
    campaign: Campaign,
    closings: Sequence[Closure],
    month: datetime.date,
    severity: str,
    percent: int,
    *,
    now: datetime.datetime,
    seed: str,
) -> None:
    """Draw the share of one month's closings of one severity, and set down their revisits."""
    made = draw_records(
        campaign=campaign,
        purpose=Purpose.REVISIT,
        kind="problem",
        filters=f"severity={severity}&closed={month:%Y-%m}",
        drawn_from=list_in_words(severity, f"{month:%Y-%m}"),
        records=[closing.record for closing in closings],
        size=share_of(len(closings), percent),
        actor=None,
        now=now,
        seed=seed and f"{seed}-{month:%Y-%m}-{severity}",
    )
    with act(actor=None, now=now) as writing:
        writing.update(closings, code=RevisitEntry.LISTED, listed_in=made)
    ids = set(made.drawn.values_list("record_id", flat=True))
    drawn = [closing for closing in closings if closing.record_id in ids]
    raised.draws.append(made)
    raised.revisits += _set_down(drawn, actor=None, now=now, draw=made)


def _set_down(
    closings: Sequence[Closure],
    *,
    actor: Person | None,
    now: datetime.datetime,
    draw: Draw | None = None,
    due_on: datetime.date | None = None,
) -> list[Revisit]:
    revisits = [
        Revisit(record=_record(closing, actor, now, due_on), closure=closing, draw=draw)
        for closing in closings
    ]
    with act(actor=actor, now=now) as writing:
        open_records(writing, revisits, code=RevisitEntry.RAISED)
        link_records(
            pairs=[(revisit.closure.record, revisit.record) for revisit in revisits],
            kind=LinkKind.REVISITED_BY,
            actor=actor,
            now=now,
        )
    return revisits


def _record(
    closing: Closure,
    actor: Person | None,
    now: datetime.datetime,
    due_on: datetime.date | None,
) -> Record:
    """Return the unsaved record of a revisit; without a day given, due by the thresholds."""
    problem = closing.record
    campaign = problem.campaign
    today = campaign.day_of(now)
    notice = add_working_days(today, campaign.threshold("revisit_notice_days"), campaign.calendar)
    wait = datetime.timedelta(campaign.threshold("revisit_after_days"))
    lasting = (closing.closed_on or today) + wait
    return Record(
        campaign=campaign,
        kind=REVISIT.kind,
        unit=problem.unit,
        title=problem.title,
        state=REVISIT.initial,
        author=actor,
        area=problem.area,
        opened_on=today,
        due_on=due_on or max(notice, add_working_days(lasting, 0, campaign.calendar)),
        is_priority=problem.is_priority,
        is_restricted=problem.is_restricted,
    )
