"""You said, this happened, as a paper: for a finding's author, and for a visited site."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.kit.documents import (
    Block,
    Document,
    Heading,
    Items,
    Paragraph,
    RecordDocument,
    Run,
    Style,
    runs_of,
)
from guantong.kit.languages import written_in
from guantong.kit.sheets import Context
from guantong.kit.templatetags.days import day_in_words
from guantong.overview.queries.outcome import Happened, Outcome, outcomes_of
from guantong.records.models import Record


def outcome_paper(
    outcomes: Sequence[Outcome],
    *,
    whose: str,
    campaign: Campaign,
    now: datetime.datetime,
    today: datetime.date,
) -> Document:
    """Return what became of some findings, under the name of whose they are."""
    title = _now("You said, this happened")
    blocks: list[Block] = [
        Heading(runs_of(title), 1),
        Paragraph(runs_of(f"{whose} · {campaign}"), Style.CENTRE),
    ]
    for outcome in outcomes:
        blocks += _said(outcome)
    if not outcomes:
        blocks.append(Paragraph(runs_of(_now("Nothing has been found here that can be told yet."))))
    return Document(
        title=f"{title}: {whose}",
        language=written_in(),
        blocks=blocks,
        made_at=now,
        foot=_now("As of %(day)s") % {"day": day_in_words(today)},
        author=str(campaign.unit),
    )


def _said(outcome: Outcome) -> list[Block]:
    record = outcome.finding.record
    said = _now("%(day)s, %(kind)s: %(seen)s") % {
        "day": day_in_words(record.opened_on),
        "kind": outcome.finding.get_finding_kind_display(),
        "seen": outcome.finding.seen or record.title,
    }
    blocks: list[Block] = [Heading(runs_of(record.title), 2), Paragraph(runs_of(said))]
    if outcome.happened:
        lines = [line for one in outcome.happened for line in _lines(one)]
        blocks.append(Items(tuple(lines)))
    else:
        blocks.append(Paragraph(runs_of(outcome.nothing)))
    return blocks


def _lines(happened: Happened) -> list[tuple[Run, ...]]:
    """Return a line for a thing that happened, then one for each that came of it."""
    since = day_in_words(happened.since) if happened.since else ""
    state = Run(f"{happened.state} {since}".strip(), is_bold=True)
    what = _now("%(name)s: %(what)s") % {"name": happened.kind, "what": happened.record.title}
    line = (Run(f"{what} · "), state)
    return [line, *(deeper for one in happened.further for deeper in _lines(one))]


def _of_finding(detail: Any, context: Context) -> Document:
    record: Record = detail.record
    seen = Record.objects.all()
    if context.actor is not None:
        seen = seen.visible_to(context.actor, context.today)
    return outcome_paper(
        outcomes_of([record], seen=seen),
        whose=f"{record.reference} {record.author or ''}".strip(),
        campaign=record.campaign,
        now=context.now,
        today=context.today,
    )


DOCUMENTS = (
    RecordDocument("what-became-of-it", _("You said, this happened"), ("finding",), _of_finding),
)
