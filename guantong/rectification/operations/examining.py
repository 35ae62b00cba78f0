"""Inspections come to be, and problems come of what they found."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, HEAD, LIAISON, holds
from guantong.records.models import Part, Record
from guantong.records.operations import move_records, name_participants, open_records
from guantong.records.refusals import Refusal, Refused
from guantong.rectification.entries import InspectionEntry, ProblemEntry
from guantong.rectification.models import (
    ChecklistItem,
    Inspection,
    InspectionKind,
    Problem,
    Result,
    Severity,
)
from guantong.rectification.operations.identifying import (
    ProblemDraft,
    connect_problems,
    problem_from,
)
from guantong.rectification.operations.inspecting import list_items
from guantong.rectification.operations.requesting import refuse_unappointed
from guantong.rectification.rules import INSPECTION, PROBLEM
from guantong.units.models import Unit


class CannotPlanInspection(Refused):
    """The unit isn't the actor's to inspect, or what is said of the inspection won't do."""


class CannotRaiseProblems(Refused):
    """An item is met or became a problem already, or the inspection isn't the actor's."""


@dataclass(frozen=True)
class InspectionDraft:
    """What is said of one inspection that is to be planned.

    `items` are the texts of its checklist, after those of the earlier inspection `like`.
    """

    campaign: Campaign
    unit: Unit
    title: str
    inspection_kind: str = InspectionKind.INSPECTION.value
    purpose: str = ""
    planned_on: datetime.date | None = None
    items: Sequence[str] = ()
    like: Inspection | None = None
    inspectors: Sequence[Person] = ()
    owner: Person | None = None
    area: Area | None = None
    due_on: datetime.date | None = None
    is_restricted: bool = False
    source_name: str = ""
    source_reference: str = ""


def plan_inspections(
    *, drafts: Sequence[InspectionDraft], actor: Person | None, now: datetime.datetime
) -> list[Inspection]:
    """Plan inspections: the coordinator of the unit does, of itself also its liaison or head."""
    refused = [Refusal(None, said) for d in drafts for said in _wrong_with(d, actor, now)]
    if refused:
        raise CannotPlanInspection(refused)
    inspections = [_inspection_from(draft, actor, now) for draft in drafts]
    both = list(zip(inspections, drafts, strict=True))
    if not drafts:
        return []
    today = drafts[0].campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=today) as writing:
        open_records(writing, inspections, code=InspectionEntry.PLANNED)
        for inspection, draft in both:
            list_items(writing, [inspection], {inspection.pk: draft.items}, draft.like)
        named = [(i.record, person) for i, draft in both for person in draft.inspectors]
        for record, person in named:
            refuse_unappointed([record], person, today, CannotPlanInspection)
        name_participants(named=named, part=Part.INSPECTOR, actor=actor, now=now)
    return inspections


def _inspection_from(
    draft: InspectionDraft, actor: Person | None, now: datetime.datetime
) -> Inspection:
    record = Record(
        campaign=draft.campaign,
        kind=INSPECTION.kind,
        unit=draft.unit,
        title=draft.title.strip(),
        state=INSPECTION.initial,
        owner=draft.owner,
        author=actor,
        area=draft.area,
        opened_on=draft.campaign.day_of(now),
        due_on=draft.due_on,
        is_restricted=draft.is_restricted,
    )
    return Inspection(
        record=record,
        inspection_kind=draft.inspection_kind,
        purpose=draft.purpose,
        planned_on=draft.planned_on,
        source_name=draft.source_name,
        source_reference=draft.source_reference,
    )


def _wrong_with(draft: InspectionDraft, actor: Person | None, now: datetime.datetime) -> list[str]:
    wrong = []
    if not draft.title.strip() or len(draft.title) > 500:
        wrong.append(_("An inspection needs a title of at most 500 characters."))
    if draft.inspection_kind not in InspectionKind.values:
        wrong.append(_("“%(word)s” is no kind of inspection.") % {"word": draft.inspection_kind})
    if actor is not None:
        grants = actor.grants(draft.campaign.day_of(now))
        is_own = draft.inspection_kind == InspectionKind.SELF_EXAMINATION
        roles = [COORDINATOR, LIAISON, HEAD] if is_own else [COORDINATOR]
        if not holds(grants, roles, draft.unit.path):
            sentence = (
                _("%(unit)s examines itself: its liaison or head enters that, or the coordinator.")
                if is_own
                else _("Inspections of %(unit)s are planned by the coordinator over it.")
            )
            wrong.append(sentence % {"unit": draft.unit.name})
    return wrong


def raise_problems(
    *,
    inspections: Sequence[Inspection],
    items: Sequence[ChecklistItem],
    actor: Person | None,
    now: datetime.datetime,
    severities: Mapping[int, str] | None = None,
) -> list[Problem]:
    """Make checklist items that aren't met into problems of the inspected units.

    `severities` are given by the items' ids; medium where nothing is said.
    """
    if not inspections:
        return []
    prefetch_related_objects(inspections, "record__unit", "record__campaign", "record__area")
    by_id = {inspection.pk: inspection for inspection in inspections}
    _refuse_items(by_id, items)
    today = inspections[0].record.campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=today) as writing:
        move_records(inspections, "raise_problems", actor=actor, now=now, error=CannotRaiseProblems)
        drafts = [
            _problem_draft(by_id[item.record_id], item, (severities or {}).get(item.pk))
            for item in items
        ]
        problems = [
            problem_from(draft, actor=actor, now=now, state=PROBLEM.initial) for draft in drafts
        ]
        open_records(writing, problems, code=ProblemEntry.IDENTIFIED)
        connect_problems(problems, drafts, actor=actor, now=now)
        writing.update(
            items,
            code=InspectionEntry.PROBLEMS_RAISED,
            changes={
                item.pk: {"problem": problem.record}
                for item, problem in zip(items, problems, strict=True)
            },
        )
    return problems


def _problem_draft(
    inspection: Inspection, item: ChecklistItem, severity: str | None
) -> ProblemDraft:
    record = inspection.record
    return ProblemDraft(
        campaign=record.campaign,
        unit=record.unit,
        # What was found is what is wrong; the item says what it should have been.
        title=item.found.strip().splitlines()[0][:500],
        description=f"{item.text}\n{item.found}",
        severity=severity or Severity.MEDIUM.value,
        area=record.area,
        is_restricted=record.is_restricted,
        raised_by=[record],
    )


def _refuse_items(by_id: Mapping[int, Inspection], items: Sequence[ChecklistItem]) -> None:
    refused = []
    for item in items:
        inspection = by_id.get(item.record_id)
        if inspection is None:
            refused.append(Refusal(None, _("This item is on the checklist of another inspection.")))
        elif item.problem_id is not None:
            sentence = _("“%(item)s” became a problem already.") % {"item": item.text}
            refused.append(Refusal(inspection.record, sentence))
        elif item.result != Result.NOT_MET:
            sentence = _("“%(item)s” is met; only what isn't met becomes a problem.")
            refused.append(Refusal(inspection.record, sentence % {"item": item.text}))
    if not items:
        sentence = _("Choose the items that become problems.")
        refused = [Refusal(inspection.record, sentence) for inspection in by_id.values()]
    if refused:
        raise CannotRaiseProblems(refused)
