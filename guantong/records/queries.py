"""Reads that span records, people and links: standing, four eyes, moves, the thread."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guantong.people.models import Person
from guantong.people.rules import (
    AUDITOR,
    COORDINATOR,
    HEAD,
    LIAISON,
    holds,
    holds_above,
)
from guantong.records.models import Link, Part, Participant, Record, StatePeriod
from guantong.records.refusals import Refusal, sentence_for
from guantong.records.registry import kind_of
from guantong.records.rules import Transition, Who, obstacle, possible_from
from guantong.units.rules import STEP


def standings(
    records: Sequence[Record], person: Person | None, on: datetime.date
) -> dict[int, frozenset[Who]]:
    """Return in which capacities `person` stands to each record; None is the system itself.

    Records must have their units at hand. One query for the parts, none for each record.
    """
    if person is None:
        return {record.pk: frozenset({Who.SYSTEM}) for record in records}
    grants = person.grants(on)
    parts: dict[int, set[str]] = defaultdict(set)
    taken = Participant.objects.filter(person=person, record__in=[r.pk for r in records])
    for record_id, part in taken.values_list("record_id", "part"):
        parts[record_id].add(part)
    found: dict[tuple[str, bool, bool, bool], frozenset[Who]] = {}
    result = {}
    for record in records:
        researches = Part.RESEARCHER in parts[record.pk]
        inspects = Part.INSPECTOR in parts[record.pk]
        owns = record.owner_id == person.pk
        case = (record.unit.path, researches, inspects, owns)
        if case not in found:
            path = record.unit.path
            who = {
                Who.LIAISON: holds(grants, [LIAISON], path),
                Who.HEAD: holds(grants, [HEAD], path),
                Who.COORDINATOR: holds(grants, [COORDINATOR], path),
                Who.AUDITOR: holds(grants, [AUDITOR], path),
                Who.RESEARCHER: researches,
                Who.INSPECTOR: inspects,
                Who.RESPONSIBLE: owns,
                # Above the topmost unit there is nobody: its coordinator enters what an authority
                # outside decided, on paper (see records.operations).
                Who.ABOVE: holds_above(grants, [HEAD, COORDINATOR], path)
                or (len(path) == STEP and holds(grants, [COORDINATOR], path)),
                Who.HEAD_ABOVE: holds_above(grants, [HEAD], path),
            }
            found[case] = frozenset(name for name, is_so in who.items() if is_so)
        result[record.pk] = found[case]
    return result


def judged_with(records: Sequence[Record]) -> dict[int, set[int]]:
    """Return for each record the ids of all whose doers may not judge it, itself among them."""
    result = {record.pk: {record.pk} for record in records}
    by_kind: dict[str, list[int]] = defaultdict(list)
    for record in records:
        by_kind[record.kind].append(record.pk)
    for name, ids in by_kind.items():
        judged = kind_of(name).judged
        if judged is not None:
            for record_id, others in judged(ids).items():
                result[record_id].update(others)
    return result


def doers(records: Sequence[Record]) -> dict[int, set[int]]:
    """Return who wrote, owned, researched, claimed or approved each record or what goes with it."""
    judged = judged_with(records)
    all_ids = {record_id for ids in judged.values() for record_id in ids}
    people: dict[int, set[int]] = defaultdict(set)
    # Who is on the team of a project, a visit or a finding did the work that is judged.
    team = Participant.objects.filter(record__in=all_ids, part=Part.RESEARCHER)
    for record_id, person_id in team.values_list("record_id", "person_id"):
        people[record_id].add(person_id)
    kinds: dict[int, str] = {}
    rows = Record.objects.filter(pk__in=all_ids).values_list("pk", "kind", "author_id", "owner_id")
    for record_id, kind, author, owner in rows:
        kinds[record_id] = kind
        people[record_id].update(p for p in (author, owner) if p is not None)
    periods = StatePeriod.objects.filter(record__in=all_ids)
    for record_id, state, by, recorded_by in periods.values_list(
        "record_id", "state", "by_id", "recorded_by_id"
    ):
        if state in kind_of(kinds[record_id]).lifecycle.doing:
            people[record_id].update(p for p in (by, recorded_by) if p is not None)
    return {
        record_id: set().union(*(people[other] for other in others))
        for record_id, others in judged.items()
    }


def are_doers(
    records: Sequence[Record], person: Person | None, on: datetime.date
) -> dict[int, bool]:
    """Return for each record whether `person` is no second person to it (rule 1).

    For a priority record everybody of the responsible unit, by post or by appointment, counts.
    """
    if person is None:
        return {record.pk: False for record in records}
    involved = doers(records)
    units = {person.unit_id} | {g.unit for g in person.grants(on) if g.role in (LIAISON, HEAD)}
    return {
        record.pk: person.pk in involved[record.pk]
        or (record.is_priority and record.unit_id in units)
        for record in records
    }


def refusals_of(
    details: Sequence[Any],
    transition: Transition,
    *,
    person: Person | None,
    on: datetime.date,
    reason: str | None = None,
) -> dict[int, Refusal]:
    """Return, by id, why each of these records of one kind can't make `transition` now."""
    if not details:
        return {}
    records = [detail.record for detail in details]
    kind = kind_of(records[0].kind)
    standing = standings(records, person, on)
    is_doer = (
        are_doers(records, person, on) if transition.is_second else dict.fromkeys(standing, False)
    )
    refusals: dict[int, Refusal] = {}
    for record in records:
        found = obstacle(
            kind.lifecycle,
            transition,
            state=record.state,
            standing=standing[record.pk],
            is_doer=is_doer[record.pk],
            reason=reason,
        )
        if found:
            sentence = sentence_for(found, kind.lifecycle, transition, record.state)
            refusals[record.pk] = Refusal(record, sentence)
    for need in transition.needs:
        waiting = [detail for detail in details if detail.pk not in refusals]
        for record_id, sentence in kind.needs[need](waiting).items():
            record = next(r for r in records if r.pk == record_id)
            refusals[record_id] = Refusal(record, sentence)
    return refusals


