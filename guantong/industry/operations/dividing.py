"""Sectors and places: how the organisation divides industry and country."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.industry.entries import IndustryEntry
from guantong.industry.models import Place, Sector
from guantong.industry.queries import by_code
from guantong.kit.days import day_of
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR
from guantong.records.refusals import Refused


@dataclass(frozen=True)
class DivisionDraft:
    """What is said of one sector or place; `parent` is the code of the place that it lies in."""

    code: str
    name: str
    parent: str = ""
    position: int | None = None


class CannotRegisterDivision(Refused):
    """Codes repeat, a place lies in an unknown one, or the actor coordinates nothing."""


class CannotCorrectDivision(Refused):
    """The actor coordinates nothing."""


def register_sectors(
    *, drafts: Sequence[DivisionDraft], actor: Person | None, now: datetime.datetime
) -> list[Sector]:
    """Register sectors in the official order in which they are given: for coordinators."""
    _check_coordinates(actor, now, CannotRegisterDivision)
    _check_codes(Sector, drafts)
    first = Sector.objects.count()
    sectors = [
        Sector(code=d.code, name=d.name, position=first + n if d.position is None else d.position)
        for n, d in enumerate(drafts)
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(sectors, code=IndustryEntry.SECTOR_REGISTERED)
    return sectors


def register_places(
    *, drafts: Sequence[DivisionDraft], actor: Person | None, now: datetime.datetime
) -> list[Place]:
    """Register places, each in a place that is there or in the same list: for coordinators."""
    _check_coordinates(actor, now, CannotRegisterDivision)
    _check_codes(Place, drafts)
    known: dict[str, Place] = by_code(Place, (d.parent for d in drafts if d.parent))
    first = Place.objects.count()
    made: dict[str, Place] = {}
    waiting = list(enumerate(drafts, start=first))
    with act(actor=actor, now=now) as writing:
        while waiting:
            ready = [(n, d) for n, d in waiting if not d.parent or d.parent in known | made]
            if not ready:
                raise CannotRegisterDivision(
                    _("No place has the code %(codes)s. Register it first, or in the same sheet.")
                    % {"codes": ", ".join(sorted({d.parent for _n, d in waiting})[:10])}
                )
            places = [
                Place(
                    code=d.code,
                    name=d.name,
                    parent=(known | made)[d.parent] if d.parent else None,
                    position=n if d.position is None else d.position,
                )
                for n, d in ready
            ]
            writing.create(places, code=IndustryEntry.PLACE_REGISTERED)
            made |= {place.code: place for place in places}
            waiting = [(n, d) for n, d in waiting if d.code not in made]
    return [made[d.code] for d in drafts]


def correct_divisions(
    *,
    divisions: Sequence[Sector] | Sequence[Place],
    actor: Person | None,
    now: datetime.datetime,
    changes: Mapping[int, Mapping[str, Any]],
) -> list[Any]:
    """Correct sectors, or places, each by its own values: for coordinators."""
    if not divisions:
        return []
    _check_coordinates(actor, now, CannotCorrectDivision)
    is_sector = isinstance(divisions[0], Sector)
    code = IndustryEntry.SECTOR_CORRECTED if is_sector else IndustryEntry.PLACE_CORRECTED
    with act(actor=actor, now=now) as writing:
        return list(writing.update(divisions, code=code, changes=changes))


def _check_coordinates(actor: Person | None, now: datetime.datetime, error: type[Refused]) -> None:
    if actor is None:
        return
    grants = actor.grants(day_of(now))
    if not any(grant.role == COORDINATOR for grant in grants):
        raise error(_("Sectors and places are set by a coordinator. Ask one to add yours."))


def _check_codes(model: type[Any], drafts: Sequence[DivisionDraft]) -> None:
    times = Counter(draft.code for draft in drafts)
    taken = by_code(model, times)
    repeated = sorted(code for code, count in times.items() if count > 1 or code in taken)
    if repeated:
        raise CannotRegisterDivision(
            _("These codes are already used: %(codes)s. Give each a code of its own.")
            % {"codes": ", ".join(repeated[:10])}
        )
