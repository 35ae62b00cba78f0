"""What waits for a person: records on which a step is theirs to take now."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial, reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, F, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.kit.written import asked
from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.rules import fairly, judges, needs_no_more, waiting_states
from guantong.people.models import Person
from guantong.people.rules import AUDITOR, COORDINATOR, HEAD, LIAISON, Grant
from guantong.records.models import Comment, Part, Participant, Record
from guantong.records.queries import details_of, refusals_of, standings
from guantong.records.refusals import Known
from guantong.records.registry import DUE, Kind, Question, kind_of, kinds
from guantong.records.rules import Transition, Who, possible_from, waits_for
from guantong.records.visibility import EVERYTHING, in_units, sight_of, units_of
from guantong.units.rules import STEP

ROLES = {
    Who.LIAISON: frozenset({LIAISON}),
    Who.HEAD: frozenset({HEAD}),
    Who.COORDINATOR: frozenset({COORDINATOR}),
    Who.AUDITOR: frozenset({AUDITOR}),
    Who.ABOVE: frozenset({HEAD, COORDINATOR}),
    Who.HEAD_ABOVE: frozenset({HEAD}),
}
# By the original due day, or the day on which it takes place; what has none last.
Nearness = tuple[datetime.date, int]
NEAREST = ("id", "kind", "original_due_on")
PARTS = {Who.RESEARCHER: Part.RESEARCHER, Who.INSPECTOR: Part.INSPECTOR}


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
    found = until_the_next_entry(key, lambda: _found(person, campaign, on, limit))
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
        None if found.question is None else _questions(kind)[found.question],
    )


def _found(person: Person, campaign: Campaign, on: datetime.date, limit: int) -> list[_Found]:
    """Return the nearest of what is theirs to do and what they are asked."""
    asked = list(_asked(person, campaign, on, limit))
    near = _to_do(person, campaign, on, limit * 2)
    details = details_of(
        {r.pk: r for r in [*near, *(r for _k, _p, rs in asked for r in rs)]}.values()
    )
    found = _answers(asked, details, person, on)
    for pk, open_now in _steps([details[r.pk].record for r in near], details, person, on).items():
        asked_too = found.get(pk, _Found(pk))
        names = dict.fromkeys([*(step.name for step in open_now), *asked_too.steps])
        found[pk] = asked_too._replace(steps=tuple(names))
    nearest = sorted(
        found.values(),
        key=lambda one: _nearness(details[one.record].record, _begins(details[one.record], on)),
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


def _asked(
    person: Person, campaign: Campaign, on: datetime.date, limit: int
) -> Iterator[tuple[Kind, int, list[Record]]]:
    """Give, for each question of a kind, the nearest records on which it is asked.

    A question that several kinds have is asked once for all of them; those that people ask in
    comments all kinds have, after their own.
    """
    places: dict[Question, dict[str, int]] = defaultdict(dict)
    for kind in kinds():
        for place, question in enumerate(_questions(kind)):
            places[question][kind.name] = place
    for question, of in places.items():
        by_kind: dict[str, list[Record]] = defaultdict(list)
        rows = partial(_asked_by, question, sorted(of), person, campaign, on)
        for record in _nearest(question, rows, person, campaign, on, limit):
            by_kind[record.kind].append(record)
        for name, records in by_kind.items():
            yield kind_of(name), of[name], records


def _asked_by(
    question: Question, of: list[str], person: Person, campaign: Campaign, on: datetime.date
) -> QuerySet[Record]:
    rows = question.asked_of(person, on).visible_to(person, on, is_few=True)
    return rows.filter(campaign=campaign, kind__in=of)


def _questions(kind: Kind) -> tuple[Question, ...]:
    return (*kind.questions, ASKED)


def _asked_in_comments(person: Person, on: datetime.date) -> QuerySet[Record]:
    """The records on which somebody else's question waits for their owner or author.

    What these ask themselves, as for more time, is for the coordinator.
    """
    asked = Comment.objects.filter(is_question=True, answered_by=None).exclude(author=person)
    own = Q(owner__in=person.stands_for(on)) | Q(author=person)
    by_themselves = asked.filter(Q(author=F("record__owner")) | Q(author=F("record__author")))
    coordinated = units_of(person, [COORDINATOR], on)
    theirs = Q(pk__in=by_themselves.values("record"), unit__in=coordinated)
    return Record.objects.filter(own | theirs, pk__in=asked.values("record"))


ASKED = Question(_("Answer the question"), _asked_in_comments)


def _answers(
    asked: Iterable[tuple[Kind, int, list[Record]]],
    details: Mapping[int, Any],
    person: Person,
    on: datetime.date,
) -> dict[int, _Found]:
    """Return by record the first question that this person can answer."""
    found: dict[int, _Found] = {}
    for kind, place, records in sorted(asked, key=lambda one: one[1]):
        move = _questions(kind)[place].move
        rows = [details[record.pk] for record in records]
        refused: Mapping[int, Any] = {}
        if move:
            transition = kind.lifecycle.transition(move)
            refused = refusals_of(rows, transition, person=person, on=on)
        for row in rows:
            if row.pk not in refused:
                found.setdefault(row.pk, _Found(row.pk, (move,) if move else (), place))
    return found


def _nearest(
    question: Hashable,
    rows: Callable[[], QuerySet[Record]],
    person: Person,
    campaign: Campaign,
    on: datetime.date,
    limit: int,
) -> list[Record]:
    """Read the first rows, no more of each than an index has, since many more may wait."""
    days = F("original_due_on").asc(nulls_last=True)
    found = asked(
        (question, sight_of(person, on), campaign.pk, on, limit),
        lambda: rows().order_by(days, "pk").values_list(*NEAREST)[:limit],
        list,
        list,
    )
    return [Record.from_db(None, NEAREST, row) for row in found]


def _nearness(record: Record, begins: datetime.date | None = None) -> Nearness:
    return record.original_due_on or begins or datetime.date.max, record.pk


def _to_do(person: Person, campaign: Campaign, on: datetime.date, limit: int) -> list[Record]:
    """Return the nearest records in states from which a step is this person's to take next.

    Asked once for each standing: together, no index would find any.
    """
    found: dict[int, Record] = {}
    for standing, waiting in _standings(person.grants(on), on).items():
        theirs = _standing(person, standing, on)
        for names in waiting.together(is_of_all=theirs is EVERYTHING):
            rows = partial(_to_do_of, waiting, names, theirs, standing, person, campaign, on)
            question = (standing, tuple(names))
            found |= {r.pk: r for r in _nearest(question, rows, person, campaign, on, limit)}
    return sorted(found.values(), key=_nearness)[:limit]


def _to_do_of(
    waiting: _Waiting,
    names: list[str],
    theirs: Q,
    standing: _Standing,
    person: Person,
    campaign: Campaign,
    on: datetime.date,
) -> QuerySet[Record]:
    rows = Record.objects.visible_to(person, on, is_few=not standing.paths)
    return rows.filter(waiting.condition(names), theirs, campaign=campaign)


class _Standing(NamedTuple):
    """What makes records a person's business: a part in them, or units, or owning them."""

    part: str = ""
    paths: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()  # units that aren't beneath themselves


