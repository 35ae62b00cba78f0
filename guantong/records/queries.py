"""Reads that span records, people and links: standing, four eyes, moves, the thread."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Value

from guantong.ledger.queries import entries_with_code
from guantong.people.models import Deputyship, Person
from guantong.people.rules import AUDITOR, COORDINATOR, HEAD, LIAISON, Grant, holds, holds_above
from guantong.records.entries import RecordEntry
from guantong.records.models import Link, LinkKind, Part, Participant, Record, StatePeriod
from guantong.records.refusals import (
    ClosedCampaign,
    Known,
    Refusal,
    closed_refusals,
    lacks_of,
    sentence_for,
)
from guantong.records.registry import kind_of
from guantong.records.rules import Transition, Who, obstacle, possible_from
from guantong.records.visibility import brought_by
from guantong.units.rules import STEP


def standings(
    records: Sequence[Record], person: Person | None, on: datetime.date
) -> dict[int, frozenset[Who]]:
    """Return in which capacities `person` stands to each record; None is the system itself.

    One query, units being at hand. Who researches a project or visit does so on what it brought.
    """
    if person is None:
        return {record.pk: frozenset({Who.SYSTEM}) for record in records}
    parts: dict[int, set[str]] = defaultdict(set)
    taken = Participant.objects.filter(person=person, record__in=[r.pk for r in records])
    rows = taken.values_list("record_id", "part")
    if findings := [record.pk for record in records if record.kind == "finding"]:
        brought = (links.filter(target__in=findings) for links in brought_by(person.pk))
        as_one = Value(Part.RESEARCHER.value)
        rows = rows.union(*(links.values_list("target_id", as_one) for links in brought))
    for record_id, part in rows:
        parts[record_id].add(part)
    return _standings(records, person.grants(on), owners=person.stands_for(on), parts=parts)


def standing_on(record: Record, person: Person, on: datetime.date) -> frozenset[Who]:
    """Return in which capacities `person` stands to one record that a page is about.

    It is kept with the row, for many parts of a page ask for it; operations ask anew.
    """
    known = record.__dict__.setdefault("_standing_on", {})
    if (person.pk, on) not in known:
        known[person.pk, on] = standings([record], person, on)[record.pk]
    return known[person.pk, on]


def _standings(
    records: Sequence[Record],
    grants: Sequence[Grant],
    *,
    owners: Collection[int],
    parts: Mapping[int, Collection[str]],
) -> dict[int, frozenset[Who]]:
    """Return the capacities that grants, ownership and parts give in each record."""
    inspecting = _inspected_by_their_units(records)
    found: dict[tuple[str, bool, bool, bool], frozenset[Who]] = {}
    result = {}
    for record in records:
        researches = Part.RESEARCHER in parts.get(record.pk, ())
        inspects = Part.INSPECTOR in parts.get(record.pk, ()) or (
            record.pk in inspecting and holds(grants, [LIAISON, HEAD], record.unit.path)
        )
        owns = record.owner_id in owners
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


def _inspected_by_their_units(records: Sequence[Record]) -> set[int]:
    """Return those of which the unit's own liaison and head are the inspectors."""
    found: set[int] = set()
    for name in {record.kind for record in records}:
        condition = kind_of(name).inspected_by_unit
        if condition is not None:
            ids = [record.pk for record in records if record.kind == name]
            own = Record.objects.filter(condition, pk__in=ids)
            found.update(own.values_list("pk", flat=True))
    return found


