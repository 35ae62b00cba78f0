"""Every change to the organisation's tree."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.kit.days import day_of
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.units.entries import UnitEntry
from guantong.units.models import ParentPeriod, Unit, UnitKind
from guantong.units.rules import CannotArrangeUnits, Place, covers, is_top, paths

# The organisation's tree is the administrator's; a coordinator may see to it too.
ARRANGERS = frozenset({"administrator", "coordinator"})


@dataclass(frozen=True)
class UnitDraft:
    """What is said of one unit that is to be registered; `parent` is the parent's code."""

    code: str
    name: str
    kind: str = UnitKind.OTHER
    parent: str = ""
    short_name: str = ""
    position: int | None = None


class CannotRegisterUnits(Exception):
    """Codes repeat, a parent is unknown, or the unit above isn't the actor's to add to."""


class CannotMoveUnit(Exception):
    """The new parent stands beneath the unit, the day is before the last move, or it isn't the
    actor's to move."""


class CannotCloseUnit(Exception):
    """Units still hang from it, or it isn't the actor's to close."""


class CannotCorrectUnit(Exception):
    """The unit isn't the actor's to correct."""


def register_units(
    *, drafts: Sequence[UnitDraft], actor: Any, now: datetime.datetime, starts_on: datetime.date
) -> list[Unit]:
    """Register units under their parents, in the official order in which they are given.

    The administrator or a coordinator over the unit above does.
    """
    times = Counter(draft.code for draft in drafts)
    codes = list(times)
    known = {unit.code: unit for unit in Unit.objects.all()}
    repeated = sorted(code for code, count in times.items() if code in known or count > 1)
    if repeated:
        raise CannotRegisterUnits(
            _("These unit codes are already used: %(codes)s. Give each unit a code of its own.")
            % {"codes": ", ".join(repeated[:10])}
        )
    strangers = sorted({d.parent for d in drafts if d.parent} - set(known) - set(codes))
    if strangers:
        raise CannotRegisterUnits(
            _("No unit has the code %(codes)s. Register the parent first, or in the same sheet.")
            % {"codes": ", ".join(strangers[:10])}
        )
    _refuse_strangers(
        (known.get(draft.parent) for draft in drafts if draft.parent not in times),
        actor, now, CannotRegisterUnits,
    )  # fmt: skip
    first = Unit.objects.count()
    waiting = list(enumerate(drafts, start=first))
    with act(actor=actor, now=now, effective_on=starts_on) as writing:
        while waiting:
            ready = [(n, d) for n, d in waiting if not d.parent or d.parent in known]
            if not ready:
                raise CannotArrangeUnits(sorted(draft.code for _number, draft in waiting))
            units = [
                Unit(
                    code=draft.code,
                    name=draft.name,
                    short_name=draft.short_name,
                    kind=draft.kind,
                    position=number if draft.position is None else draft.position,
                    parent=known[draft.parent] if draft.parent else None,
                )
                for number, draft in ready
            ]
            writing.create(units, code=UnitEntry.REGISTERED)
            writing.create(
                [ParentPeriod(unit=u, parent=u.parent, starts_on=starts_on) for u in units],
                code=UnitEntry.MOVED,
            )
            known |= {unit.code: unit for unit in units}
            waiting = [(n, d) for n, d in waiting if d.code not in known]
        arrange_units()
    return list(Unit.objects.filter(code__in=codes).in_official_order())


