"""Measures come to be: proposed for a problem, for an instruction, or to move a priority area."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.campaigns.models import Area
from guantong.ledger.operations import act
from guantong.ledger.storing import unsaved
from guantong.people.models import Person
from guantong.records.models import LinkKind, Record
from guantong.records.operations import link_records, open_records
from guantong.records.queries import refusals_of
from guantong.records.refusals import Refusal, Refused
from guantong.rectification.entries import MeasureEntry
from guantong.rectification.models import Measure, MeasureKind, Problem
from guantong.rectification.operations.identifying import (
    link_upstream,
    refusals_to_enter,
    refusals_to_take_up,
)
from guantong.rectification.rules import MEASURE, PROBLEM
from guantong.units.models import Unit


class CannotProposeMeasure(Refused):
    """It hangs from nothing, its problem is being judged or has ended, or it isn't the actor's."""


@dataclass(frozen=True)
class MeasureDraft:
    """What is said of one measure that is to be proposed.

    It hangs from a `problem`, from the record of an `instruction`, or from an `area`; unit,
    restriction and area are those of what it hangs from where none are given. `taken_up` are the
    findings and ideas that it comes from, `moves` the indicators that it is expected to move.
    """

    title: str
    problem: Problem | None = None
    area: Area | None = None
    unit: Unit | None = None
    measure_kind: str = MeasureKind.TIME_BOUND.value
    description: str = ""
    expected_effect: str = ""
    owner: Person | None = None
    due_on: datetime.date | None = None
    opened_on: datetime.date | None = None
    taken_up: Sequence[Record] = ()
    moves: Sequence[Record] = ()
    instruction: Record | None = None
    source_name: str = ""
    source_reference: str = ""


def propose_measures(
    *, drafts: Sequence[MeasureDraft], actor: Person | None, now: datetime.datetime
) -> list[Measure]:
    """Propose measures: for a problem until it is claimed, an instruction, or a priority area."""
    # A measure takes its problem's area where it brings none.
    prefetch_related_objects([draft.problem for draft in drafts if draft.problem], "record__area")
    _refuse(drafts, actor=actor, now=now)
    measures = [measure_from(d, actor=actor, now=now, state=MEASURE.initial) for d in drafts]
    with act(actor=actor, now=now) as writing:
        open_records(writing, measures, code=MeasureEntry.PROPOSED)
        connect_measures(measures, drafts, actor=actor, now=now)
    return measures


def answer_problems(
    *,
    problems: Sequence[Problem],
    title: str,
    actor: Person | None,
    now: datetime.datetime,
    **values: Any,
) -> list[Measure]:
    """Propose the same measure for each of some problems; `values` are those of `MeasureDraft`."""
    drafts = [MeasureDraft(title=title, problem=problem, **values) for problem in problems]
    return propose_measures(drafts=drafts, actor=actor, now=now)


def measure_from(
    draft: MeasureDraft, *, actor: Person | None, now: datetime.datetime, state: str
) -> Measure:
    """Return the unsaved rows of one draft, which hangs from a problem, instruction or area."""
    upstream = draft.problem.record if draft.problem else draft.instruction
    area: Any = draft.area or (upstream.area if upstream else None)
    campaign = upstream.campaign if upstream else area.campaign
    record = unsaved(
        Record,
        campaign=campaign,
        kind=MEASURE.kind,
        unit=draft.unit or (upstream.unit if upstream else area.unit),
        title=draft.title.strip(),
        state=state,
        owner=draft.owner,
        author=actor,
        area=area,
        opened_on=draft.opened_on or campaign.day_of(now),
        due_on=draft.due_on,
        is_restricted=upstream.is_restricted if upstream else False,
    )
    return unsaved(
        Measure,
        record=record,
        measure_kind=draft.measure_kind,
        description=draft.description,
        expected_effect=draft.expected_effect,
        source_name=draft.source_name,
        source_reference=draft.source_reference,
    )


def connect_measures(
    measures: Sequence[Measure],
    drafts: Sequence[MeasureDraft],
    *,
    actor: Person | None,
    now: datetime.datetime,
) -> None:
    """Link new measures to what they carry out, to what they come from and are to move."""
    both = [(m.record, d) for m, d in zip(measures, drafts, strict=True)]
    answering = [(draft.problem.record, record) for record, draft in both if draft.problem]
    answering += [(draft.instruction, record) for record, draft in both if draft.instruction]
    link_records(pairs=answering, kind=LinkKind.ANSWERED_BY, actor=actor, now=now)
    taken_up = [(source, record) for record, draft in both for source in draft.taken_up]
    link_upstream(taken_up, actor=actor, now=now)
    moving = [(record, indicator) for record, draft in both for indicator in draft.moves]
    if moving:
        link_records(pairs=moving, kind=LinkKind.MOVES, actor=actor, now=now)


def _refuse(
    drafts: Sequence[MeasureDraft], *, actor: Person | None, now: datetime.datetime
) -> None:
    refused = []
    places: set[tuple[Any, Any]] = set()
    for draft in drafts:
        area = draft.area
        if not draft.title.strip():
            refused.append(Refusal(None, _("A measure needs a title that says what is done.")))
        elif len(draft.title) > 500:
            refused.append(
                Refusal(None, _("The title is longer than 500 characters; move some to the text."))
            )
        elif draft.measure_kind not in MeasureKind.values:
            sentence = _("“%(word)s” is no kind of measure.") % {"word": draft.measure_kind}
            refused.append(Refusal(None, sentence))
        elif draft.problem is None and draft.instruction is None and area is None:
            refused.append(
                Refusal(
                    None,
                    _("A measure hangs from a problem, an instruction or an area: name one."),
                )
            )
        elif draft.instruction is not None and draft.instruction.state != "issued":
            sentence = _("%(instruction)s is done: it takes no more measures.")
            refused.append(Refusal(None, sentence % {"instruction": draft.instruction}))
        elif draft.instruction is not None and draft.problem is None:
            given = draft.instruction
            places.add((given.campaign, draft.unit or given.unit))
        elif draft.problem is None and draft.unit is None and area and area.unit is None:
            refused.append(Refusal(None, _("Say which unit is responsible for the measure.")))
        elif draft.problem is None and area:
            places.add((area.campaign, draft.unit or area.unit))
    refused += refusals_to_enter(places, actor, now)
    refused += refusals_to_take_up([r for d in drafts for r in (*d.taken_up, *d.moves)], actor, now)
    refused += _refusals_of_problems(drafts, actor, now)
    if refused:
        raise CannotProposeMeasure(refused)


def _refusals_of_problems(
    drafts: Sequence[MeasureDraft], actor: Person | None, now: datetime.datetime
) -> list[Refusal]:
    """Say which problems take no measure now; what a register says of the past is taken anyway."""
    problems = list({d.problem.pk: d.problem for d in drafts if d.problem}.values())
    if actor is None or not problems:
        return []
    imported = {d.problem.pk for d in drafts if d.problem and d.source_name}
    refused = refusals_to_enter(
        {(p.record.campaign, p.record.unit) for p in problems if p.pk in imported}, actor, now
    )
    asked = [p for p in problems if p.pk not in imported]
    if asked:
        on = asked[0].record.campaign.day_of(now)
        transition = PROBLEM.transition("propose_measures")
        refused += refusals_of(asked, transition, person=actor, on=on).values()
    return refused
