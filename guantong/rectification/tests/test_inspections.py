"""Inspections: planned, made against a checklist, fed back, answered, settled; problems of them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client

from guantong.ledger.models import Entry
from guantong.ledger.verification import verify
from guantong.overview.queries import waiting_for
from guantong.records.models import Link, LinkKind
from guantong.records.queries import standings
from guantong.records.refusals import Refused
from guantong.records.rules import Paper, Who
from guantong.rectification import operations
from guantong.rectification.models import ChecklistItem, Inspection, InspectionReply, Problem
from guantong.rectification.operations import (
    CannotMakeInspection,
    CannotNameInspector,
    CannotPlanInspection,
    CannotRaiseProblems,
    CannotSettleInspection,
    InspectionDraft,
    Seen,
)
from guantong.rectification.queries import checklists_of
from guantong.rectification.tests.factories import World, fresh, fresh_state
from guantong.units.tests.factories import NOW, TODAY

ITEMS = ("Logs are complete", "Doors are marked", "Scales are gauged")


def planned(here: World, actor: str = "coordinator", **values: Any) -> Inspection:
    """One inspection of D1 by the cast's inspector, unless something else is said."""
    values.setdefault("items", ITEMS)
    kind = values.get("inspection_kind", "inspection")
    own = kind == "self_examination"
    values.setdefault("inspectors", [] if own else [here.people["inspector"]])
    draft = InspectionDraft(here.campaign, here.units["D1"], "Furnace safety", **values)
    return operations.plan_inspections(drafts=[draft], actor=here.people[actor], now=NOW)[0]


def items_of(inspection: Inspection) -> list[ChecklistItem]:
    return checklists_of([inspection.pk])[inspection.pk]


def seen(inspection: Inspection, *results: str) -> dict[int, Seen]:
    return {
        item.pk: Seen(result, "seen on site")
        for item, result in zip(items_of(inspection), results, strict=False)
    }


def made(here: World, actor: str = "inspector", **values: Any) -> Inspection:
    inspection = planned(here, **values)
    operations.make_inspections(
        inspections=[inspection],
        results=seen(inspection, "met", "not_met", "not_applicable"),
        actor=here.people[actor],
        now=NOW,
    )
    return inspection


def fed_back(here: World, **values: Any) -> Inspection:
    inspection = made(here, **values)
    operations.feed_back_inspections(
        inspections=[inspection],
        feedback="Doors are not marked",
        actor=here.people["inspector"],
        now=NOW,
    )
    return inspection


def reply(here: World, inspection: Inspection, actor: str = "head_d1", **values: Any) -> Any:
    said = {"stance": "reply", "text": "They will be marked", **values}
    return operations.reply_to_inspections(
        inspections=[inspection], actor=here.people[actor], now=NOW, **said
    )


def settle(here: World, inspection: Inspection, actor: str = "inspector") -> Any:
    return operations.settle_inspections(
        inspections=[inspection], settlement="Marked since", actor=here.people[actor], now=NOW
    )


def test_an_inspection_goes_all_the_way(here: World) -> None:
    inspection = fed_back(here)
    assert inspection.record.reference == "K-0001"
    assert [item.result for item in items_of(inspection)] == ["met", "not_met", "not_applicable"]
    with pytest.raises(CannotSettleInspection, match="hasn't replied"):
        settle(here, inspection)
    [answer] = reply(here, inspection)
    assert (answer.author, answer.replied_on) == (here.people["head_d1"], TODAY)
    settle(here, inspection)
    assert fresh_state(inspection) == "settled"
    assert verify().is_clean


@pytest.mark.parametrize(
    ("actor", "kind", "may"),
    [
        ("coordinator", "inspection", True),
        ("coordinator", "self_examination", True),
        ("liaison_d1", "inspection", False),
        ("head_d1", "spot_check", False),
        ("liaison_d1", "self_examination", True),
        ("head_d1", "self_examination", True),
        ("liaison_d2", "self_examination", False),
        ("inspector", "inspection", False),
        ("auditor", "disciplinary_feedback", False),
        ("administrator", "guidance_feedback", False),
    ],
)
def test_who_plans_which_kind(here: World, actor: str, kind: str, may: bool) -> None:
    def plan() -> Inspection:
        return planned(here, actor, inspection_kind=kind, inspectors=[])

    if may:
        assert plan().record.state == "planned"
    else:
        with pytest.raises(CannotPlanInspection, match="Alloy Department"):
            plan()


@pytest.mark.parametrize("actor", ["liaison_d1", "head_d1"])
def test_a_unit_makes_its_own_examination_and_no_other(here: World, actor: str) -> None:
    own = planned(here, inspection_kind="self_examination")
    other = planned(here)
    person = here.people[actor]
    found = standings([own.record, other.record], person, TODAY)
    assert Who.INSPECTOR in found[own.pk]
    assert Who.INSPECTOR not in found[other.pk]
    waiting = {row.record.pk for row in waiting_for(person, campaign=here.campaign, on=TODAY)}
    assert waiting == {own.pk}
    operations.make_inspections(
        inspections=[own], results=seen(own, "met", "met", "not_met"), actor=person, now=NOW
    )
    assert fresh_state(own) == "made"
    with pytest.raises(CannotMakeInspection, match="inspector assigned"):
        operations.make_inspections(
            inspections=[other], results=seen(other, *["met"] * 3), actor=person, now=NOW
        )