def move_unit(
    *, unit: Unit, parent: Unit | None, moves_on: datetime.date, actor: Any, now: datetime.datetime
) -> Unit:
    """Hang a unit under another parent from a day on, not one to come; where it hung before stays
    known. With the parent that it has, the day from which it hangs there is corrected.

    The administrator or a coordinator over both does.
    """
    _refuse_strangers([unit, parent], actor, now, CannotMoveUnit)
    # As the tree stands now: others may have been moved since these two were read.
    beneath = Unit.objects.filter(path__startswith=Unit.objects.get(pk=unit.pk).path)
    if parent is not None and beneath.filter(pk=parent.pk).exists():
        raise CannotMoveUnit(
            _("%(parent)s stands beneath %(unit)s, so %(unit)s can't be moved under it.")
            % {"parent": parent, "unit": unit}
        )
    if moves_on > day_of(now):
        raise CannotMoveUnit(
            _("%(day)s is in the future. Move it on that day; it can be dated back, too.")
            % {"day": day_in_words(moves_on)}
        )
    period = unit.parent_periods.get(ends_on=None)
    is_redated = unit.parent_id == (parent.pk if parent else None)
    before = unit.parent_periods.filter(ends_on=period.starts_on).order_by("starts_on").last()
    earliest = (before.starts_on if before else None) if is_redated else period.starts_on
    if earliest and moves_on < earliest:
        raise CannotMoveUnit(
            _("%(unit)s has hung where it is since %(day)s; move it on that day or later.")
            % {"unit": unit, "day": day_in_words(earliest)}
        )
    with act(actor=actor, now=now, effective_on=moves_on) as writing:
        if is_redated:
            writing.update([before] if before else [], code=UnitEntry.MOVED, ends_on=moves_on)
            writing.update([period], code=UnitEntry.MOVED, starts_on=moves_on)
            return unit
        writing.update([period], code=UnitEntry.MOVED, ends_on=moves_on)
        writing.create(
            [ParentPeriod(unit=unit, parent=parent, starts_on=moves_on)], code=UnitEntry.MOVED
        )
        writing.update([unit], code=UnitEntry.MOVED, parent=parent)
        arrange_units()
    unit.refresh_from_db()
    return unit


def close_unit(
    *, unit: Unit, closes_on: datetime.date | None, actor: Any, now: datetime.datetime
) -> Unit:
    """Say from which day there is no such unit any more, or that there is one after all.

    Its records stay; it is offered no longer. What hangs from it is moved or closed before. The
    administrator or a coordinator over it does.
    """
    _refuse_strangers([unit], actor, now, CannotCloseUnit)
    left = Unit.objects.filter(parent=unit, closed_on=None).in_official_order()
    if closes_on is not None and left.exists():
        raise CannotCloseUnit(
            _("Beneath %(unit)s there are still: %(units)s. Move or close them first.")
            % {"unit": unit, "units": ", ".join(str(one) for one in left[:10])}
        )
    with act(actor=actor, now=now) as writing:
        writing.update([unit], code=UnitEntry.CLOSED, closed_on=closes_on)
    return unit


def correct_unit(*, unit: Unit, actor: Any, now: datetime.datetime, **values: Any) -> Unit:
    """Correct a unit's name, short name, kind or place in the official order."""
    correct_units(changes={unit: values}, actor=actor, now=now)
    unit.refresh_from_db()
    return unit


def correct_units(
    *, changes: Mapping[Unit, Mapping[str, Any]], actor: Any, now: datetime.datetime
) -> list[Unit]:
    """Correct several units' names, short names, kinds or places in the official order.

    The administrator or a coordinator over them does.
    """
    _refuse_strangers(changes, actor, now, CannotCorrectUnit)
    with act(actor=actor, now=now) as writing:
        changed = writing.update(
            list(changes),
            code=UnitEntry.CORRECTED,
            changes={unit.pk: values for unit, values in changes.items()},
        )
        if any("position" in values for values in changes.values()):
            arrange_units()
    return changed


def _refuse_strangers(
    units: Iterable[Unit | None], actor: Any, now: datetime.datetime, error: type[Exception]
) -> None:
    """Raise where the actor arranges nothing over a unit; over topmost ones, who stands at one."""
    if actor is None:
        return
    grants = [grant for grant in actor.grants(day_of(now)) if grant.role in ARRANGERS]
    for unit in set(units):
        is_topmost = unit is None or unit.parent_id is None
        if not any(
            (is_topmost and is_top(g.path)) or (unit is not None and covers(g.path, unit.path))
            for g in grants
        ):
            raise error(
                _("What hangs from %(unit)s is arranged by its administrator or a coordinator.")
                % {"unit": unit or _("the top")}
            )


def arrange_units() -> None:
    """Compute every unit's path anew from parents and order; the path is a cache, never a truth."""
    units = list(Unit.objects.all())
    found = paths(Place(u.pk, u.parent_id, u.position) for u in units)
    changed = [unit for unit in units if unit.path != found[unit.pk]]
    for unit in changed:
        unit.path = found[unit.pk]
    Unit.objects.bulk_update(changed, ["path"], batch_size=500)


__all__ = [
    "CannotArrangeUnits",
    "CannotCloseUnit",
    "CannotCorrectUnit",
    "CannotMoveUnit",
    "CannotRegisterUnits",
    "UnitDraft",
    "arrange_units",
    "close_unit",
    "correct_unit",
    "correct_units",
    "move_unit",
    "register_units",
]
