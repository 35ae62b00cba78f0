"""A list arranged otherwise than in rows: as a board by state, as a month by day."""

from __future__ import annotations

import calendar
import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F
from django.http import Http404
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guantong.campaigns.rules import is_working_day
from guantong.records.registry import DUE
from guantong.records.views.filters import Address, Chip, ChipGroup
from guantong.records.views.rows import Row, rows_of

ROWS, BOARD, MONTH = "rows", "board", "month"
# Cards in one column, and entries on one day; the rest is a list of its own.
CARDS, ENTRIES = 12, 4
# A month holds no more than a page can.
MOST = 2000


@dataclass(frozen=True)
class Column:
    """The records that stand in one state: how many, and the first of them."""

    label: str
    count: int
    url: str
    rows: list[Row]


@dataclass(frozen=True)
class DayCell:
    """One day of a month and what falls on it."""

    day: datetime.date
    is_inside: bool
    is_today: bool
    is_working: bool
    rows: list[Row]
    more: int
    url: str


@dataclass(frozen=True)
class Month:
    """One month of a list, week by week from Monday."""

    title: str
    weekdays: list[str]
    weeks: list[list[DayCell]]
    before_url: str
    after_url: str
    is_cut: bool


def arrangement_of(address: Address) -> str:
    """How the list is shown; a past day's as rows alone, which are told as they stood then."""
    chosen = address.query.get("as", "")
    return chosen if chosen in {BOARD, MONTH} and address.past is None else ROWS


def arrangements(address: Address) -> ChipGroup:
    """The ways in which the list can be shown, with all its filters kept."""
    labels = {ROWS: _("list"), BOARD: _("board"), MONTH: _("month")}
    if address.kind.days == DUE and not address.kind.has_due_day:
        del labels[MONTH]
    here = arrangement_of(address)
    return ChipGroup(
        _("Shown as"),
        [
            Chip(
                label,
                address.url(**{"as": None if name == ROWS else name, "month": None}),
                name == here,
            )
            for name, label in labels.items()
        ],
    )


def board_of(address: Address, counts: Mapping[str, int]) -> list[Column]:
    """Return a column for each state in which records stand, soonest due day first."""
    columns = []
    for state in address.kind.lifecycle.states:
        if not counts.get(state.name) or (address.states and state.name not in address.states):
            continue
        records = address.but_states().in_states(state.name)
        first = records.select_related("unit", "owner").order_by(
            F("original_due_on").asc(nulls_last=True), "pk"
        )[:CARDS]
        columns.append(
            Column(
                label=_(state.label),
                count=counts[state.name],
                url=address.url(**{"as": None, "state": state.name}),
                rows=rows_of(first, campaign=address.campaign, today=address.today),
            )
        )
    return columns


def month_of(address: Address) -> Month:
    """Return the month that the address names, or the one in which today lies."""
    first = _first_of(address)
    last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    records: Any = address.records().on_days(*address.kind.days, weeks[0][0], weeks[-1][-1])
    found = list(records.select_related("unit", "owner").order_by("begins_on", "pk")[: MOST + 1])
    falling: dict[datetime.date, list[Any]] = defaultdict(list)
    for record in found[:MOST]:
        day = max(record.begins_on, weeks[0][0])
        while day <= min(record.ends_on, weeks[-1][-1]):
            falling[day].append(record)
            day += datetime.timedelta(1)
    return Month(
        title=date_format(first, "YEAR_MONTH_FORMAT"),
        weekdays=[date_format(day, "D") for day in weeks[0]],
        weeks=[[_cell(address, day, first, falling[day]) for day in week] for week in weeks],
        before_url=address.url(month=f"{first - datetime.timedelta(1):%Y-%m}"),
        after_url=address.url(month=f"{last + datetime.timedelta(1):%Y-%m}"),
        is_cut=len(found) > MOST,
    )


def _first_of(address: Address) -> datetime.date:
    asked = address.query.get("month")
    if not asked:
        return address.today.replace(day=1)
    try:
        return datetime.date.fromisoformat(f"{asked}-01")
    except ValueError as error:
        raise Http404 from error


def _cell(
    address: Address, day: datetime.date, month: datetime.date, records: list[Any]
) -> DayCell:
    shown = rows_of(records[:ENTRIES], campaign=address.campaign, today=address.today)
    return DayCell(
        day=day,
        is_inside=day.month == month.month,
        is_today=day == address.today,
        is_working=is_working_day(day, address.campaign.calendar),
        rows=[replace(row, due=None) for row in shown],
        more=max(len(records) - ENTRIES, 0),
        url=address.url(**{"as": None, "month": None, "day": day.isoformat()}),
    )