def acted_for(
    records: Sequence[Record], person: Person | None, on: datetime.date, allowed: Collection[Who]
) -> dict[int, int]:
    """Return for which absent person, by id, `person` acts where only a deputyship allows it.

    What somebody may do in a capacity of their own they do for nobody else.
    """
    if person is None or len(person.stands_for(on)) == 1:
        return {}
    standing = standings(records, person, on)
    own_parts = {Who.RESEARCHER, Who.INSPECTOR} & set(allowed)
    # Where the unit inspects itself, being its inspector comes with a role, which may be another's.
    by_role = _inspected_by_their_units(records)
    rest = [r for r in records if r.pk in by_role or not standing[r.pk] & own_parts]
    found: dict[int, int] = {}
    for someone in sorted(person.stands_for(on), key=lambda one: (one != person.pk, one)):
        of = None if someone == person.pk else someone
        grants = [grant for grant in person.grants(on) if grant.of == of]
        theirs = _standings(rest, grants, owners={someone}, parts={})
        for record in rest:
            if record.pk not in found and theirs[record.pk] & set(allowed):
                found[record.pk] = someone
    return {pk: someone for pk, someone in found.items() if someone != person.pk}


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
    # What was carried forward has been somebody's doing in the campaign that it comes from.
    former = _carried_from({one for ids in result.values() for one in ids})
    for together in result.values():
        together.update(*(former[one] for one in list(together) if one in former))
    return result


def _carried_from(ids: Collection[int]) -> dict[int, set[int]]:
    """Return, for those records that go on from earlier campaigns, the ids of what they were."""
    found: dict[int, set[int]] = {}
    sources = linked(ids, LinkKind.CARRIED_FORWARD, upstream=True)
    if sources:
        earlier = _carried_from({one for several in sources.values() for one in several})
        for one, several in sources.items():
            found[one] = set(several).union(*(earlier.get(other, set()) for other in several))
    return found


def doers(records: Sequence[Record], on: datetime.date) -> dict[int, set[int]]:
    """Return who wrote, owned, researched, claimed or approved each record or what goes with it.

    A deputy and the person they stood for on the day of the deed are one pair of eyes. Who handed
    a record over had owned it.
    """
    judged = judged_with(records)
    all_ids = {record_id for ids in judged.values() for record_id in ids}
    deeds: dict[int, set[tuple[int, datetime.date]]] = defaultdict(set)
    # Who is on the team of a project, a visit or a finding did the work that is judged.
    team = Participant.objects.filter(record__in=all_ids, part=Part.RESEARCHER)
    for record_id, person_id in team.values_list("record_id", "person_id"):
        deeds[record_id].add((person_id, on))
    kinds: dict[int, str] = {}
    rows = Record.objects.filter(pk__in=all_ids)
    for record_id, kind, opened_on, author, owner in rows.values_list(
        "pk", "kind", "opened_on", "author_id", "owner_id"
    ):
        kinds[record_id] = kind
        deeds[record_id].update(
            (p, day) for p, day in ((author, opened_on), (owner, on)) if p is not None
        )
    periods = StatePeriod.objects.filter(record__in=all_ids)
    for record_id, state, day, by, recorded_by in periods.values_list(
        "record_id", "state", "starts_on", "by_id", "recorded_by_id"
    ):
        if state in kind_of(kinds[record_id]).lifecycle.doing:
            deeds[record_id].update((p, day) for p in (by, recorded_by) if p is not None)
    for entry in entries_with_code(RecordEntry.HANDED_OVER, all_ids):
        old, _new = entry.changes.get("owner", (None, None))
        if old is not None:
            deeds[entry.record].add((old, entry.effective_on))
    people = _with_absent(deeds)
    return {
        record_id: set().union(*(people[other] for other in others))
        for record_id, others in judged.items()
    }


def _with_absent(
    deeds: Mapping[int, set[tuple[int, datetime.date]]],
) -> Mapping[int, set[int]]:
    """Return the doers of each record, and those for whom they stood when they did it."""
    everybody = {person for done in deeds.values() for person, _day in done}
    stood: dict[int, list[Deputyship]] = defaultdict(list)
    for one in Deputyship.objects.filter(deputy__in=everybody):
        stood[one.deputy_id].append(one)
    people: dict[int, set[int]] = defaultdict(set)
    for record_id, done in deeds.items():
        for person, day in done:
            people[record_id].add(person)
            people[record_id].update(
                one.person_id for one in stood.get(person, ()) if one.starts_on <= day < one.ends_on
            )
    return people


