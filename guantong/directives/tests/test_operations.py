import datetime
from typing import Any

import pytest

from guantong.directives.models import AskedUnit, Instruction, Request, RequestItem
from guantong.directives.operations import (
    CannotAskAnyway,
    CannotCarryOut,
    CannotCloseRequest,
    CannotDraftRequest,
    CannotFinishInstruction,
    CannotIssueInstruction,
    CannotSendRequest,
    CannotTakeUp,
    ask_anyway,
    carry_out_instructions,
    close_requests,
    finish_instructions,
    send_requests,
    take_up,
)
from guantong.directives.queries import (
    answers_to,
    instructions_to_carry_out,
    keys_of,
    replies_to,
    requests_asked_of,
)
from guantong.directives.tests.factories import DUE, World
from guantong.ledger.models import Entry
from guantong.records.models import Link, Record
from guantong.records.operations import comment_on
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def state(detail: Any) -> str:
    return Record.objects.get(pk=detail.pk).state


def test_an_instruction_is_entered_on_the_day_on_which_it_was_given(world: World) -> None:
    day = TODAY - datetime.timedelta(3)
    one = world.instruct(issued_on=day)
    assert (one.record.reference, state(one), one.record.opened_on) == ("DI-0001", "issued", day)
    assert Entry.objects.filter(record=one.pk).values_list("code", flat=True)[0] == (
        "directives.instruction.issued"
    )


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"leader": None}, "which leader or which meeting"),
        ({"title": " "}, "needs a title"),
        ({"issued_on": TODAY + datetime.timedelta(1)}, "in the future"),
        ({"due_on": TODAY - datetime.timedelta(1)}, "due before"),
    ],
)
def test_an_instruction_that_makes_no_sense_is_refused(
    world: World, values: dict[str, Any], says: str
) -> None:
    with pytest.raises(CannotIssueInstruction, match=says):
        world.instruct(**values)
    assert not Instruction.objects.exists()


def test_who_enters_instructions(world: World) -> None:
    for name in ("head_d1", "researcher_d1", "auditor", "inspector", "liaison_d2", "owner_d1"):
        with pytest.raises(CannotIssueInstruction, match="Alloy Department"):
            world.instruct(by=name)
    for name in ("liaison_d1", "coordinator"):
        world.instruct(by=name, leader=None, issued_by="Office meeting 12")
    assert Instruction.objects.count() == 2


def finish(world: World, one: Instruction, by: str = "coordinator") -> None:
    finish_instructions(instructions=[one], actor=world.people[by], now=NOW)


def carry_out(world: World, one: Instruction, *measures: Record, by: str = "liaison_d1") -> None:
    carry_out_instructions(instructions=[one], measures=measures, actor=world.people[by], now=NOW)


def test_an_instruction_is_done_once_all_its_measures_are_accepted(world: World) -> None:
    one = world.instruct()
    with pytest.raises(CannotFinishInstruction, match="No measure carries it out"):
        finish(world, one)
    accepted, open_one, fallen = (
        world.record("measure", name, number)
        for number, name in enumerate(("accepted", "claimed", "withdrawn"), 1)
    )
    carry_out(world, one, fallen)
    with pytest.raises(CannotFinishInstruction, match="No measure carries it out"):
        finish(world, one)
    carry_out(world, one, accepted, open_one)
    with pytest.raises(CannotFinishInstruction, match="still open: M-0002"):
        finish(world, one)
    Record.objects.filter(pk=open_one.pk).update(state="accepted")
    with pytest.raises(CannotFinishInstruction, match="is for the coordinator"):
        finish(world, one, by="head_d1")
    finish(world, one)
    assert state(one) == "done"
    with pytest.raises(CannotCarryOut, match="starts from"):
        carry_out(world, one, accepted)


def test_only_measures_of_the_campaign_carry_out(world: World) -> None:
    one = world.instruct()
    with pytest.raises(CannotCarryOut, match="P-0001 is none"):
        carry_out(world, one, world.record("problem", "planned"))
    with pytest.raises(CannotCarryOut, match="at least one"):
        carry_out(world, one)
    measure = world.record("measure", "approved")
    for name in ("auditor", "researcher_d1", "liaison_d2"):
        with pytest.raises(CannotCarryOut, match="is for"):
            carry_out(world, one, measure, by=name)
    carry_out(world, one, measure, by="head_d1")
    assert Link.objects.get(source=one.pk, kind="answered_by").target == measure


