"""What waits for a person: records on which a step is theirs to take now."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Q, QuerySet

from guantong.campaigns.models import Campaign
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.rules import judges, needs_no_more, waiting_states, waits_for
from guantong.people.models import Person
from guantong.people.rules import AUDITOR, COORDINATOR, HEAD, LIAISON
from guantong.records.models import Part, Participant, Record
from guantong.records.queries import details_of, refusals_of, standings
from guantong.records.registry import Kind, Question, kind_of, kinds
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
# By the original due day, what has none last.
Nearness = tuple[datetime.date, int]
PARTS = {Who.RESEARCHER: Part.RESEARCHER, Who.INSPECTOR: Part.INSPECTOR}


@dataclass(frozen=True)
class WaitingRow:
    """One record and the step that its person can take now, or the question that they answer.

    Where a verdict is theirs to give, the steps are all that are open, so that none is favoured.
    """

    record: Record
    steps: tuple[Transition, ...] = ()
    question: Question | None = None


def waiting_for(
    person: Person, *, campaign: Campaign, on: datetime.date, limit: int = 100
) -> list[WaitingRow]:
    """Return what waits for `person`, nearest due day first, those without a day last.

    Found anew after each entry of the ledger. Reads at most twice `limit` candidates, and asks
    set-wise whether each step can be taken.
    """
    key = ("waiting", campaign.pk, person.pk, on, limit)
    found = until_the_next_entry(key, lambda: _found(person, campaign, on, limit))
    records = (
        Record.objects.filter(pk__in=[one.record for one in found])
        .select_related("unit", "owner", "campaign")
        .in_bulk()
    )
    return [_row(records[one.record], one) for one in found]


class _Found(NamedTuple):
    """What is kept of a row: steps by their names, or a question by its place in its kind."""

    record: int
    steps: tuple[str, ...] = ()
    question: int | None = None


def _row(record: Record, found: _Found) -> WaitingRow:
    kind = kind_of(record.kind)
    return WaitingRow(
        record,
        tuple(kind.lifecycle.transition(name) for name in found.steps),
        None if found.question is None else kind.questions[found.question],
    )


def _found(person: Person, campaign: Campaign, on: datetime.date, limit: int) -> list[_Found]:
    """Return the nearest of both; what a person is asked stands before what is theirs to do."""
    asked = _asked(person, campaign, on, limit)
    others = [one for one in _to_do(person, campaign, on, limit) if one[1].record not in asked]
    nearest = sorted([*asked.values(), *others], key=lambda one: one[0])
    return [found for _day, found in nearest][:limit]


def _asked(
    person: Person, campaign: Campaign, on: datetime.date, limit: int
) -> dict[int, tuple[Nearness, _Found]]:
    """Return by record the questions that its kind declares and this person can answer."""
    found: dict[int, tuple[Nearness, _Found]] = {}
    for kind in kinds():
        for place, question in enumerate(kind.questions):
            rows = Record.objects.visible_to(person, on, is_few=True).filter(
                campaign=campaign, kind=kind.name, pk__in=question.asked_of(person, on)
            )
            records = _nearest(rows, limit)
            refused = {}
            if question.move and records:
                transition = kind.lifecycle.transition(question.move)
                details = list(details_of(records).values())
                refused = refusals_of(details, transition, person=person, on=on)
            for record in records:
                if record.pk not in refused:
                    one = (
                        _nearness(record),
                        _Found(record.pk, (question.move,) if question.move else (), place),
                    )
                    found.setdefault(record.pk, one)
    return found


def _nearest(rows: QuerySet[Record], limit: int) -> list[Record]:
    """Read the first rows: their ids first, which an index has, since many more may wait."""
    days = F("original_due_on").asc(nulls_last=True)
    ids = list(rows.order_by(days, "pk").values_list("pk", flat=True)[:limit])
    found = Record.objects.select_related("unit", "owner", "campaign").in_bulk(ids)
    return [found[pk] for pk in ids]


def _nearness(record: Record) -> Nearness:
    return record.original_due_on or datetime.date.max, record.pk


def _to_do(
    person: Person, campaign: Campaign, on: datetime.date, limit: int
) -> list[tuple[Nearness, _Found]]:
    """Return the steps of the lifecycles that are this person's to take next."""
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
    seen = Record.objects.visible_to(person, on).filter(wanted, campaign=campaign)
    candidates = _nearest(seen, limit * 2)
    steps = _steps(candidates, person, on)
    return [
        (_nearness(record), _Found(record.pk, tuple(step.name for step in steps[record.pk])))
        for record in candidates
        if record.pk in steps
    ]


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


def _steps(
    records: list[Record], person: Person, on: datetime.date
) -> dict[int, tuple[Transition, ...]]:
    """Return the first step that can be taken on each record, in the order of its lifecycle.

    Where it is a verdict, the other verdicts that can be given stand beside it.
    """
    standing = standings(records, person, on)
    details = details_of(records)

    def can(transition: Transition, group: Iterable[int]) -> list[int]:
        asked = [details[pk] for pk in group]
        refused = refusals_of(asked, transition, person=person, on=on, standing=standing)
        return [detail.pk for detail in asked if detail.pk not in refused]

    first: dict[int, Transition] = {}
    for transition, group in _together(records, standing, waits_for):
        first |= dict.fromkeys(can(transition, [pk for pk in group if pk not in first]), transition)
    judged = [r for r in records if r.pk in first and first[r.pk].is_verdict]
    verdicts: dict[int, list[Transition]] = defaultdict(list)
    for transition, group in _together(judged, standing, judges):
        known = [pk for pk in group if needs_no_more(transition, first[pk])]
        for pk in known + can(transition, [pk for pk in group if pk not in known]):
            verdicts[pk].append(transition)
    return {pk: tuple(verdicts.get(pk, [step])) for pk, step in first.items()}


def _together(
    records: Iterable[Record],
    standing: Mapping[int, frozenset[Who]],
    of_whom: Callable[[Transition], frozenset[Who]],
) -> Iterator[tuple[Transition, list[int]]]:
    """Give the records by each step that is theirs, in the order of their lifecycle's table."""
    kinds_here: dict[str, Kind] = {kind.name: kind for kind in kinds()}
    by_step: dict[tuple[str, str], list[int]] = defaultdict(list)
    for record in records:
        kind = kinds_here[record.kind]
        for transition in possible_from(kind.lifecycle, record.state):
            if transition.name in kind.moves and of_whom(transition) & standing[record.pk]:
                by_step[kind.name, transition.name].append(record.pk)
    for kind in kinds():
        for transition in kind.lifecycle.transitions:
            if group := by_step.get((kind.name, transition.name)):
                yield transition, group