@dataclass
class _Waiting:
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
def _standings(grants: tuple[Grant, ...], on: datetime.date) -> dict[_Standing, _Waiting]:
    """Return for each standing of who holds `grants` what waits for it."""
    wanted: dict[_Standing, _Waiting] = defaultdict(_Waiting)
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


def _standing_of(grants: Iterable[Grant], who: Who) -> _Standing | None:
    """How the holder of `grants` stands as `who`; None where they stand so to nothing."""
    if who is Who.RESPONSIBLE:
        return _Standing()
    if who in PARTS:
        return _Standing(part=PARTS[who])
    paths = {grant.path for grant in grants if grant.role in ROLES.get(who, ())}
    if not paths:
        return None
    but_not: Iterable[str] = ()
    if who in {Who.ABOVE, Who.HEAD_ABOVE}:
        # Above means above: one's own unit is not beneath itself, but nothing is above the top.
        but_not = [path for path in paths if len(path) > STEP or who is Who.HEAD_ABOVE]
    return _Standing("", tuple(sorted(paths)), tuple(sorted(but_not)))


def _standing(person: Person, standing: _Standing, on: datetime.date) -> Q:
    """The records to which `person` stands so."""
    if standing.part:
        taken = Participant.objects.filter(person=person, part=standing.part)
        return Q(pk__in=taken.values("record"))
    if standing.paths:
        return in_units(standing.paths, person, on, but_not=standing.but_not)
    return Q(owner__in=person.stands_for(on))


def _steps(
    records: list[Record], details: Mapping[int, Any], person: Person, on: datetime.date
) -> dict[int, tuple[Transition, ...]]:
    """Return the first step that can be taken on each record, in the order of its lifecycle.

    Where it is a verdict, the other verdicts that can be given stand beside it; where one lacks
    what a record is returned for, they stand alone.
    """
    standing = standings(records, person, on)

    def can(transition: Transition, group: Iterable[int], missing: bool = False) -> list[int]:
        """Those that can make it, with what its form asks for; `missing` what they return for."""
        asked = [details[pk] for pk in group]
        if not asked:
            return []
        kind = kind_of(asked[0].record.kind)
        supplied = kind.moves[transition.name].supplies | (kind.returned_for if missing else set())
        refused = refusals_of(
            asked, transition, person=person, on=on, supplied=supplied, known=Known(standing)
        )
        return [detail.pk for detail in asked if detail.pk not in refused]

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