@dataclass(frozen=True)
class PossibleMove:
    """A transition as a record's page shows it: a button, or greyed with its reason."""

    transition: Transition
    refusal: str | None


def moves_of(detail: Any, *, person: Person, on: datetime.date) -> list[PossibleMove]:
    """Return the transitions that start from the record's state, possible ones first.

    A move that is none of this person's business (standing) is left out, so that what stands
    greyed is what they could do once its reason is gone.
    """
    kind = kind_of(detail.record.kind)
    standing = standings([detail.record], person, on)[detail.pk]
    found = []
    for transition in possible_from(kind.lifecycle, detail.record.state):
        if transition.name not in kind.moves or not transition.by & standing:
            continue
        refusal = refusals_of([detail], transition, person=person, on=on).get(detail.pk)
        found.append(PossibleMove(transition, refusal.sentence if refusal else None))
    return sorted(found, key=lambda move: move.refusal is not None)


def linked(ids: Iterable[int], kind: str, *, upstream: bool = False) -> dict[int, list[int]]:
    """Return for each id the records that a link of `kind` leads to (or comes from)."""
    here, there = ("target", "source") if upstream else ("source", "target")
    rows = Link.objects.filter(**{f"{here}__in": list(ids), "kind": kind}).order_by("pk")
    found: dict[int, list[int]] = defaultdict(list)
    for one, other in rows.values_list(f"{here}_id", f"{there}_id"):
        found[one].append(other)
    return found


@dataclass(frozen=True)
class Strand:
    """One step of a thread: a link, and the record at its far end, `depth` links away."""

    link: Link
    record: Record
    depth: int


def thread_of(
    record: Record, *, person: Person, on: datetime.date, upstream: bool, depth: int = 2
) -> list[Strand]:
    """Return what led to a record, or what came of it, as far as `person` may see it.

    Two queries for each level: the links, then the records at their far ends by id; joined, they
    would be asked for among all that the person sees. What can't be seen isn't walked through.
    """
    here, there = ("target", "source") if upstream else ("source", "target")
    found: list[Strand] = []
    seen = {record.pk}
    level = [record.pk]
    for step in range(1, depth + 1):
        links = list(Link.objects.filter(**{f"{here}__in": level}).order_by("kind", "pk"))
        far = {getattr(link, f"{there}_id") for link in links}
        records = Record.objects.visible_to(person, on, is_few=True).select_related("unit")
        visible = records.in_bulk(far - seen)
        level = []
        for link in links:
            other = visible.get(getattr(link, f"{there}_id"))
            if other is not None and other.pk not in seen:
                seen.add(other.pk)
                level.append(other.pk)
                setattr(link, there, other)
                found.append(Strand(link, other, step))
        if not level:
            break
    return found


def details_of(records: Iterable[Record]) -> dict[int, Any]:
    """Return each record's row of its own kind, one query for each kind."""
    by_kind: Mapping[str, list[Record]] = defaultdict(list)
    for record in records:
        by_kind[record.kind].append(record)
    found: dict[int, Any] = {}
    for name, rows in by_kind.items():
        kind = kind_of(name)
        details = kind.model._default_manager.filter(pk__in=[r.pk for r in rows])
        for detail in details.select_related("record__unit", *kind.related):
            found[detail.pk] = detail
    return found
