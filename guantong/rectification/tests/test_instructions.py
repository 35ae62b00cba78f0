"""Measures that carry out an instruction, of which rectification knows the record alone."""

from __future__ import annotations

import pytest

from guantong.directives.models import Instruction
from guantong.directives.operations import InstructionDraft, issue_instructions
from guantong.kit.sheets import Row
from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Record
from guantong.rectification import operations
from guantong.rectification.models import Measure
from guantong.rectification.operations import CannotProposeMeasure, MeasureDraft
from guantong.rectification.sheets import MEASURES
from guantong.rectification.tests.factories import World, fresh_state
from guantong.rectification.tests.test_sheets import context_of, row
from guantong.units.tests.factories import NOW, TODAY


@pytest.fixture
def instruction(here: World) -> Record:
    draft = InstructionDraft(
        campaign=here.campaign,
        unit=here.units["D1"],
        title="See to the furnaces",
        issued_on=TODAY,
        leader=here.people["head_m"],
    )
    [made] = issue_instructions(drafts=[draft], actor=here.people["liaison_d1"], now=NOW)
    return made.record


def propose(here: World, record: Record, actor: str = "liaison_d1") -> Measure:
    draft = MeasureDraft("Gauge the furnaces", instruction=record, owner=here.people["owner_d1"])
    [measure] = operations.propose_measures(drafts=[draft], actor=here.people[actor], now=NOW)
    return measure


def test_it_goes_its_way_and_is_accepted_by_a_second_person(
    here: World, instruction: Record
) -> None:
    measure = propose(here, instruction)
    link = Link.objects.get(target=measure.record)
    assert (link.source, link.kind) == (instruction, LinkKind.ANSWERED_BY)
    assert measure.record.unit == here.units["D1"]
    here.attach(measure)

    def person(name: str) -> Person:
        return here.people[name]

    operations.approve_measures(measures=[measure], actor=person("head_d1"), now=NOW)
    operations.claim_measures(measures=[measure], actor=person("liaison2_d1"), now=NOW)
    for doer in ("liaison_d1", "head_d1", "liaison2_d1"):
        with pytest.raises(operations.CannotAcceptMeasure, match="second person"):
            operations.accept_measures(measures=[measure], actor=person(doer), now=NOW)
    operations.accept_measures(measures=[measure], actor=person("auditor"), now=NOW)
    assert fresh_state(measure) == "accepted"


def test_what_is_done_or_anothers_takes_no_measure(here: World, instruction: Record) -> None:
    with pytest.raises(CannotProposeMeasure, match="isn't yours"):
        propose(here, instruction, "liaison_d2")
    Record.objects.filter(pk=instruction.pk).update(state="done")
    instruction.refresh_from_db()
    with pytest.raises(CannotProposeMeasure, match="takes no more measures"):
        propose(here, instruction)


def test_a_measure_hangs_from_something(here: World) -> None:
    with pytest.raises(CannotProposeMeasure, match="hangs from"):
        operations.propose_measures(
            drafts=[MeasureDraft("Gauge the furnaces")], actor=here.coordinator, now=NOW
        )


def test_the_sheet_takes_it_and_gives_it_back(here: World, instruction: Record) -> None:
    made = Instruction.objects.get(pk=instruction.pk)
    said = row(MEASURES, title="Gauge the furnaces", instruction=made)
    context = context_of(here)
    assert list(MEASURES.check([Row(1, said)], context)) == []
    [measure] = MEASURES.create([said], context)
    assert MEASURES.column("instruction").value_of(measure) == made
    [error] = MEASURES.check([Row(1, row(MEASURES, title="Gauge"))], context)
    assert "instruction" in error.sentence
