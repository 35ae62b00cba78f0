"""What somebody answered for is passed on to named successors (rule 11)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.operations import Writing, act
from guantong.people.models import Person
from guantong.people.operations import note_deputies
from guantong.people.rules import INSPECTOR, holds
from guantong.records.entries import RecordEntry
from guantong.records.models import Part, Participant, Record
from guantong.records.queries import acted_for, are_doers, standings
from guantong.records.refusals import Refusal, Refused, closed_refusals
from guantong.records.registry import kind_of
from guantong.records.rules import Who

HANDING = frozenset({Who.LIAISON, Who.HEAD, Who.COORDINATOR})


class CannotHandOver(Refused):
    """It isn't the actor's to pass on, or the successor can't take it."""


def hand_over(
    *,
    records: Sequence[tuple[Any, Person]] = (),
    parts: Sequence[tuple[Participant, Person]] = (),
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> int:
    """Pass records on to new persons responsible, and parts in records to others; all or none.

    `records` are rows of kinds, each with its successor; `parts` have their record, its unit and
    campaign at hand. The liaison or head of the unit or the coordinator does it, for a reason; an
    inspector is named by the coordinator and is a second person (rule 1).
    """
    concerned = {detail.record.pk: detail.record for detail, _successor in records}
    concerned |= {part.record.pk: part.record for part, _successor in parts}
    if not concerned:
        return 0
    some = list(concerned.values())
    today = some[0].campaign.day_of(now)
    with act(actor=actor, now=now, reason=reason) as writing:
        refused = list(_refusals(some, records, parts, actor, today, reason))
        if refused:
            raise CannotHandOver(refused)
        if actor is not None:
            acting = acted_for(some, actor, today, HANDING)
            note_deputies(writing, acted_for=acting, deputy=actor, on=today)
        _pass_records(writing, records)
        _pass_parts(writing, parts)
    return len(records) + len(parts)


def _pass_records(writing: Writing, records: Sequence[tuple[Any, Person]]) -> None:
    by_kind: dict[str, list[tuple[Any, Person]]] = defaultdict(list)
    for detail, successor in records:
        by_kind[detail.record.kind].append((detail, successor))
    for several in by_kind.values():
        writing.update(
            [detail for detail, _successor in several],
            code=RecordEntry.HANDED_OVER,
            changes={detail.pk: {"owner": successor} for detail, successor in several},
        )


def _pass_parts(writing: Writing, parts: Sequence[tuple[Participant, Person]]) -> None:
    held = set(
        Participant.objects.filter(record__in=[part.record_id for part, _s in parts]).values_list(
            "record_id", "person_id", "part"
        )
    )
    fresh = {
        (part.record_id, successor.pk, part.part): Participant(
            record=part.record, person=successor, part=part.part
        )
        for part, successor in parts
    }
    writing.remove([part for part, _successor in parts], code=RecordEntry.PARTICIPANT_REMOVED)
    writing.create(
        [row for key, row in fresh.items() if key not in held], code=RecordEntry.PARTICIPANT_NAMED
    )


def _refusals(
    concerned: Sequence[Record],
    records: Sequence[tuple[Any, Person]],
    parts: Sequence[tuple[Participant, Person]],
    actor: Person | None,
    today: datetime.date,
    reason: str,
) -> Iterator[Refusal]:
    """Give a sentence for each thing that can't be passed on so."""
    closed = closed_refusals(concerned)
    yield from closed.values()
    standing = standings(concerned, actor, today)
    for record in concerned:
        if record.pk in closed:
            continue
        if not reason.strip():
            yield Refusal(record, _("Say in a sentence why it is handed over."))
        elif not standing[record.pk] & (HANDING | {Who.SYSTEM}):
            sentence = _(
                "It is handed over by the liaison or the head of the unit, or the coordinator."
            )
            yield Refusal(record, sentence)
        elif kind_of(record.kind).lifecycle.state(record.state).is_final:
            yield Refusal(record, _("It has ended: there is nothing to hand over."))
    for detail, successor in records:
        yield from _unfit(detail.record, successor, detail.record.owner_id)
    for part, successor in parts:
        yield from _unfit(part.record, successor, part.person_id)
        if part.part == Part.INSPECTOR:
            yield from _unfit_inspector(part.record, successor, actor, standing, today)


def _unfit(record: Record, successor: Person, predecessor: int | None) -> Iterator[Refusal]:
    if not successor.is_active:
        sentence = _("%(person)s has no account any more. Choose somebody who may sign in.")
        yield Refusal(record, sentence % {"person": successor})
    elif successor.pk == predecessor:
        sentence = _("%(person)s has it already. Choose a successor.")
        yield Refusal(record, sentence % {"person": successor})


def _unfit_inspector(
    record: Record,
    successor: Person,
    actor: Person | None,
    standing: dict[int, frozenset[Who]],
    today: datetime.date,
) -> Iterator[Refusal]:
    if not standing[record.pk] & {Who.COORDINATOR, Who.SYSTEM}:
        yield Refusal(record, _("Inspectors are named by the coordinator."))
    elif actor is not None and actor.pk == successor.pk:
        yield Refusal(record, _("Nobody assigns themselves as inspector. Ask a coordinator."))
    elif not holds(successor.grants(today), [INSPECTOR], record.unit.path):
        sentence = _("%(person)s is not appointed as inspector over %(unit)s.")
        yield Refusal(record, sentence % {"person": successor, "unit": record.unit})
    elif are_doers([record], successor, today)[record.pk]:
        sentence = _("%(person)s is no second person to it: they had a hand in what is judged.")
        yield Refusal(record, sentence % {"person": successor})
