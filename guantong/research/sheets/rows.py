"""What the sheets of projects and findings have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.kit.sheets import Column, Context, Refers, Row, RowError
from guantong.people.rules import COORDINATOR, LIAISON, RESEARCHER, holds
from guantong.records.models import Part
from guantong.records.sheets import of_record, seen_by
from guantong.units.models import Unit


def visible(model: type[Any], context: Context) -> Any:
    """Return the projects or findings that the actor may see, with what every column reads."""
    found = model._default_manager.filter(record__in=seen_by(context))
    return found.select_related("record__unit", "record__area", "record__campaign", "record__owner")


def researchers_of(thing: Any) -> tuple[Any, ...]:
    parts = thing.record.participants.all()
    return tuple(part.person for part in parts if part.part == Part.RESEARCHER)


def strange_units(rows: Sequence[Row], context: Context) -> Iterable[RowError]:
    """Give an error for each new row of a unit for which the actor enters nothing."""
    if context.actor is None:
        return
    grants = context.actor.grants(context.today)
    for row in rows:
        unit = row.values.get("unit")
        if row.thing is None and isinstance(unit, Unit):
            if holds(grants, (LIAISON, RESEARCHER, COORDINATOR), unit.path):
                continue
            sentence = gettext("You enter nothing for this unit.")
            accepted = gettext("a unit of which you are liaison, researcher or coordinator")
            yield RowError(row.number, "unit", sentence, accepted)


UNIT = Column(
    "unit",
    _("Lead unit"),
    Refers("unit"),
    required=True,
    aliases=("unit", "单位", "牵头单位", "责任单位"),
    get=of_record("unit"),
    writes="new",
)
