"""Measures that carry out an instruction, of which rectification knows the record alone."""

from __future__ import annotations

import pytest

from guantong.kit.sheets import Row
from guantong.people.models import Person
from guantong.records import registry
from guantong.records.models import Link, LinkKind, Record
from guantong.records.registry import Kind
from guantong.records.rules import Lifecycle, State
from guantong.rectification import operations
from guantong.rectification.models import Measure
from guantong.rectification.operations import CannotProposeMeasure, MeasureDraft
from guantong.rectification.sheets import MEASURES
from guantong.rectification.tests.factories import World, fresh_state
from guantong.rectification.tests.test_sheets import context_of, row
from guantong.units.tests.factories import NOW, TODAY

INSTRUCTION = Lifecycle(
    "instruction", (State("issued", "Issued"), State("done", "Done", is_final=True)), ()
)


@pytest.fixture
def instruction(here: World, monkeypatch: pytest.MonkeyPatch) -> Record:
    kind = Kind("instruction", "", "", "instructions", "X", Measure, INSTRUCTION, "directives")
    monkeypatch.setitem(registry._kinds, "instruction", kind)
    return Record.objects.create(
        campaign=here.campaign,
        kind="instruction",
        reference="X-0001",
        unit=here.units["D1"],
        title="See to the furnaces",
        state="issued",
        opened_on=TODAY,
    )


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


def test_what_is_no_instruction_or_done_is_refused(here: World, instruction: Record) -> None:
    [problem] = here.identified()
    with pytest.raises(CannotProposeMeasure, match="instruction"):
        propose(here, problem.record)
    with pytest.raises(CannotProposeMeasure, match="isn't yours"):
        propose(here, instruction, "liaison_d2")
    Record.objects.filter(pk=instruction.pk).update(state="done")
    instruction.refresh_from_db()
    with pytest.raises(CannotProposeMeasure, match="still to be carried out"):
        propose(here, instruction)


def test_a_measure_hangs_from_something(here: World) -> None:
    with pytest.raises(CannotProposeMeasure, match="hangs from"):
        operations.propose_measures(
            drafts=[MeasureDraft("Gauge the furnaces")], actor=here.coordinator, now=NOW
        )


def test_the_sheet_names_it_by_reference(here: World, instruction: Record) -> None:
    said = row(MEASURES, title="Gauge the furnaces", instruction="X-0001")
    context = context_of(here)
    assert list(MEASURES.check([Row(1, said)], context)) == []
    [measure] = MEASURES.create([said], context)
    assert MEASURES.column("instruction").value_of(measure) == "X-0001"
    wrong = row(MEASURES, title="Gauge the furnaces", instruction="X-0002")
    [error] = MEASURES.check([Row(1, wrong)], context)
    assert (error.column, "X-0002" in error.sentence) == ("instruction", True)
    [error] = MEASURES.check([Row(1, row(MEASURES, title="Gauge"))], context)
    assert "instruction" in error.sentence
