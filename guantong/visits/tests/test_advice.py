"""Whoever plans a visit hears while typing what else its site has, as far as they may know."""

from html import unescape

import pytest

from guantong.overview.tests.factories import client_of
from guantong.visits.tests.factories import MONDAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return World()


def advice(here: World, name: str = "liaison_d1", **typed: str) -> str:
    said = {"advice": "1", "site": "A1", "starts_on": MONDAY.isoformat(), **typed}
    answer = client_of(here.people[name]).get("/new/visits/", said)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_an_empty_calendar_is_said_to_be_empty(here: World) -> None:
    assert "No other visit to it is known" in advice(here)


def test_what_is_planned_there_is_named_and_crowding_told(here: World) -> None:
    [visit] = here.plan(here.draft())
    said = advice(here)
    assert "In these weeks it also has" in said
    assert f">{visit.record.reference}</a>" in said
    assert "would have 2 visits on 5 June 2023; the limit is 1." in said
    assert "No other visit" in advice(here, site="S1")


@pytest.mark.parametrize(
    "typed", [{"site": ""}, {"site": "no such"}, {"starts_on": ""}, {"ends_on": "2023-01-01"}]
)
def test_nothing_is_said_before_site_and_day_are_known(here: World, typed: dict[str, str]) -> None:
    here.plan(here.draft())
    assert advice(here, **typed).strip() == ""


def test_an_unannounced_visit_of_others_is_not_given_away(here: World) -> None:
    here.plan(here.draft(is_unannounced=True), by="coordinator")
    assert "No other visit to it is known" in advice(here, "liaison_d2")


def test_who_enters_no_visits_is_told_nothing(here: World) -> None:
    client = client_of(here.people["auditor"])
    assert client.get("/new/visits/", {"advice": "1", "site": "A1"}).status_code == 404
    liaison = client_of(here.people["liaison_d1"])
    assert liaison.get("/new/problems/", {"advice": "1"}).status_code == 404