def are_doers(
    records: Sequence[Record], person: Person | None, on: datetime.date
) -> dict[int, bool]:
    """Return for each record whether `person` is no second person to it (rule 1).

    Nor is a deputy of somebody who isn't. For a priority record everybody of the responsible unit,
    by post or by appointment, counts.
    """
    if person is None:
        return {record.pk: False for record in records}
    involved = doers(records, on)
    eyes = person.stands_for(on)
    units = {person.unit_id} | {g.unit for g in person.grants(on) if g.role in (LIAISON, HEAD)}
    if len(eyes) > 1:
        units |= set(Person.objects.filter(pk__in=eyes).values_list("unit_id", flat=True))
    return {
        record.pk: bool(eyes & involved[record.pk])
        or (record.is_priority and record.unit_id in units)
        for record in records
    }


def refuse_closed(record_ids: Iterable[int]) -> None:
    """Raise ClosedCampaign where records belong to a campaign that is closed; one query."""
    records = Record.objects.filter(pk__in=set(record_ids), campaign__closed_on__isnull=False)
    closed = closed_refusals(records.select_related("campaign"))
    if closed:
        raise ClosedCampaign(list(closed.values()))


def refusals_of(
    details: Sequence[Any],
    transition: Transition,
    *,
    person: Person | None,
    on: datetime.date,
    reason: str | None = None,
    supplied: Collection[str] = (),
    known: Known | None = None,
) -> dict[int, Refusal]:
    """Return, by id, why each of these records of one kind can't make `transition` now.

    Needs in `supplied` are still to be asked for, and don't count."""
    if not details:
        return {}
    records, known = [detail.record for detail in details], known or Known()
    kind = kind_of(records[0].kind)
    known.standing = known.standing or standings(records, person, on)
    if transition.is_second:
        known.is_doer = known.is_doer or are_doers(records, person, on)
    refusals = closed_refusals(records)
    for record in records:
        if record.pk in refusals:
            continue
        found = obstacle(
            kind.lifecycle,
            transition,
            state=record.state,
            standing=known.standing[record.pk],
            is_doer=transition.is_second and known.is_doer[record.pk],
            reason=reason,
        )
        if found:
            sentence = sentence_for(found, kind.lifecycle, transition, record.state)
            refusals[record.pk] = Refusal(record, sentence)
    waiting = [detail for detail in details if detail.pk not in refusals]
    rows = {record.pk: record for record in records}
    lacking = lacks_of(kind, transition, waiting, on, supplied, known.lacking)
    return refusals | {pk: Refusal(rows[pk], sentence) for pk, sentence in lacking.items()}


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
    standing = standing_on(detail.record, person, on)
    known, found = Known({detail.pk: standing}), []
    for transition in possible_from(kind.lifecycle, detail.record.state):
        if transition.name not in kind.moves or not transition.by & standing:
            continue
        supplied = kind.moves[transition.name].supplies
        refusal = refusals_of(
            [detail], transition, person=person, on=on, supplied=supplied, known=known
        ).get(detail.pk)
        if refusal is not None and transition.is_answer:
            continue
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
    record: Record,
    *,
    person: Person,
    on: datetime.date,
    upstream: bool,
    depth: int = 2,
    past: datetime.date | None = None,
) -> list[Strand]:
    """Return what led to a record, or what came of it, as far as `person` may see it.

    Two queries for each level: the links, then the records at their far ends by id; joined, they
    would be asked for among all that the person sees. What can't be seen isn't walked through; nor,
    on a `past` day, what wasn't there yet. What a record merely groups isn't walked down to: it may
    be a thousand, and its page counts them; nor what people have put beside it as to be seen, too.
    """
    here, there = ("target", "source") if upstream else ("source", "target")
    found: list[Strand] = []
    seen = {record.pk}
    level = [record.pk]
    for step in range(1, depth + 1):
        links = Link.objects.filter(**{f"{here}__in": level}).order_by("kind", "pk")
        links = links.exclude(kind=LinkKind.SEE_ALSO)
        if not upstream:
            links = links.exclude(kind=LinkKind.GROUPED)
        far = {getattr(link, f"{there}_id") for link in links}
        records = Record.objects.visible_to(person, on, is_few=True).select_related("unit")
        if past is not None:
            records = records.opened_by(past)
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
        for detail in details.select_related("record__unit", "record__campaign", *kind.related):
            found[detail.pk] = detail
    return found
