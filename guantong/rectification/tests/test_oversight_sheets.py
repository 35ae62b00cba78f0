"""The sheets of inspections and special rectifications, in and out."""

from __future__ import annotations

import datetime

import pytest

from guantong.kit.sheets import CellError, Change, Row
from guantong.rectification.models import Inspection
from guantong.rectification.sheets import DRIVES, INSPECTIONS
from guantong.rectification.sheets.inspections import Checklist
from guantong.rectification.tests.factories import World, fresh
from guantong.rectification.tests.test_inspections import items_of, made
from guantong.rectification.tests.test_sheets import context_of, row, written
from guantong.units.tests.factories import TODAY

MAY = datetime.date(2023, 6, 1)
TYPED = "Logs are complete | met\nDoors are marked | not met | two of nine\nScales"
LINES = (
    ("Logs are complete", "met", ""),
    ("Doors are marked", "not_met", "two of nine"),
    ("Scales", "", ""),
)


def test_a_checklist_in_a_cell_is_read_and_written_back() -> None:
    lines = Checklist().read(TYPED)
    assert lines == LINES
    assert Checklist().read(Checklist().write(lines)) == lines
    assert Checklist().recall(Checklist().keep(lines)) == lines
    assert Checklist().read("") == ()
    with pytest.raises(CellError, match="perhaps"):
        Checklist().read("Logs | perhaps")


def created(here: World, **values: object) -> Inspection:
    said = {"title": "Furnaces", "unit": here.units["D1"], "checklist": LINES[:2], **values}
    context = context_of(here)
    full = row(INSPECTIONS, **said)
    assert list(INSPECTIONS.check([Row(1, full)], context)) == []
    [inspection] = INSPECTIONS.create([full], context)
    return inspection


def test_a_planned_inspection_goes_in_and_out(here: World) -> None:
    inspection = created(
        here,
        checklist=tuple((item, "", "") for item, _result, _found in LINES),
        inspection_kind="spot_check",
        inspectors=(here.people["inspector"],),
    )
    out = written(INSPECTIONS, INSPECTIONS.things(context_of(here)).get(pk=inspection.pk))
    assert out["checklist"] == tuple((item, "", "") for item, _result, _found in LINES)
    assert out["inspectors"] == (here.people["inspector"],)
    assert (out["state"], out["inspection_kind"]) == ("planned", "spot_check")


def test_one_that_was_made_comes_with_its_results(here: World) -> None:
    inspection = created(here, made_on=MAY)
    assert fresh([inspection])[0].record.state == "made"
    assert [item.result for item in items_of(inspection)] == ["met", "not_met"]


def test_a_checklist_is_copied_in_a_sheet_too(here: World) -> None:
    first = made(here)
    second = created(here, like=first, checklist=())
    assert [item.text for item in items_of(second)] == [item.text for item in items_of(first)]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"made_on": TODAY + datetime.timedelta(1), "checklist": LINES[:2]}, "made_on"),
        ({"checklist": LINES[:2]}, "made_on"),
        ({"made_on": MAY, "checklist": LINES}, "checklist"),
    ],
)
def test_what_is_wrong_with_a_row(here: World, values: dict, column: str) -> None:
    said = row(INSPECTIONS, title="Furnaces", unit=here.units["D1"], **values)
    assert column in {e.column for e in INSPECTIONS.check([Row(1, said)], context_of(here))}


def test_a_day_makes_it_and_results_are_corrected(here: World) -> None:
    inspection = created(here, checklist=(("Logs are complete", "", ""),))
    context = context_of(here)

    def change(**values: object) -> Inspection:
        thing = INSPECTIONS.things(context).get(pk=inspection.pk)
        INSPECTIONS.update([Change(thing, values)], context)
        return fresh([inspection])[0]

    changed = change(purpose="By night", checklist=LINES[:2])
    assert (changed.purpose, len(items_of(inspection))) == ("By night", 2)
    assert change(checklist=LINES[:2], made_on=MAY).record.state == "made"
    corrected = (("Logs are complete", "not_met", "gaps"), LINES[1])
    change(checklist=corrected)
    assert [(i.result, i.found) for i in items_of(inspection)] == [
        ("not_met", "gaps"),
        ("not_met", "two of nine"),
    ]


def test_a_drive_goes_in_and_out(here: World) -> None:
    said = row(DRIVES, title="Furnace safety", unit=here.units["M"], purpose="Doors and logs")
    context = context_of(here)
    [drive] = DRIVES.create([said], context)
    out = written(DRIVES, DRIVES.things(context).get(pk=drive.pk))
    assert (out["title"], out["purpose"], out["state"]) == (
        *("Furnace safety", "Doors and logs", "open"),
    )
    DRIVES.update([Change(drive, {"purpose": "Doors"})], context)
    assert fresh([drive])[0].purpose == "Doors"