def test_a_neighbour_is_no_inspector_of_a_self_examination(here: World) -> None:
    own = planned(here, inspection_kind="self_examination")
    found = standings([own.record], here.people["liaison_d2"], TODAY)
    assert found[own.pk] == frozenset()


def test_every_item_gets_a_result_and_what_is_unmet_says_why(here: World) -> None:
    inspection = planned(here)
    inspector = here.people["inspector"]
    with pytest.raises(CannotMakeInspection, match="Scales are gauged"):
        operations.make_inspections(
            inspections=[inspection],
            results=seen(inspection, "met", "met"),
            actor=inspector,
            now=NOW,
        )
    silent = seen(inspection, "met", "met") | {items_of(inspection)[2].pk: Seen("not_met", " ")}
    with pytest.raises(CannotMakeInspection, match="Write what was found"):
        operations.make_inspections(
            inspections=[inspection], results=silent, actor=inspector, now=NOW
        )
    assert fresh_state(inspection) == "planned"
    assert {item.result for item in items_of(inspection)} == {""}


def test_a_checklist_is_taken_from_an_earlier_inspection(here: World) -> None:
    first = made(here)
    second = planned(here, like=first, items=["Doors are marked", "Ladders are fixed"])
    assert [item.text for item in items_of(second)] == [*ITEMS, "Ladders are fixed"]
    assert {item.result for item in items_of(second)} == {""}
    operations.write_checklists(
        inspections=[second], items=["Only this"], actor=here.people["inspector"], now=NOW
    )
    assert [item.text for item in items_of(second)] == ["Only this"]
    with pytest.raises(CannotMakeInspection, match="Inspection planned"):
        operations.write_checklists(
            inspections=[first], items=["Too late"], actor=here.people["inspector"], now=NOW
        )


def test_results_are_corrected_until_they_are_fed_back(here: World) -> None:
    inspection = made(here)
    inspector = here.people["inspector"]
    operations.correct_results(
        inspections=[inspection],
        results=seen(inspection, "met", "met", "met"),
        actor=inspector,
        now=NOW,
        reason="The marks were inside",
    )
    assert {item.result for item in items_of(inspection)} == {"met"}
    later = fed_back(here)
    with pytest.raises(CannotMakeInspection, match="Inspection made"):
        operations.correct_results(
            inspections=[later],
            results=seen(later, "met", "met", "met"),
            actor=inspector,
            now=NOW,
            reason="Late",
        )


def test_what_became_a_problem_stays_unmet(here: World) -> None:
    inspection = made(here)
    raise_all(here, inspection)
    with pytest.raises(CannotMakeInspection, match="became a problem"):
        operations.correct_results(
            inspections=[inspection],
            results=seen(inspection, "met", "met", "met"),
            actor=here.people["inspector"],
            now=NOW,
            reason="Not so",
        )


def raise_all(here: World, inspection: Inspection, actor: str = "inspector") -> list[Problem]:
    return operations.raise_problems(
        inspections=[inspection],
        items=[item for item in items_of(inspection) if item.result == "not_met"],
        actor=here.people[actor],
        now=NOW,
    )


def test_an_unmet_item_becomes_a_problem_of_the_unit(here: World) -> None:
    inspection = made(here)
    [problem] = raise_all(here, inspection)
    assert problem.record.title == "seen on site"
    assert problem.description == "Doors are marked\nseen on site"
    assert (problem.record.unit, problem.record.state) == (here.units["D1"], "identified")
    link = Link.objects.get(target=problem.record)
    assert (link.source_id, link.kind) == (inspection.pk, LinkKind.RAISED)
    assert items_of(inspection)[1].problem == problem.record
    with pytest.raises(CannotRaiseProblems, match="became a problem already"):
        raise_all(here, inspection)
    assert verify().is_clean


@pytest.mark.parametrize("actor", ["liaison_d1", "head_d1", "inspector2", "auditor"])
def test_only_inspector_and_coordinator_raise_problems(here: World, actor: str) -> None:
    inspection = made(here)
    with pytest.raises(CannotRaiseProblems):
        raise_all(here, inspection, actor)
    assert not Problem.objects.exists()


def test_what_is_met_or_elsewhere_becomes_no_problem(here: World) -> None:
    one, other = made(here), made(here)
    for items, said in (
        ([items_of(one)[0]], "is met"),
        ([items_of(other)[1]], "another inspection"),
        ([], "Choose"),
    ):
        with pytest.raises(CannotRaiseProblems, match=said):
            operations.raise_problems(
                inspections=[one], items=items, actor=here.people["inspector"], now=NOW
            )


