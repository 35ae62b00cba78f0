"""What waits for a person: records on which a step is theirs to take now."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from guantong.campaigns.models import Campaign
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.queries.nearest import Look, asked, nearness, questions_of, to_do
from guantong.overview.rules import fairly, judges, needs_no_more
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.queries import details_of, refusals_of, standings
from guantong.records.refusals import Known
from guantong.records.registry import DUE, Kind, Question, kind_of, kinds
from guantong.records.rules import Transition, Who, possible_from, waits_for


@dataclass(frozen=True)
class WaitingRow:
    """One record, the step that its person can take now, and the question that they answer there.

    Where a verdict is theirs to give, the steps are all that are open, so that none is favoured.
    What answers the question, where that is a step, too, stands last.
    """

    record: Record
    steps: tuple[Transition, ...] = ()
    question: Question | None = None


def waiting_for(
    person: Person, *, campaign: Campaign, on: datetime.date, limit: int = 100
) -> list[WaitingRow]:
    """Return what waits for `person`, nearest due day first, those without a day last.

    Where there is more than `limit`, no step crowds out another that waits less long.
    Found anew after each entry of the ledger. Reads at most twice `limit` candidates, and asks
    set-wise whether each step can be taken.
    """
    key = ("waiting", campaign.pk, person.pk, on, limit)
    found = until_the_next_entry(key, lambda: _found(Look(person, campaign, on), limit))
    records = _whole([one.record for one in found])
    return [_row(records[one.record], one) for one in found]


def _whole(ids: list[int]) -> dict[int, Record]:
    """Read what rows show of records, with the days of those that take place on some."""
    whole = Record.objects.select_related("unit", "owner", "campaign")
    records = whole.in_bulk(ids)
    for name in {record.kind for record in records.values()}:
        kind = kind_of(name)
        if kind.days != DUE:
            some = [record.pk for record in records.values() if record.kind == name]
            records |= whole.with_days(*kind.days).in_bulk(some)
    return records


class _Found(NamedTuple):
    """What is kept of a row: steps by their names, and a question by its place in its kind."""

    record: int
    steps: tuple[str, ...] = ()
    question: int | None = None


def _row(record: Record, found: _Found) -> WaitingRow:
    kind = kind_of(record.kind)
    return WaitingRow(
        record,
        tuple(kind.lifecycle.transition(name) for name in found.steps),
        None if found.question is None else questions_of(kind)[found.question],
    )


def _found(look: Look, limit: int) -> list[_Found]:
    """Return the nearest of what is theirs to do and what they are asked."""
    questions = list(asked(look, limit))
    near = to_do(look, limit * 2)
    details = details_of(
        {r.pk: r for r in [*near, *(r for _k, _p, rs in questions for r in rs)]}.values()
    )
    found = _answers(questions, details, look)
    for pk, open_now in _steps([details[r.pk].record for r in near], details, look).items():
        asked_too = found.get(pk, _Found(pk))
        names = dict.fromkeys([*(step.name for step in open_now), *asked_too.steps])
        found[pk] = asked_too._replace(steps=tuple(names))
    nearest = sorted(
        found.values(),
        key=lambda one: nearness(details[one.record].record, _begins(details[one.record], look.on)),
    )
    return fairly(nearest, limit, of=lambda one: (one.steps, one.question))


def _begins(detail: Any, on: datetime.date) -> datetime.date | None:
    """Return the day by which what takes place on some day waits: today, where that is over."""
    first, _last = kind_of(detail.record.kind).days
    # What is read already isn't asked for again: the fields are the detail's own.
    names = [first] if isinstance(first, str) else [f.name for f in first.get_source_expressions()]
    days = (getattr(detail, name.rpartition("__")[2], None) for name in names if "__" in name)
    day: datetime.date | None = next(filter(None, days), None)
    return max(day, on) if day else None


def _answers(
    questions: Iterable[tuple[Kind, int, list[Record]]],
    details: Mapping[int, Any],
    look: Look,
) -> dict[int, _Found]:
    """Return by record the first question that this person can answer."""
    found: dict[int, _Found] = {}
    for kind, place, records in sorted(questions, key=lambda one: one[1]):
        move = questions_of(kind)[place].move
        rows = [details[record.pk] for record in records]
        refused: Mapping[int, Any] = {}
        if move:
            transition = kind.lifecycle.transition(move)
            refused = refusals_of(rows, transition, person=look.person, on=look.on)
        for row in rows:
            if row.pk not in refused:
                found.setdefault(row.pk, _Found(row.pk, (move,) if move else (), place))
    return found


def _steps(
    records: list[Record], details: Mapping[int, Any], look: Look
) -> dict[int, tuple[Transition, ...]]:
    """Return the first step that can be taken on each record, in the order of its lifecycle.

    Where it is a verdict, the other verdicts that can be given stand beside it; where one lacks
    what a record is returned for, they stand alone.
    """
    standing = standings(records, look.person, look.on)

    def can(transition: Transition, group: Iterable[int], missing: bool = False) -> list[int]:
        """Those that can make it, with what its form asks for; `missing` what they return for."""
        theirs = [details[pk] for pk in group]
        if not theirs:
            return []
        kind = kind_of(theirs[0].record.kind)
        supplied = kind.moves[transition.name].supplies | (kind.returned_for if missing else set())
        known = Known(standing)
        refused = refusals_of(
            theirs, transition, person=look.person, on=look.on, supplied=supplied, known=known
        )
        return [detail.pk for detail in theirs if detail.pk not in refused]

    first: dict[int, Transition] = {}
    lacking: dict[int, Transition] = {}
    for transition, group in _together(records, standing, waits_for):
        first |= dict.fromkeys(can(transition, [pk for pk in group if pk not in first]), transition)
        if (
            transition.is_verdict
            and set(transition.needs) & kind_of(details[group[0]].record.kind).returned_for
        ):
            rest = [pk for pk in group if pk not in first]
            lacking |= dict.fromkeys(can(transition, rest, missing=True), transition)
    judged = [r for r in records if r.pk in lacking or (r.pk in first and first[r.pk].is_verdict)]
    verdicts: dict[int, list[Transition]] = defaultdict(list)
    for transition, group in _together(judged, standing, judges):
        known = [pk for pk in group if pk in first and needs_no_more(transition, first[pk])]
        for pk in known + can(transition, [pk for pk in group if pk not in known]):
            verdicts[pk].append(transition)
    found = {pk: tuple(verdicts.get(pk, [step])) for pk, step in first.items()}
    return found | {pk: tuple(verdicts[pk]) for pk in lacking if pk not in found and verdicts[pk]}


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
