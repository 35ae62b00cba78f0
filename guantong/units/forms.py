"""How a form asks for a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from guantong.kit.forms import NamedField
from guantong.units.models import Unit
from guantong.units.sheets import units_named


class UnitField(NamedField):
    """A unit that is open, by its code, name or short name."""

    kind = "unit"

    def every(self) -> QuerySet[Unit]:
        return Unit.objects.filter(closed_on=None).select_related("parent").in_official_order()

    def named(self, texts: set[str]) -> Mapping[str, Sequence[Unit]]:
        return units_named(texts)

    def note(self, unit: Unit) -> str:
        return str(unit.parent or "")
