"""Where somebody else was faster nothing is lost, and the page says how things stand."""

from collections.abc import Iterator
from typing import Any

import pytest

from guantong.ledger.models import Entry
from guantong.records.models import Record
from guantong.study.tests.factories import World, world
from tests.journeys.desk import Desk


@pytest.fixture
def here(transactional_db: None) -> World:
    return world()


@pytest.fixture(params=["en", "zh-hans"])
def desk(
    request: pytest.FixtureRequest, browser: Any, live_server: Any, here: World
) -> Iterator[Desk]:
    made = Desk(browser, str(live_server.url), request.param, is_phone=False, has_scripts=True)
    yield made
    made.close()


@pytest.fixture
def problem(desk: Desk, here: World) -> Record:
    desk.sits(here.people["liaison_d1"])
    desk.opens("/new/problems/")
    return desk.enters(title="Furnace logs are incomplete", severity="medium")


class Tabs:
    """Two tabs of one desk, one before the other."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.pages = desk, [desk.page, desk.context.new_page()]

    def to(self, number: int) -> None:
        self.desk.page = self.pages[number]


def test_a_step_sent_from_an_old_tab_shows_the_record_as_it_is_with_what_was_typed(
    desk: Desk, here: World, problem: Record
):
    coordinator = here.people["coordinator"]
    desk.sits(coordinator)
    tabs = Tabs(desk)
    for number in (0, 1):
        tabs.to(number)
        desk.opens(problem)
        desk.press("Assign", within="main .moves")
        desk.fill(owner=("owner_d1", "liaison_d1")[number], due_on="2099-03-0" + "12"[number])
    tabs.to(0)
    desk.press("Assign", within="main form")
    before = Entry.objects.count()
    tabs.to(1)
    desk.press("Assign", within="main form")
    said = desk.page.inner_text("main")
    assert Entry.objects.count() == before, "nothing is entered"
    # What it is now, and by whom; what was typed; and where it goes on.
    assert desk.said("Assigned") in desk.page.inner_text("main .head")
    assert f"{coordinator.name} {desk.said('assigned the problem')}" in said
    assert desk.shows("What you typed was not entered; it still stands below.")
    assert desk.page.input_value("[name=owner]") == "liaison_d1"
    assert desk.page.input_value("[name=due_on]") == "2099-03-02"
    assert here.people["owner_d1"].name in desk.page.inner_text("main .facts")
    desk.press("To the record as it stands now")
    assert desk.at_hand() == problem


def test_a_step_by_one_press_sent_twice_leads_on(desk: Desk, here: World, problem: Record):
    """The button of an old page asks for nothing that could be lost, and still says what is so."""
    desk.sits(here.people["liaison_d1"])
    desk.opens(problem)
    desk.does("Propose a measure", title="Name a keeper")
    measure = Record.objects.get(kind="measure")
    head = here.people["head_d1"]
    desk.sits(head)
    tabs = Tabs(desk)
    for number in (0, 1):
        tabs.to(number)
        desk.opens(measure)
    for number in (0, 1):
        tabs.to(number)
        desk.press("Approve the measure", within="main .moves")
    assert f"{head.name} {desk.said('approved the measure')}" in desk.page.inner_text("main")
    desk.press("To the record as it stands now")
    assert desk.at_hand() == measure


def test_of_two_who_correct_one_record_neither_overwrites_the_other_unseen(
    desk: Desk, here: World, problem: Record
):
    tabs = Tabs(desk)
    for number in (0, 1):
        tabs.to(number)
        desk.opens(problem)
        desk.press("Correct")
    tabs.to(0)
    desk.fill(title="Furnace logs have gaps", description="Three days in March")
    desk.press("Correct it")
    tabs.to(1)
    desk.fill(title="No furnace logs", root_cause="Nobody was named")
    desk.press("Correct it")
    refused = desk.page.inner_text("main")
    assert "Furnace logs have gaps" in refused, "what somebody wrote meanwhile"
    assert desk.page.input_value("[name=title]") == "No furnace logs"
    assert desk.page.input_value("[name=root_cause]") == "Nobody was named"
    assert desk.page.input_value("[name=description]") == "Three days in March"
    desk.press("Correct it")
    facts = desk.page.inner_text("main .facts")
    assert Record.objects.get(pk=problem.pk).title == "No furnace logs"
    assert "Three days in March" in facts
    assert "Nobody was named" in facts
