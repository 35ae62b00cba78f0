"""Reads of the tree as it was on a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q

from guantong.ledger.verification.findings import subject_name
from guantong.units.models import ParentPeriod, Unit
from guantong.units.rules import STEP, CannotArrangeUnits, Place, covers, paths


@dataclass(frozen=True)
class Tree:
    """Every unit's path as the tree stood on one day; sorting by path is the official order."""

    paths: Mapping[int, str]

    def under(self, unit: int) -> list[int]:
        """Return `unit` and all that stood beneath it, in the official order."""
        top = self.paths[unit]
        found = [one for one, path in self.paths.items() if covers(top, path)]
        return sorted(found, key=self.paths.__getitem__)

    def at_depth(self, unit: int, depth: int) -> int:
        """Return the ancestor of `unit` with `depth` units above it; `unit` itself if higher."""
        return self._by_path.get(self.paths[unit][: (depth + 1) * STEP], unit)

    def depth(self, unit: int) -> int:
        """Return how many units stood above `unit`."""
        return len(self.paths[unit]) // STEP - 1

    @property
    def _by_path(self) -> Mapping[str, int]:
        known: dict[str, int] = self.__dict__.setdefault("_units", {})
        if not known:
            known.update({path: unit for unit, path in self.paths.items()})
        return known


def is_todays_tree(day: datetime.date) -> bool:
    """Whether no unit has been moved or registered since the end of `day`."""
    return not ParentPeriod.objects.filter(Q(starts_on__gt=day) | Q(ends_on__gt=day)).exists()


def tree_on(day: datetime.date) -> Tree:
    """Return the tree as it stood at the end of `day`.

    A unit that was registered later hangs where it first hung: records that are older than the
    register of units, as imported ones are, belong somewhere too.
    """
    parents: dict[int, int | None] = {}
    periods = ParentPeriod.objects.order_by("starts_on", "pk")
    for unit, parent, starts_on in periods.values_list("unit_id", "parent_id", "starts_on"):
        if starts_on <= day or unit not in parents:
            parents[unit] = parent
    units = list(Unit.objects.values_list("pk", "parent_id", "position", "path"))
    try:
        found = paths(Place(pk, parents.get(pk, now), place) for pk, now, place, _path in units)
    except CannotArrangeUnits:
        # Later units hung beneath what now hangs beneath them; only today's tree is whole.
        found = {pk: path for pk, _parent, _place, path in units}
    return Tree(found)


def paths_kept() -> Iterator[tuple[str, str, str]]:
    """Give each unit with the path that is kept for it and the one that its parents make."""
    units = list(Unit.objects.order_by("pk"))
    found = paths(Place(unit.pk, unit.parent_id, unit.position) for unit in units)
    for unit in units:
        yield subject_name("unit", unit.pk, unit.code), unit.path, found[unit.pk]
