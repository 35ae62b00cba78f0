"""What an inspector goes out with and what the unit gets say what the record says."""

from __future__ import annotations

from typing import Any

from guantong.kit.documents import Document, Table
from guantong.kit.documents.docx import texts_of
from guantong.rectification import operations
from guantong.rectification.tests.factories import World, fresh
from guantong.rectification.tests.test_inspections import (
    fed_back,
    items_of,
    made,
    planned,
    reply,
    settle,
)
from guantong.rectification.tests.test_lists import paper
from guantong.units.tests.factories import NOW


def on(name: str, detail: Any, here: World, person: str = "coordinator") -> Document:
    made: Document = paper(name, fresh([detail])[0], here, person)
    return made


def said(document: Document) -> str:
    return " ".join(texts_of(document.blocks))


def rows(document: Document) -> list[list[str]]:
    table = next(block for block in document.blocks if isinstance(block, Table) and block.header)
    return [[cell if isinstance(cell, str) else cell.text for cell in row] for row in table.rows]


def test_the_checklist_has_a_line_for_each_item_with_boxes_and_room(here: World) -> None:
    sheet = on("inspection-checklist", planned(here, purpose="Logs of May"), here, "inspector")
    boxes = "□ Met\n□ Not met\n□ Not applicable"
    assert rows(sheet) == [
        ["1", "Logs are complete", boxes, ""],
        ["2", "Doors are marked", boxes, ""],
        ["3", "Scales are gauged", boxes, ""],
    ]
    for words in ("Furnace safety", "Alloy Department", "Logs of May", "Inspectors (signature)"):
        assert words in said(sheet)


def test_without_a_checklist_there_is_room_to_write_one(here: World) -> None:
    sheet = on("inspection-checklist", planned(here, items=()), here)
    assert len(rows(sheet)) == 6
    assert {row[1] for row in rows(sheet)} == {""}


def test_the_checklist_of_what_was_made_is_ticked(here: World) -> None:
    found = rows(on("inspection-checklist", made(here), here))
    assert found[1][2:] == ["□ Met\n■ Not met\n□ Not applicable", "seen on site"]


def test_the_feedback_leaves_room_for_the_reply_and_then_holds_it(here: World) -> None:
    inspection = made(here)
    assert "Not fed back yet." in said(on("inspection-feedback", inspection, here))
    inspection = fed_back(here)
    sheet = on("inspection-feedback", inspection, here, "head_d1")
    assert rows(sheet) == [["1", "Doors are marked", "seen on site", ""]]
    for words in (
        "Doors are not marked",
        "Of 3 items 1 met, 1 not met, 1 not applicable.",
        "□ Reply　□ Objection",
        "Unit head (signature)",
    ):
        assert words in said(sheet)
    reply(here, inspection)
    settle(here, inspection)
    after = said(on("inspection-feedback", inspection, here))
    for words in ("They will be marked", str(here.people["head_d1"]), "Marked since"):
        assert words in after
    assert "□" not in after


def test_a_problem_raised_is_told_to_who_may_see_it(here: World) -> None:
    inspection = fed_back(here)
    operations.raise_problems(
        inspections=[inspection],
        items=[items_of(inspection)[1]],
        actor=here.people["inspector"],
        now=NOW,
    )
    problem = items_of(inspection)[1].problem
    assert problem is not None
    ((*_, raised),) = rows(on("inspection-feedback", inspection, here))
    assert raised.startswith(f"{problem}\nIdentified")
    problem.is_restricted = True
    problem.save(update_fields=["is_restricted"])
    ((*_, kept),) = rows(on("inspection-feedback", inspection, here, "head_d1"))
    assert kept == ""