def test_findings_and_ideas_are_taken_up(world: World) -> None:
    finding, idea = world.record("finding", "accepted"), world.record("idea", "raised")
    one = world.instruct(taken_up=[finding])
    liaison = world.people["liaison_d1"]
    take_up(instructions=[one], taken_up=[idea], actor=liaison, now=NOW)
    links = Link.objects.filter(target=one.pk, kind="taken_up").order_by("pk")
    assert [link.source for link in links] == [finding, idea]
    with pytest.raises(CannotTakeUp, match="is neither here"):
        take_up(
            instructions=[one],
            taken_up=[world.record("visit", "made")],
            actor=liaison,
            now=NOW,
        )


def test_a_restricted_instruction_is_for_coordinators_and_the_named(world: World) -> None:
    one = world.instruct(is_restricted=True, owner=world.people["owner_d1"], by="coordinator")

    def sees(name: str) -> bool:
        visible = Record.objects.visible_to(world.people[name], TODAY)
        return visible.filter(pk=one.pk).exists()

    assert [sees(n) for n in ("coordinator", "owner_d1")] == [True, True]
    assert [sees(n) for n in ("liaison_d1", "head_m", "auditor")] == [False] * 3


def send(world: World, one: Request, by: str = "coordinator") -> None:
    send_requests(requests=[one], actor=world.people[by], now=NOW)


def partners(one: Request) -> list[str]:
    return [p.unit.code for p in one.record.partners.select_related("unit").order_by("pk")]


def test_no_unit_sees_a_request_until_it_is_sent(world: World) -> None:
    one = world.request()
    liaison = world.people["liaison_d2"]
    assert (one.record.reference, state(one), partners(one)) == ("RQ-0001", "draft", [])
    assert not Record.objects.visible_to(liaison, TODAY).filter(pk=one.pk).exists()
    for name in ("liaison_d1", "head_m", "auditor"):
        with pytest.raises(CannotSendRequest, match="is for the coordinator"):
            send(world, one, by=name)
    send(world, one)
    assert (state(one), set(partners(one))) == ("sent", {"D1", "D2"})
    assert Record.objects.visible_to(liaison, TODAY).filter(pk=one.pk).exists()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"title": ""}, "Write what is asked"),
        ({"items": [" "]}, "Write what is asked"),
        ({"items": ["x" * 301]}, "more than 300"),
        ({"due_on": TODAY - datetime.timedelta(1)}, "has passed"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    world: World, values: dict[str, Any], says: str
) -> None:
    with pytest.raises(CannotDraftRequest, match=says):
        world.request(**values)


def test_who_drafts_requests(world: World) -> None:
    for name in ("liaison_d1", "head_m", "auditor", "researcher_d1"):
        with pytest.raises(CannotDraftRequest, match="Coordinator"):
            world.request(by=name)


@pytest.mark.parametrize("values", [{"units": []}, {"due_on": None}])
def test_a_request_names_units_and_a_day(world: World, values: dict[str, Any]) -> None:
    with pytest.raises(CannotSendRequest, match="Name the units"):
        send(world, world.request(**values))


HELD, NEW = "Instructions issued since April", "Names of the reviewers"


def test_what_is_held_already_is_asked_of_nobody(world: World) -> None:
    """Collect once: the list or figure answers, and stands on the record."""
    world.instruct()
    one = world.request(HELD, NEW)
    held, new = answers_to(one.record, viewer=world.people["coordinator"], on=TODAY)
    assert [(h.label, h.amount, h.url) for h in held.held] == [
        ("Instructions issued", "1", "/figures/directives.instructions_issued/")
    ]
    assert new.held == []
    send(world, one)
    kept = dict(RequestItem.objects.values_list("text", "held_as"))
    assert kept == {HELD: "figure:directives.instructions_issued", NEW: ""}


def test_a_request_for_nothing_new_is_not_sent(world: World) -> None:
    one = world.request(HELD)
    coordinator = world.people["coordinator"]
    with pytest.raises(CannotSendRequest, match="held already"):
        send(world, one)
    with pytest.raises(CannotAskAnyway, match="needs a written reason"):
        ask_anyway(requests=[one], actor=coordinator, now=NOW, reason=" ")
    with pytest.raises(CannotAskAnyway, match="is for the coordinator"):
        ask_anyway(requests=[one], actor=world.people["head_m"], now=NOW, reason="So.")
    ask_anyway(requests=[one], actor=coordinator, now=NOW, reason="Those of the year before.")
    item = RequestItem.objects.get()
    assert (item.why_new, keys_of(item)) == ("Those of the year before.", ())
    with pytest.raises(CannotAskAnyway, match="sent as it is"):
        ask_anyway(requests=[one], actor=coordinator, now=NOW, reason="Again.")
    send(world, one)
    assert RequestItem.objects.get().held_as == ""


