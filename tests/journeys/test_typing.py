"""What forms say while one types into them, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from guantong.rectification.operations import ProblemDraft, identify_problems
from guantong.units.tests.factories import NOW
from guantong.visits.tests.factories import MONDAY, World
from tests.journeys.desk import Desk


@pytest.fixture
def here(transactional_db: None) -> World:
    return World()


@pytest.fixture(params=["en", "zh-hans"])
def desk(
    request: pytest.FixtureRequest, browser: Any, live_server: Any, here: World
) -> Iterator[Desk]:
    made = Desk(browser, str(live_server.url), request.param, is_phone=True, has_scripts=True)
    yield made
    made.close()


def offered(desk: Desk, name: str) -> Any:
    return desk.page.locator(f"#id_{name}_offered option")


def test_letters_bring_those_who_fit_and_a_pick_is_taken(desk: Desk, here: World):
    draft = ProblemDraft(campaign=here.campaign, unit=here.units["D1"], title="Pumps leak")
    [problem] = identify_problems(drafts=[draft], actor=here.people["coordinator"], now=NOW)
    desk.sits(here.people["coordinator"])
    desk.opens(f"/r/{problem.pk}/assign/")
    owner = desk.page.locator("[name=owner]")
    expect(offered(desk, "owner").first).to_have_attribute("value", "Head D1")
    owner.click()
    owner.press_sequentially("Owner")
    expect(offered(desk, "owner")).to_have_count(1)
    # A pick from the list puts the whole name in.
    owner.fill("Owner D1")
    expect(desk.page.locator("[name=unit]")).to_have_value("Alloy Department")
    desk.fill(due_on="2099-06-30")
    desk.press("Assign", within="main form")
    problem.record.refresh_from_db()
    assert problem.record.owner == here.people["owner_d1"]


def test_a_visit_being_planned_hears_what_else_its_site_has(desk: Desk, here: World):
    [other] = here.plan(here.draft())
    desk.sits(here.people["liaison_d1"])
    desk.opens("/new/visits/")
    advice = desk.page.locator("[data-advice]")
    desk.fill(site="A1", starts_on=MONDAY.isoformat())
    expect(advice).to_contain_text(other.record.reference)
    desk.fill(site="S1")
    expect(advice).not_to_contain_text(other.record.reference)
    expect(advice.locator(".message")).to_have_count(1)
