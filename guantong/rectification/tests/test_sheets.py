"""Rows of the two sheets become operations, and things become rows again."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from guantong.kit.sheets import Change, Context, Row, Sheet
from guantong.ledger.verification import verify
from guantong.records.models import Record
from guantong.records.operations import CannotCorrectRecord
from guantong.records.refusals import Refused
from guantong.rectification.models import Problem
from guantong.rectification.sheets import MEASURES, PROBLEMS
from guantong.rectification.tests.factories import DUE, World, fresh, fresh_state
from guantong.research.models import Finding
from guantong.units.tests.factories import NOW, TODAY

MAY = datetime.date(2023, 5, 2)
REGISTER = "Rail register"


def context_of(here: World, name: str = "coordinator", source: str = "") -> Context:
    return Context(
        actor=here.people[name], now=NOW, today=TODAY, campaign=here.campaign, source=source
    )


def row(sheet: Sheet, **values: Any) -> dict[str, Any]:
    return {column.name: column.parse.empty for column in sheet.columns} | values


def written(sheet: Sheet, thing: Any) -> dict[str, Any]:
    return {column.name: column.value_of(thing) for column in sheet.columns}


def test_a_problem_goes_in_and_comes_out_the_same(here: World) -> None:
    finding = Finding.objects.create(
        record=Record.objects.create(
            campaign=here.campaign,
            kind="finding",
            unit=here.units["D1"],
            title="Logs",
            reference="F-0001",
            state="accepted",
            opened_on=MAY,
        ),
    )
    said = {
        "title": "Logs are incomplete",
        "unit": here.units["D1"],
        "partners": (here.units["D2"],),
        "severity": "high",
        "root_cause": "Nobody was named",
        "owner": here.people["owner_d1"],
        "identified_on": MAY,
        "due_on": DUE,
        "area": here.campaign.areas.first(),
        "findings": (finding,),
        "is_priority": True,
        "source_reference": "R-7",
    }
    context = context_of(here, "liaison_d1")
    made = PROBLEMS.create([row(PROBLEMS, **said)], context)
    found = PROBLEMS.find([("P-0001",), ("P-0002",)], context)
    assert {key: one.pk for key, one in found.items()} == {("P-0001",): made[0].pk}
    out = written(PROBLEMS, found["P-0001",])
    assert {name: out[name] for name in said} == said
    assert (out["state"], out["original_due_on"], out["closed_on"]) == ("identified", DUE, None)
    assert not PROBLEMS.find([("P-0001",)], context_of(here, "administrator"))


def imported(here: World, **values: Any) -> list[Problem]:
    rows = [
        row(
            PROBLEMS,
            title=f"Recommendation {number}",
            unit=here.units["D1"],
            identified_on=MAY,
            source_reference=str(number),
            **values,
        )
        for number in range(2)
    ]
    return list(PROBLEMS.create(rows, context_of(here, source=REGISTER)))


def test_a_register_s_endings_are_adopted_and_never_verified(here: World) -> None:
    problems = imported(
        here, state="closed", closed_on=TODAY, source_ending="Closed acceptable", reply="Done so"
    )
    assert [fresh_state(p) for p in problems] == ["closed_by_source"] * 2
    problem = fresh(problems)[0]
    assert (problem.closed_on, problem.source_ending) == (TODAY, "Closed acceptable")
    assert problem.record.closures.get().determination == "Done so"
    assert problem.source_name == REGISTER


def test_without_a_register_no_ending_is_adopted(here: World) -> None:
    with pytest.raises(Refused):
        PROBLEMS.create(
            [row(PROBLEMS, title="Over", unit=here.units["D1"], state="closed")], context_of(here)
        )


def test_a_later_snapshot_ends_corrects_and_reopens(here: World) -> None:
    one, two = imported(here)
    context = context_of(here, source=REGISTER)
    PROBLEMS.update(
        [
            Change(one, {"state": "closed_by_source", "closed_on": TODAY, "reply": "Seen to"}),
            Change(two, {"title": "Recommendation 1, clarified"}),
        ],
        context,
    )
    assert [fresh_state(one), fresh_state(two)] == ["closed_by_source", "identified"]
    assert fresh([one])[0].reply == "Seen to"
    assert fresh([two])[0].record.title == "Recommendation 1, clarified"
    PROBLEMS.update([Change(fresh([one])[0], {"state": "identified", "closed_on": None})], context)
    again = fresh([one])[0]
    assert (again.record.state, again.closed_on) == ("reopened", TODAY)
    assert again.record.closures.get().undone_on == TODAY


def test_a_register_that_broke_and_was_mended_ends_where_it_was(here: World) -> None:
    ended = {"state": "closed_by_source", "closed_on": MAY}
    problems = imported(here, **ended)
    context = context_of(here, source=REGISTER)
    broken = {"state": "identified", "closed_on": None}
    PROBLEMS.update([Change(p, broken) for p in fresh(problems)], context)
    assert [fresh_state(p) for p in problems] == ["reopened"] * 2
    PROBLEMS.update([Change(p, ended) for p in fresh(problems)], context)
    assert [fresh_state(p) for p in problems] == ["closed_by_source"] * 2
    problem = fresh(problems)[0]
    assert problem.closed_on == MAY
    closures = problem.record.closures.order_by("pk").values_list("closed_on", "undone_on")
    assert list(closures) == [(MAY, TODAY), (MAY, None)]
    assert verify(keys=[]).differences == []


def test_an_ending_before_the_last_decision_here_is_taken(here: World) -> None:
    problems = imported(here)
    here.assign(problems)
    PROBLEMS.update(
        [Change(p, {"state": "closed_by_source", "closed_on": MAY}) for p in fresh(problems)],
        context_of(here, source=REGISTER),
    )
    problem = fresh(problems)[0]
    assert (problem.record.state, problem.closed_on) == ("closed_by_source", MAY)


def test_a_sheet_s_correction_is_refused_where_any_other_would_be(here: World) -> None:
    problem = here.claimed()[0]
    with pytest.raises(CannotCorrectRecord):
        PROBLEMS.update([Change(problem, {"closure_criterion": "Easier"})], context_of(here))


def test_what_the_operations_would_refuse_is_said_before(here: World) -> None:
    tomorrow = TODAY + datetime.timedelta(1)
    rows = [
        Row(1, {"unit": here.units["D2"]}),
        Row(2, {"unit": here.units["D1"], "identified_on": tomorrow}),
        Row(3, {"unit": here.units["D1"], "identified_on": TODAY, "closed_on": MAY}),
        Row(4, {"unit": here.units["D1"], "closed_on": tomorrow}),
        Row(5, {"unit": here.units["D1"], "identified_on": MAY, "closed_on": MAY}),
    ]
    found = PROBLEMS.check(rows, context_of(here, "liaison_d1"))
    assert [(error.number, error.column) for error in found] == [
        (1, "unit"),
        (2, "identified_on"),
        (3, "closed_on"),
        (4, "closed_on"),
    ]


def test_measures_go_in_and_come_out_with_their_progress(here: World) -> None:
    problem = here.assigned()[0]
    area = here.campaign.areas.first()
    context = context_of(here, "liaison_d1")
    rows = [
        row(
            MEASURES,
            title="Name a person",
            problem=problem,
            measure_kind="institutional",
            owner=here.people["owner_d1"],
            due_on=DUE,
            progress="Candidates seen",
        ),
        row(MEASURES, title="Build a bench", area=area, unit=here.units["D1"]),
    ]
    made = MEASURES.create(rows, context)
    found = MEASURES.find([("M-0001",), ("M-0002",)], context)
    out = [written(MEASURES, found[key]) for key in sorted(found)]
    assert [one["problem"] for one in out] == [problem, None]
    assert [one["progress"] for one in out] == ["Candidates seen", ""]
    assert [one["unit"] for one in out] == [here.units["D1"]] * 2
    assert out[0]["measure_kind"] == "institutional"
    MEASURES.update(
        [Change(made[0], {"progress": "Named", "description": "By the plant"})], context
    )
    measure = MEASURES.find([("M-0001",)], context)["M-0001",]
    assert measure.description == "By the plant"
    assert [note.text for note in measure.record.progress_notes.all()] == [
        "Candidates seen",
        "Named",
    ]


def test_a_measure_that_hangs_from_nothing_is_said(here: World) -> None:
    area = here.campaign.areas.first()
    rows = [Row(1, {"title": "Alone"}), Row(2, {"title": "Nobody's", "area": area})]
    found = MEASURES.check(rows, context_of(here))
    assert [(error.number, error.column) for error in found] == [(1, "problem"), (2, "unit")]
