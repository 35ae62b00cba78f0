"""What the sheets of problems and measures share: columns, reading, checks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import (
    Column,
    Context,
    Day,
    Refers,
    Row,
    RowError,
    Text,
)
from guantong.people.rules import COORDINATOR, LIAISON, holds
from guantong.records.sheets import of_record


def check_unit(row: Row, context: Context) -> Iterable[RowError]:
    unit: Any = row.values.get("unit")
    if row.thing is None and context.actor is not None and getattr(unit, "path", None):
        grants = context.actor.grants(context.today)
        if not holds(grants, [LIAISON, COORDINATOR], unit.path):
            sentence = _now(
                "%(unit)s isn't yours to enter this for: ask its liaison or the coordinator."
            )
            yield RowError(row.number, "unit", sentence % {"unit": unit.name})


OWNER = Column(
    "owner",
    _("Person responsible"),
    Refers("person"),
    aliases=("责任人", "责任人员", "整改责任人", "responsible person"),
    get=of_record("owner"),
    writes="new",
)
DUE = Column(
    "due_on",
    _("Due day"),
    Day(),
    aliases=("完成时限", "整改时限", "整改期限", "完成期限", "期限", "due date", "deadline"),
    get=of_record("due_on"),
    writes="new",
)
SOURCE_REFERENCE = Column(
    "source_reference",
    _("Number in the source"),
    Text(120),
    aliases=("来源编号", "原编号"),
    writes="new",
    is_rare=True,
)
