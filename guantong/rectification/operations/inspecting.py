"""Inspections are planned, made against their checklists, fed back, answered and settled."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.ledger.operations import Writing, act
from guantong.people.models import Person
from guantong.records.models import Part
from guantong.records.operations import move_records, name_participants
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.rectification.entries import InspectionEntry
from guantong.rectification.models import (
    ChecklistItem,
    Inspection,
    InspectionReply,
    Result,
    Stance,
)
from guantong.rectification.operations.requesting import refuse_unappointed
from guantong.rectification.queries import checklists_of


class CannotMakeInspection(Refused):
    """An item has no result, one that isn't met says nothing, or it isn't the actor's."""


class CannotSettleInspection(Refused):
    """Feedback, reply or settlement isn't written, or it isn't the actor's."""


class CannotNameInspector(Refused):
    """The person isn't appointed over the unit, or names themselves."""


@dataclass(frozen=True)
class Seen:
    """What was found of one checklist item, by its id."""

    result: str
    found: str = ""


def name_inspectors(
    *,
    inspections: Sequence[Inspection],
    inspector: Person,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Inspection]:
    """Name an inspector on inspections; the coordinator does, and nobody names themselves."""
    if not inspections:
        return []
    today = inspections[0].record.campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=today):
        moved = move_records(
            inspections, "name_inspectors", actor=actor, now=now, error=CannotNameInspector
        )
        records = [inspection.record for inspection in inspections]
        refuse_unappointed(records, inspector, today, CannotNameInspector)
        name_participants(
            named=[(record, inspector) for record in records],
            part=Part.INSPECTOR,
            actor=actor,
            now=now,
        )
    return moved


def write_checklists(
    *,
    inspections: Sequence[Inspection],
    items: Sequence[str],
    actor: Person | None,
    now: datetime.datetime,
    like: Inspection | None = None,
) -> list[Inspection]:
    """Give planned inspections a checklist in place of the one they had.

    With `like` it begins with the items of that earlier inspection.
    """
    if not inspections:
        return []
    today = inspections[0].record.campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=today) as writing:
        moved = move_records(
            inspections, "write_checklist", actor=actor, now=now, error=CannotMakeInspection
        )
        before = checklists_of(i.pk for i in inspections)
        struck = [item for several in before.values() for item in several]
        writing.remove(struck, code=InspectionEntry.STRUCK)
        list_items(writing, inspections, dict.fromkeys((i.pk for i in inspections), items), like)
    return moved


def list_items(
    writing: Writing,
    inspections: Sequence[Inspection],
    items: Mapping[int, Sequence[str]],
    like: Inspection | None = None,
) -> None:
    """Write the checklists' items: those of an earlier inspection first, each once."""
    copied = [item.text for item in checklists_of([like.pk])[like.pk]] if like else []
    rows = []
    for inspection in inspections:
        texts = dict.fromkeys(t.strip()[:500] for t in (*copied, *items[inspection.pk]))
        rows += [
            ChecklistItem(record=inspection.record, position=number, text=text)
            for number, text in enumerate(filter(None, texts), 1)
        ]
    writing.create(rows, code=InspectionEntry.LISTED)


def make_inspections(
    *,
    inspections: Sequence[Inspection],
    results: Mapping[int, Seen],
    actor: Person | None,
    now: datetime.datetime,
    made_on: datetime.date | None = None,
) -> list[Inspection]:
    """Enter inspections as made, with a result for each item of their checklists."""
    if not inspections:
        return []
    prefetch_related_objects(inspections, "record__unit", "record__campaign")
    today = inspections[0].record.campaign.day_of(now)
    checklists = checklists_of(i.pk for i in inspections)
    _refuse_results(inspections, checklists, results)
    with act(actor=actor, now=now, effective_on=made_on or today) as writing:
        moved = move_records(
            inspections,
            "make",
            actor=actor,
            now=now,
            error=CannotMakeInspection,
            occurred_on=made_on,
            made_on=made_on or today,
        )
        _keep_results(writing, [i for s in checklists.values() for i in s], results)
    return moved


