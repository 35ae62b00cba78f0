"""What stands beside a problem's own row: exported to be read and counted, never brought back."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import Column, Context, Day, Refers, Text, YesNo
from guantong.records.models import StatePeriod
from guantong.records.sheets import read_links, references, told_links
from guantong.rectification.models import Routing


def read_beside(context: Context) -> list[Prefetch[Any]]:
    """Return what is to be read with problems for the columns of `BESIDE`."""
    grouping = told_links(context).filter(source__kind__in=("inspection", "drive"))
    reopened = StatePeriod.objects.filter(state="reopened").order_by("starts_on")
    waiting = Routing.objects.filter(answered_on=None).select_related("asked_of")
    return [
        Prefetch("record__inbound", read_links(grouping, "source", context), to_attr="grouping"),
        Prefetch("record__periods", reopened, to_attr="reopenings"),
        Prefetch("record__routings", waiting, to_attr="waiting"),
    ]


def _led_to_by(kind: str) -> Callable[[Any], str]:
    """Return how a column names the inspections or drives that a problem comes of."""

    return lambda problem: references(problem.record.grouping, "source", kind)


def _reopened_on(problem: Any) -> datetime.date | None:
    periods = problem.record.reopenings
    return periods[-1].starts_on if periods else None


def _routing(name: str) -> Callable[[Any], Any]:
    """Return how a column reads what a problem waits for from a unit above."""

    return lambda problem: next((getattr(one, name) for one in problem.record.waiting), None)


BESIDE = (
    Column(
        "reopened_on",
        _("Reopened on"),
        Day(),
        aliases=("重新挂账日期",),
        get=_reopened_on,
        writes="shown",
    ),
    Column(
        "inspections",
        _("From inspections"),
        Text(200),
        aliases=("来源检查",),
        get=_led_to_by("inspection"),
        writes="shown",
    ),
    Column(
        "drives",
        _("Special rectification"),
        Text(200),
        aliases=("所属专项整治",),
        get=_led_to_by("drive"),
        writes="shown",
    ),
    Column(
        "asked_of",
        _("Unit asked above"),
        Refers("unit"),
        aliases=("提请单位",),
        get=_routing("asked_of"),
        writes="shown",
    ),
    Column(
        "answer_due_on",
        _("Answer due on"),
        Day(),
        aliases=("答复时限",),
        get=_routing("due_on"),
        writes="shown",
    ),
    Column("is_systemic", _("Systemic problem"), YesNo(), aliases=("共性问题",), writes="shown"),
    Column("review_on", _("To be reviewed on"), Day(), aliases=("下次复核日期",), writes="shown"),
    Column(
        "accepted_until",
        _("Risk accepted until"),
        Day(),
        aliases=("风险接受期限",),
        writes="shown",
    ),
)
