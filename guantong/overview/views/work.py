"""My work: what waits for the person, by day, each row with the one button that moves it on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.campaigns.requests import CampaignRequest
from guantong.overview.queries import WaitingRow, waiting_for
from guantong.overview.queries.thread import list_url
from guantong.records.panels import work_links
from guantong.records.registry import kinds
from guantong.records.views.moves import MoveLink, move_link
from guantong.records.views.rows import Row, record_url, row_of

LIMIT = 100
# So many rows that wait for the same step are shown of each day; the others are folded.
SHOWN = 5


@dataclass(frozen=True)
class WorkRow:
    """One record that waits, and its buttons: one for each verdict, one for what is asked."""

    row: Row
    moves: list[MoveLink]


@dataclass(frozen=True)
class WorkGroup:
    """What waits by one day: the rows shown, and by their step those folded away beneath."""

    label: str
    rows: list[WorkRow]
    folded: list[tuple[str, list[WorkRow]]]
    count: int


def my_work(request: CampaignRequest) -> HttpResponse:
    """Show only what the person can act on."""
    groups: list[WorkGroup] = []
    rest: list[tuple[str, str]] = []
    campaign, today = request.campaign, request.today
    if campaign is not None:
        waiting = waiting_for(request.user, campaign=campaign, on=today, limit=LIMIT)
        groups = by_day(work_rows(waiting, campaign=campaign, today=today), today)
        rest = lists_of(waiting) if len(waiting) >= LIMIT else []
    return render(
        request,
        "overview/my_work.html",
        {
            "links": work_links(request.user, campaign, today) if campaign is not None else (),
            "groups": groups,
            "shown": LIMIT,
            "rest": rest,
        },
    )


def lists_of(waiting: Iterable[WaitingRow]) -> list[tuple[str, str]]:
    """The lists in which the rest stands: of each kind in the states shown, nearest day first."""
    states: dict[str, set[str]] = {}
    for one in waiting:
        states.setdefault(one.record.kind, set()).add(one.record.state)
    lists = [(kind, states[kind.name]) for kind in kinds() if kind.name in states]
    return [
        (_(str(kind.plural)), list_url(kind, state=sorted(some), order="due"))
        for kind, some in lists
    ]


def work_rows(
    waiting: Iterable[WaitingRow], *, campaign: Campaign, today: datetime.date
) -> list[WorkRow]:
    return [
        WorkRow(
            row_of(one.record, campaign=campaign, today=today),
            _links(one),
        )
        for one in waiting
    ]


def _links(waiting: WaitingRow) -> list[MoveLink]:
    """The buttons of a row: its steps, and the page on which a question is answered."""
    record, question = waiting.record, waiting.question
    back = urlencode({"next": reverse("my-work")})
    links = [move_link(record, step) for step in waiting.steps]
    links = [replace(link, url=f"{link.url}?{back}") for link in links]
    if question and not question.move:
        page = record_url(record.pk)
        links.append(MoveLink(str(question.label), page, None, is_forward=not links))
    return links


def by_day(rows: Iterable[WorkRow], today: datetime.date) -> list[WorkGroup]:
    """Group rows by how near their day is; groups without rows are left out.

    What was to take place and isn't entered yet waits for today: it is not past a day it is due.
    """
    labels = (
        _("Past the original day"),
        _("Today"),
        _("Within a week"),
        _("Later"),
        _("Without a day"),
    )
    groups: tuple[list[WorkRow], ...] = ([], [], [], [], [])
    for one in rows:
        due = one.row.due
        day = due.on if due and due.words else None
        if day is None and one.row.begins_on:
            day = max(one.row.begins_on, today)
        if day is None:
            groups[4].append(one)
        elif day < today:
            groups[0].append(one)
        elif day == today:
            groups[1].append(one)
        else:
            groups[2 if day <= today + datetime.timedelta(7) else 3].append(one)
    return [_folded(label, group) for label, group in zip(labels, groups, strict=True) if group]


def _folded(label: str, rows: list[WorkRow]) -> WorkGroup:
    """Fold what waits for one step, so that eighty of one kind don't hide the few of another."""
    by_step: dict[str, list[WorkRow]] = {}
    for row in rows:
        by_step.setdefault(" · ".join(str(move.label) for move in row.moves), []).append(row)
    folded = {step: some[SHOWN:] for step, some in by_step.items() if len(some) > SHOWN + 1}
    away = {id(row) for some in folded.values() for row in some}
    shown = [row for row in rows if id(row) not in away]
    return WorkGroup(label, shown, list(folded.items()), len(rows))