@pytest.mark.parametrize("actor", ["liaison_d1", "inspector", "head_d2", "coordinator"])
def test_the_head_of_the_unit_replies_and_nobody_else(here: World, actor: str) -> None:
    with pytest.raises(CannotSettleInspection):
        reply(here, fed_back(here), actor)
    assert not InspectionReply.objects.exists()


def test_an_objection_on_paper_is_the_heads(here: World) -> None:
    inspection = fed_back(here)
    head = here.people["head_d1"]
    paper = Paper(on=TODAY, number="12", scan="0" * 64, by=head.pk)
    [answer] = reply(here, inspection, "liaison_d1", stance="objection", paper=paper)
    assert answer.author == head
    assert answer.get_stance_display() == "Objection"
    with pytest.raises(CannotSettleInspection, match="replied already"):
        reply(here, inspection)


def test_days_are_the_campaigns_also_in_its_early_morning(here: World) -> None:
    """Seven in the evening of the first in UTC is three in the morning of the second there."""
    evening = NOW.replace(hour=19)
    inspection = planned(here)
    operations.make_inspections(
        inspections=[inspection],
        results=seen(inspection, "met", "not_met", "met"),
        actor=here.people["inspector"],
        now=evening,
    )
    operations.raise_problems(
        inspections=[inspection],
        items=[items_of(inspection)[1]],
        actor=here.people["inspector"],
        now=evening,
    )
    days = {entry.effective_on for entry in Entry.objects.filter(recorded_at=evening)}
    assert days == {TODAY + datetime.timedelta(1)}


def test_inspectors_are_appointed_and_not_themselves(here: World) -> None:
    inspection = planned(here, inspectors=[])
    for name, actor, error in (
        ("liaison_d1", "coordinator", CannotNameInspector),
        ("inspector", "inspector", CannotNameInspector),
        ("coordinator", "coordinator", Refused),
    ):
        with pytest.raises(error):
            operations.name_inspectors(
                inspections=[inspection],
                inspector=here.people[name],
                actor=here.people[actor],
                now=NOW,
            )
    operations.name_inspectors(
        inspections=[inspection],
        inspector=here.people["inspector"],
        actor=here.coordinator,
        now=NOW,
    )
    found = standings([inspection.record], here.people["inspector"], TODAY)
    assert Who.INSPECTOR in found[inspection.pk]


def test_a_refusal_enters_nothing(here: World) -> None:
    inspection = planned(here)
    before = Entry.objects.count()
    with pytest.raises(CannotSettleInspection):
        operations.feed_back_inspections(
            inspections=[inspection], feedback=" ", actor=here.coordinator, now=NOW
        )
    with pytest.raises(CannotSettleInspection):
        reply(here, inspection)
    assert Entry.objects.count() == before


def test_an_inspection_by_its_pages(here: World, client: Client) -> None:
    inspection = planned(here)
    one, two, _three = items_of(inspection)

    def post(person: str, name: str, **values: Any) -> None:
        client.force_login(here.people[person])
        url = f"/r/{inspection.pk}/{name}/"
        assert client.get(url).status_code == 200
        answer = client.post(url, values)
        assert answer.status_code == 302, answer.content.decode()

    post("inspector", "write_checklist", items="Logs are complete\nDoors are marked", like="")
    one, two = items_of(inspection)
    results = {f"result_{one.pk}": "met", f"found_{one.pk}": "", f"result_{two.pk}": "not_met"}
    post("inspector", "make", **results, **{f"found_{two.pk}": "Two doors of nine"})
    post("inspector", "raise_problems", **{f"severity_{two.pk}": "high"})
    problem = Problem.objects.get()
    assert (problem.severity, problem.record.title) == ("high", "Two doors of nine")
    post("inspector", "feed_back", feedback="Doors")
    post("head_d1", "reply", stance="objection", text="It is three")
    post("coordinator", "settle", settlement="Three it is")
    page = client.get(f"/r/{inspection.pk}/", headers={"accept-language": "en"}).content.decode()
    story = page[page.index("wrote a checklist item") :][:200]
    assert "Logs are complete" in story or "Doors are marked" in story
    found = page[page.index('id="story"') : page.index('id="comments"')]
    seen = found[found.rindex("Two doors of nine") - 500 : found.rindex("Two doors of nine")]
    assert "Doors are marked" in seen, "what was found names the item of which it was found"
    for said in ("Two doors of nine", problem.record.reference, "It is three", "Three it is"):
        assert said in page
    assert fresh([inspection])[0].record.state == "settled"


def test_another_inspection_is_nothing_that_came_of_one(here: World, client: Client) -> None:
    inspection = made(here)
    client.force_login(here.coordinator)
    page = client.get(f"/r/{inspection.pk}/").content.decode()
    assert "/new/inspections/" not in page