def test_a_request_is_closed_once_sent(world: World) -> None:
    one = world.request()
    coordinator = world.people["coordinator"]
    with pytest.raises(CannotCloseRequest, match="starts from"):
        close_requests(requests=[one], actor=coordinator, now=NOW)
    send(world, one)
    close_requests(requests=[one], actor=coordinator, now=NOW)
    assert state(one) == "closed"


def test_a_comment_of_the_unit_is_its_reply(world: World) -> None:
    one = world.request()
    send(world, one)
    comment_on(record=one.record, text="Two names.", actor=world.people["liaison_d1"], now=NOW)
    comment_on(record=one.record, text="Well?", actor=world.people["coordinator"], now=NOW)
    replied = {str(reply.unit): reply.replied_on for reply in replies_to(one.record, TODAY)}
    assert replied == {"Zinc Department": None, "Alloy Department": TODAY}


def test_who_asks_back_has_not_replied(world: World) -> None:
    one = world.request()
    send(world, one)
    liaison = world.people["liaison_d1"]
    comment_on(record=one.record, text="Until when?", actor=liaison, now=NOW, is_question=True)
    assert not any(reply.replied_on for reply in replies_to(one.record, TODAY))
    assert list(requests_asked_of(liaison, TODAY)) == [one.record]
    comment_on(record=one.record, text="Two names.", actor=liaison, now=NOW)
    assert not requests_asked_of(liaison, TODAY).exists()


def test_a_reply_is_late_after_its_day_and_so_is_who_has_not_replied(world: World) -> None:
    one = world.request()
    send(world, one)
    day = datetime.timedelta(1)
    assert not any(reply.is_late for reply in replies_to(one.record, DUE))
    late = NOW + (DUE - TODAY) + day
    comment_on(record=one.record, text="At last.", actor=world.people["liaison_d1"], now=late)
    found = {str(r.unit): (r.replied_on, r.is_late) for r in replies_to(one.record, DUE + day)}
    assert found == {"Zinc Department": (None, True), "Alloy Department": (DUE + day, True)}


def test_a_unit_is_asked_once(world: World) -> None:
    world.request(units=[world.units["D1"]] * 2)
    assert AskedUnit.objects.count() == 1
    assert DUE > TODAY


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"unit_kind": "department"}, ["D2", "D1"]),
        ({"beneath": "M"}, ["D2", "D1", "O1", "U1"]),
        ({"beneath": "D1"}, ["O1"]),
        ({"unit_kind": "university", "beneath": "M", "units": ["O1", "U1"]}, ["O1", "U1"]),
        ({"unit_kind": "office", "beneath": "D2"}, None),
    ],
)
def test_a_kind_or_a_place_in_the_tree_names_units(
    world: World, said: dict[str, Any], asked: list[str] | None
) -> None:
    said = {"units": [], **said}
    said["units"] = [world.units[code] for code in said["units"]]
    if "beneath" in said:
        said["beneath"] = world.units[said["beneath"]]
    if asked is None:
        with pytest.raises(CannotDraftRequest, match="no unit of this kind"):
            world.request(**said)
        return
    request = world.request(**said)
    found = request.record.asked_units.order_by("pk").values_list("unit__code", flat=True)
    assert list(found) == asked


def test_a_closed_unit_is_meant_by_no_kind(world: World) -> None:
    Unit.objects.filter(code="D2").update(closed_on=TODAY)
    request = world.request(units=[], unit_kind="department")
    assert [one.unit.code for one in request.record.asked_units.all()] == ["D1"]


def test_an_instruction_waits_for_its_unit_until_a_measure_carries_it_out(world: World) -> None:
    instruction = world.instruct()
    waiting = {
        name: instructions_to_carry_out(world.people[name], TODAY).count()
        for name in ("liaison_d1", "head_d1", "liaison_d2", "coordinator")
    }
    assert waiting == {"liaison_d1": 1, "head_d1": 1, "liaison_d2": 0, "coordinator": 0}
    fallen = world.record("measure", "withdrawn", 2)
    measure = world.record("measure", "proposed")
    for one, left in ((fallen, 1), (measure, 0)):
        Link.objects.create(source=instruction.record, target=one, kind="answered_by")
        assert instructions_to_carry_out(world.people["liaison_d1"], TODAY).count() == left
