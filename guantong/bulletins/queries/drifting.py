"""Where the live figures now differ from those of a published bulletin."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guantong.bulletins.models import Bulletin
from guantong.campaigns.models import Area
from guantong.figures.models import SealedList
from guantong.figures.operations import Seal, seal_figure
from guantong.figures.queries.dimensions import narrowing_in_words
from guantong.figures.registry import Scope, figures
from guantong.units.models import Unit


@dataclass(frozen=True)
class Drift:
    """One sealed figure against what is counted now: for the same day, and for today."""

    sealed: Mapping[str, Any]
    label: str
    same_day: Seal | None
    today: Seal | None
    added: int = 0
    gone: int = 0
    revised: int = 0
    narrowed: tuple[str, ...] = ()

    @property
    def is_gone(self) -> bool:
        """Whether the figure, or what it was narrowed to, is not there any more."""
        return self.same_day is None

    @property
    def same_day_value(self) -> str | None:
        return _value(self.same_day)

    @property
    def today_value(self) -> str | None:
        return _value(self.today)

    @property
    def has_changed(self) -> bool:
        """Whether the same day now counts otherwise, or its definition is another."""
        return (
            self.same_day is None
            or self.same_day_value != self.sealed["value"]
            or self.same_day.figure.version != self.sealed["version"]
        )

    @property
    def rows_have_changed(self) -> bool:
        return bool(self.added or self.gone or self.revised)


def _value(seal: Seal | None) -> str | None:
    if seal is None or seal.value.amount is None:
        return None
    return str(seal.value.amount)


def drift_of(bulletin: Bulletin, *, today: datetime.date) -> list[Drift]:
    """Count every sealed figure again, with the signatory's rights of today."""
    sealed = (bulletin.sealed or {}).get("figures", [])
    known = {figure.code: figure for figure in figures()}
    digests = [one["digest"] for one in sealed]
    lists = dict(SealedList.objects.filter(digest__in=digests).values_list("digest", "rows"))
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=_codes(sealed, "unit"))}
    areas = {
        area.code: area
        for area in Area.objects.filter(
            campaign=bulletin.record.campaign, code__in=_codes(sealed, "area")
        )
    }
    found = []
    for one in sealed:
        figure = known.get(one["code"])
        label = str(figure.label) if figure else one["code"]
        scope_said = one["scope"]
        if figure is None:
            found.append(Drift(one, label, None, None))
            continue
        scope = Scope(
            campaign=bulletin.record.campaign,
            viewer=bulletin.signatory,
            as_of=bulletin.as_of,
            today=today,
            unit=units.get(scope_said["unit"] or ""),
            area=areas.get(scope_said["area"] or ""),
            only=scope_said["only"],
        )
        try:
            same_day, now = seal_figure(figure, scope), seal_figure(figure, scope.on(today))
        except ValueError:
            found.append(Drift(one, label, None, None))
            continue
        before = dict(lists.get(one["digest"], []))
        after = dict(same_day.rows)
        both = before.keys() & after.keys()
        found.append(
            Drift(
                one,
                label,
                same_day,
                now,
                added=len(after.keys() - before.keys()),
                gone=len(before.keys() - after.keys()),
                revised=sum(before[row] != after[row] for row in both),
                narrowed=tuple(narrowing_in_words(figure, scope)),
            )
        )
    return found


def _codes(sealed: list[Mapping[str, Any]], name: str) -> set[str]:
    return {one["scope"][name] for one in sealed if one["scope"][name]}
