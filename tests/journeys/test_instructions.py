"""An instruction across the strands: it takes up, is carried out by measures, and is done."""

import pytest

from guantong.directives.operations import (
    CannotFinishInstruction,
    InstructionDraft,
    finish_instructions,
    issue_instructions,
    take_up,
)
from guantong.evidence.operations import Upload, attach_files
from guantong.kit.sheets import Context
from guantong.records.models import Link, Record
from guantong.rectification.models import Measure
from guantong.rectification.operations import (
    CannotProposeMeasure,
    MeasureDraft,
    accept_measures,
    approve_measures,
    claim_measures,
    propose_measures,
)
from guantong.rectification.sheets import SHEETS
from guantong.research.queries import settled
from guantong.research.tests.factories import LATER, World
from guantong.study.models import Idea
from guantong.study.operations import IdeaDraft, link_ideas, raise_ideas
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


def instruct(world: World, **values: object):
    draft = InstructionDraft(
        **{
            "campaign": world.campaign,
            "unit": world.units["D1"],
            "title": "Find a second source",
            "issued_on": TODAY,
            "leader": world.people["head_m"],
            **values,
        }
    )
    return issue_instructions(drafts=[draft], actor=world.people["coordinator"], now=LATER)[0]


def test_it_settles_findings_and_takes_up_ideas(world: World) -> None:
    liaison = world.people["liaison_d1"]
    finding = world.finding(world.made(world.approved()).record)
    draft = IdeaDraft(world.campaign, world.units["D1"], "Keep two suppliers")
    [idea] = raise_ideas(drafts=[draft], actor=liaison, now=NOW)
    one = instruct(world)
    assert settled([finding.pk]) == set()
    take_up(instructions=[one], taken_up=[finding.record], actor=liaison, now=LATER)
    assert settled([finding.pk]) == {finding.pk}
    link_ideas(ideas=[idea], target=one.record, actor=liaison, now=LATER)
    assert Idea.objects.get(pk=idea.pk).record.state == "linked"


def test_it_is_done_by_a_measure_that_hangs_from_nothing_else(world: World) -> None:
    one = instruct(world)
    people = world.people
    [measure] = propose_measures(
        drafts=[
            MeasureDraft("Try the second foundry", instruction=one.record, owner=people["owner_d1"])
        ],
        actor=people["liaison_d1"],
        now=LATER,
    )
    assert measure.record.unit == world.units["D1"]
    assert Link.objects.get(target=measure.pk).source == one.record
    coordinator = people["coordinator"]
    approve_measures(measures=[measure], actor=people["head_d1"], now=LATER)
    with pytest.raises(CannotFinishInstruction, match=measure.record.reference):
        finish_instructions(instructions=[one], actor=coordinator, now=LATER)
    attach_files(
        record=measure.record,
        uploads=[Upload("contract.txt", [b"signed"])],
        actor=people["liaison_d1"],
        now=LATER,
    )
    claim_measures(measures=[measure], actor=people["liaison_d1"], now=LATER)
    accept_measures(measures=[measure], actor=people["auditor"], now=LATER)
    finish_instructions(instructions=[one], actor=coordinator, now=LATER)
    assert Record.objects.get(pk=one.pk).state == "done"
    with pytest.raises(CannotProposeMeasure, match="takes no more measures"):
        propose_measures(
            drafts=[MeasureDraft("One more", instruction=Record.objects.get(pk=one.pk))],
            actor=people["liaison_d1"],
            now=LATER,
        )


def test_only_who_enters_measures_for_the_unit_proposes_one(world: World) -> None:
    one = instruct(world)
    with pytest.raises(CannotProposeMeasure):
        propose_measures(
            drafts=[MeasureDraft("Try it", instruction=one.record)],
            actor=world.people["liaison_d2"],
            now=LATER,
        )


def test_a_measure_of_a_restricted_instruction_is_restricted(world: World) -> None:
    one = instruct(world, is_restricted=True)
    [measure] = propose_measures(
        drafts=[MeasureDraft("Try it", instruction=one.record)],
        actor=world.people["coordinator"],
        now=LATER,
    )
    assert measure.record.is_restricted


def test_the_sheet_of_measures_names_the_instruction(world: World) -> None:
    one = instruct(world)
    sheet = next(sheet for sheet in SHEETS if sheet.kind == "measures")
    row = {column.name: column.parse.empty for column in sheet.columns}
    context = Context(world.people["liaison_d1"], LATER, TODAY, world.campaign)
    sheet.create([{**row, "title": "Try it", "instruction": one}], context)
    thing = sheet.things(context).get()
    assert isinstance(thing, Measure)
    assert sheet.column("instruction").value_of(thing) == one
    assert sheet.column("problem").value_of(thing) is None
