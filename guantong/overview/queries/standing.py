"""What makes records a person's business, and in which states a step on them is theirs."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from django.db.models import BooleanField, Case, Q, When

from guantong.overview.rules import waiting_states
from guantong.people.models import Person
from guantong.people.rules import AUDITOR, COORDINATOR, HEAD, LIAISON, Grant
from guantong.records.models import Part, Participant
from guantong.records.registry import Kind, kinds
from guantong.records.rules import Who
from guantong.records.visibility import in_units
from guantong.units.rules import STEP

ROLES = {
    Who.LIAISON: frozenset({LIAISON}),
    Who.HEAD: frozenset({HEAD}),
    Who.COORDINATOR: frozenset({COORDINATOR}),
    Who.AUDITOR: frozenset({AUDITOR}),
    Who.ABOVE: frozenset({HEAD, COORDINATOR}),
    Who.HEAD_ABOVE: frozenset({HEAD}),
}
PARTS = {Who.RESEARCHER: Part.RESEARCHER, Who.INSPECTOR: Part.INSPECTOR}


class Standing(NamedTuple):
    """What makes records a person's business: a part in them, or units, or owning them."""

    part: str = ""
    paths: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()  # units that aren't beneath themselves


@dataclass
class Waiting:
    """What waits for one standing: records of some kinds in some states of theirs."""

    steps: dict[str, Q] = field(default_factory=lambda: defaultdict(lambda: Q(pk__in=[])))
    states: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    particular: set[str] = field(default_factory=set)

    def add(self, kind: Kind, states: Iterable[str], *conditions: Q) -> None:
        """Add a kind in some states, where they meet the `conditions` beside these."""
        self.steps[kind.name] |= Q(*conditions, kind=kind.name, state__in=sorted(states))
        self.states[kind.name].update(states)
        if conditions:
            self.particular.add(kind.name)

    def together(self, *, is_of_all: bool) -> list[list[str]]:
        """Return which kinds are asked for at once: all, but where they wait over all units.

        There the index that holds what the others are asked for is the only one that helps, and it
        knows nothing of what the particular ones are asked for.
        """
        alone = sorted(self.particular) if is_of_all else []
        rest = sorted(self.steps.keys() - set(alone))
        return [names for names in (rest, *([name] for name in alone)) if names]

    def condition(self, names: list[str]) -> Q:
        """Those of these kinds by one index of kinds and states, nearest day first.

        Of alternatives SQLite would follow each by itself, to look up every record there is.
        """
        steps = reduce(or_, (self.steps[name] for name in names))
        states = set().union(*(self.states[name] for name in names))
        is_one = Case(When(steps, then=True), default=False, output_field=BooleanField())
        return Q(is_one, kind__in=names, state__in=sorted(states))


@lru_cache(maxsize=1024)
def standings_of(grants: tuple[Grant, ...], on: datetime.date) -> dict[Standing, Waiting]:
    """Return for each standing of who holds `grants` what waits for it."""
    wanted: dict[Standing, Waiting] = defaultdict(Waiting)
    for kind in kinds():
        waking = () if kind.rests is None else (~kind.rests(on),)
        for who, states in waiting_states(kind.lifecycle, kind.moves.keys()).items():
            if (standing := _standing_of(grants, who)) is not None:
                wanted[standing].add(kind, states, *waking)
            if who is Who.INSPECTOR and kind.inspected_by_unit is not None:
                for each in {_standing_of(grants, role) for role in (Who.LIAISON, Who.HEAD)}:
                    if each is not None:
                        wanted[each].add(kind, states, *waking, kind.inspected_by_unit)
    return wanted


def _standing_of(grants: Iterable[Grant], who: Who) -> Standing | None:
    """How the holder of `grants` stands as `who`; None where they stand so to nothing."""
    if who is Who.RESPONSIBLE:
        return Standing()
    if who in PARTS:
        return Standing(part=PARTS[who])
    paths = {grant.path for grant in grants if grant.role in ROLES.get(who, ())}
    if not paths:
        return None
    but_not: Iterable[str] = ()
    if who in {Who.ABOVE, Who.HEAD_ABOVE}:
        # Above means above: one's own unit is not beneath itself, but nothing is above the top.
        but_not = [path for path in paths if len(path) > STEP or who is Who.HEAD_ABOVE]
    return Standing("", tuple(sorted(paths)), tuple(sorted(but_not)))


def those_of(person: Person, standing: Standing, on: datetime.date) -> Q:
    """The records to which `person` stands so."""
    if standing.part:
        taken = Participant.objects.filter(person=person, part=standing.part)
        return Q(pk__in=taken.values("record"))
    if standing.paths:
        return in_units(standing.paths, person, on, but_not=standing.but_not)
    return Q(owner__in=person.stands_for(on))
