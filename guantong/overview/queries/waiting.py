"""What waits for a person: records on which a step is theirs to take now."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q

from guantong.campaigns.models import Campaign
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.rules import waiting_states, waits_for
from guantong.people.models import Person
from guantong.people.rules import AUDITOR, COORDINATOR, HEAD, LIAISON
from guantong.records.models import Part, Participant, Record
from guantong.records.queries import details_of, refusals_of, standings
from guantong.records.registry import Kind, kind_of, kinds
from guantong.records.rules import Transition, Who, possible_from
from guantong.records.visibility import units_under
from guantong.units.models import Unit
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


@dataclass(frozen=True)
class WaitingRow:
    """One record and the step that its person can take now."""

    record: Record
    transition: Transition


def waiting_for(
    person: Person, *, campaign: Campaign, on: datetime.date, limit: int = 100
) -> list[WaitingRow]:
    """Return what waits for `person`, nearest due day first, those without a day last.

    Found anew after each entry of the ledger. Reads at most twice `limit` candidates, and asks
    set-wise whether each step can be taken.
    """
    question = ("waiting", campaign.pk, person.pk, on, limit)
    steps = until_the_next_entry(question, lambda: _steps_of(person, campaign, on, limit))
    records = (
        Record.objects.filter(pk__in=[record for record, _step in steps])
        .select_related("unit", "owner", "campaign")
        .in_bulk()
    )
    return [
        WaitingRow(records[pk], kind_of(records[pk].kind).lifecycle.transition(step))
        for pk, step in steps
    ]


def _steps_of(
    person: Person, campaign: Campaign, on: datetime.date, limit: int
) -> list[tuple[int, str]]:
    wanted = Q(pk__in=[])
    for kind in kinds():
        for who, states in waiting_states(kind.lifecycle, kind.moves.keys()).items():
            where = _standing(person, who, on)
            if who is Who.INSPECTOR and kind.inspected_by_unit is not None:
                own = [_standing(person, each, on) for each in (Who.LIAISON, Who.HEAD)]
                for units in filter(None, own):
                    where = (where or Q(pk__in=[])) | (kind.inspected_by_unit & units)
            if where is not None:
                wanted |= Q(kind=kind.name, state__in=states) & where
    # Their ids first, which the counting index has: many more wait than are shown.
    nearest = list(
        Record.objects.visible_to(person, on)
        .filter(wanted, campaign=campaign)
        .order_by(F("original_due_on").asc(nulls_last=True), "pk")
        .values_list("pk", flat=True)[: limit * 2]
    )
    rows = Record.objects.select_related("unit", "owner", "campaign").in_bulk(nearest)
    candidates = [rows[pk] for pk in nearest]
    steps = _steps(candidates, person, on)
    return [(r.pk, steps[r.pk].name) for r in candidates if r.pk in steps][:limit]


def _standing(person: Person, who: Who, on: datetime.date) -> Q | None:
    """The records to which `person` stands as `who`; None where there can be none."""
    if who is Who.RESPONSIBLE:
        return Q(owner__in=person.stands_for(on))
    if who in PARTS:
        taken = Participant.objects.filter(person=person, part=PARTS[who])
        return Q(pk__in=taken.values("record"))
    paths = [grant.path for grant in person.grants(on) if grant.role in ROLES.get(who, ())]
    if not paths:
        return None
    units = Unit.objects.filter(units_under(paths))
    if who in {Who.ABOVE, Who.HEAD_ABOVE}:
        # Above means above: one's own unit is not beneath itself, but nothing is above the top.
        own = [path for path in paths if len(path) > STEP or who is Who.HEAD_ABOVE]
        units = units.exclude(path__in=own)
    return Q(unit__in=units.values("pk"))


def _steps(records: list[Record], person: Person, on: datetime.date) -> dict[int, Transition]:
    """Return the first step that can be taken on each record, in the order of its lifecycle."""
    standing = standings(records, person, on)
    details = details_of(records)
    by_step: dict[tuple[str, str], list[Record]] = defaultdict(list)
    kinds_here: dict[str, Kind] = {kind.name: kind for kind in kinds()}
    for record in records:
        for transition in _own(kinds_here[record.kind], record.state, standing[record.pk]):
            by_step[record.kind, transition.name].append(record)
    found: dict[int, Transition] = {}
    for (name, step), group in by_step.items():
        transition = kinds_here[name].lifecycle.transition(step)
        asked = [details[record.pk] for record in group if record.pk not in found]
        refused = refusals_of(asked, transition, person=person, on=on)
        found |= {detail.pk: transition for detail in asked if detail.pk not in refused}
    return found


def _own(kind: Kind, state: str, standing: frozenset[Who]) -> Iterable[Transition]:
    for transition in possible_from(kind.lifecycle, state):
        if transition.name in kind.moves and waits_for(transition) & standing:
            yield transition