def correct_results(
    *,
    inspections: Sequence[Inspection],
    results: Mapping[int, Seen],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> list[Inspection]:
    """Correct what was found, until it is fed back; what became a problem stays as it is."""
    if not inspections:
        return []
    checklists = checklists_of(i.pk for i in inspections)
    _refuse_results(inspections, checklists, results)
    raised = [
        Refusal(item.record, _("“%(item)s” became a problem already.") % {"item": item.text})
        for several in checklists.values()
        for item in several
        if item.problem_id and results[item.pk].result != Result.NOT_MET
    ]
    if raised:
        raise CannotMakeInspection(raised)
    today = inspections[0].record.campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=today, reason=reason) as writing:
        moved = move_records(
            inspections,
            "correct_results",
            actor=actor,
            now=now,
            error=CannotMakeInspection,
            reason=reason,
        )
        _keep_results(writing, [i for s in checklists.values() for i in s], results)
    return moved


def _keep_results(
    writing: Writing, items: Sequence[ChecklistItem], results: Mapping[int, Seen]
) -> None:
    writing.update(
        items,
        code=InspectionEntry.FOUND,
        changes={
            item.pk: {
                "result": results[item.pk].result,
                "found": results[item.pk].found.strip(),
            }
            for item in items
        },
    )


def _refuse_results(
    inspections: Sequence[Inspection],
    checklists: Mapping[int, Sequence[ChecklistItem]],
    results: Mapping[int, Seen],
) -> None:
    """Raise where an item has no result, or one that isn't met says nothing of what was found."""
    refused = []
    for inspection in inspections:
        for item in checklists[inspection.pk]:
            seen = results.get(item.pk)
            if seen is None or seen.result not in Result.values:
                sentence = _("Say of “%(item)s” whether it is met.") % {"item": item.text}
                refused.append(Refusal(inspection.record, sentence))
            elif seen.result == Result.NOT_MET and not seen.found.strip():
                sentence = _("Write what was found of “%(item)s”.") % {"item": item.text}
                refused.append(Refusal(inspection.record, sentence))
    if refused:
        raise CannotMakeInspection(refused)


def feed_back_inspections(
    *,
    inspections: Sequence[Inspection],
    feedback: str,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Inspection]:
    """Tell units in writing what their inspections found; they reply before it is settled."""
    _refuse_silence(inspections, feedback, _("Write the feedback that the unit is given."))
    if not inspections:
        return []
    return move_records(
        inspections,
        "feed_back",
        actor=actor,
        now=now,
        error=CannotSettleInspection,
        feedback=feedback.strip(),
        fed_back_on=inspections[0].record.campaign.day_of(now),
    )


def reply_to_inspections(
    *,
    inspections: Sequence[Inspection],
    stance: str,
    text: str,
    actor: Person | None,
    now: datetime.datetime,
    paper: Paper | None = None,
) -> list[InspectionReply]:
    """Answer the feedback for the unit: a reply, or an objection; its head does."""
    _refuse_silence(inspections, text, _("Write the reply of the unit."))
    if not inspections:
        return []
    if stance not in Stance.values:
        sentence = _("Say whether this is a reply or an objection.")
        raise CannotSettleInspection([Refusal(i.record, sentence) for i in inspections])
    day = paper.on if paper else inspections[0].record.campaign.day_of(now)
    author = paper.by if paper else getattr(actor, "pk", None)
    with act(actor=actor, now=now, effective_on=day) as writing:
        move_records(
            inspections, "reply", actor=actor, now=now, error=CannotSettleInspection, paper=paper
        )
        replies = [
            InspectionReply(
                record=i.record, stance=stance, text=text.strip(), replied_on=day, author_id=author
            )
            for i in inspections
        ]
        writing.create(replies, code=InspectionEntry.REPLIED)
    return replies


def settle_inspections(
    *,
    inspections: Sequence[Inspection],
    settlement: str,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Inspection]:
    """Settle inspections that were answered, and write how: what comes of an objection too."""
    sentence = _("Write how it is settled, and what comes of an objection.")
    _refuse_silence(inspections, settlement, sentence)
    return move_records(
        inspections,
        "settle",
        actor=actor,
        now=now,
        error=CannotSettleInspection,
        settlement=settlement.strip(),
    )


def _refuse_silence(inspections: Sequence[Inspection], text: str, sentence: str) -> None:
    if not text.strip():
        raise CannotSettleInspection([Refusal(i.record, sentence) for i in inspections])
