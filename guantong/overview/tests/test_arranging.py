"""Lists as boards by state and as months by day."""

import datetime
import re

import pytest
from django.test import Client

from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.study.operations import cancel_sessions
from guantong.study.tests.factories import World, held, planned, world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def cells(page: str) -> dict[str, list[str]]:
    """What the month shows on each day, by the day."""
    found = {}
    for cell in re.findall(r"<td class.*?</td>", page, re.S):
        day = re.search(r'datetime="([\d-]+)"', cell)
        assert day is not None
        found[day[1]] = re.findall(r">([^<>]+)</a></li>", cell)
    return {day: titles for day, titles in found.items() if titles}


def test_a_board_has_a_column_for_each_state_with_its_count(here: World):
    for _number in range(14):
        planned(here)
    held(here, title="Was held")
    (one,) = cancel_sessions(
        sessions=[planned(here)], actor=here.people["coordinator"], now=NOW, reason="Floods."
    )
    page = page_of(client_of(here.people["coordinator"], "en"), "/sessions/?as=board")
    heads = re.findall(r'<h2><a href="([^"]+)">([^<]+)</a> <span[^>]*>(\d+)', page)
    assert [(label, int(count)) for _url, label, count in heads] == [
        ("Scheduled", 14),
        ("Held", 1),
        ("Cancelled", 1),
    ]
    assert page.count('class="card"') == 12 + 1 + 1
    assert one.record.reference in page
    filtered = page_of(
        client_of(here.people["coordinator"], "en"), "/sessions/?as=board&state=held"
    )
    assert re.findall(r'class="card"', filtered) == ['class="card"']


def test_a_month_shows_what_falls_on_each_day_and_leads_to_the_rest(here: World):
    day = TODAY.replace(day=10)
    for number in range(6):
        held(here, on=day, title=f"Sitting {number}") if day <= TODAY else planned(
            here, planned_on=day, title=f"Sitting {number}"
        )
    planned(here, planned_on=day + datetime.timedelta(40), title="Next month's")
    client = client_of(here.people["coordinator"], "en")
    page = page_of(client, f"/sessions/?as=month&month={day:%Y-%m}")
    assert list(cells(page)) == [day.isoformat()]
    assert cells(page)[day.isoformat()][:4] == [f"Sitting {number}" for number in range(4)]
    assert "and 2 more" in page
    listed = page_of(client, f"/sessions/?day={day.isoformat()}")
    assert listed.count('<th scope="row">') == 6


def test_what_cant_be_seen_falls_on_no_day(here: World):
    planned(here, "D2", planned_on=TODAY, title="Elsewhere")
    page = page_of(client_of(here.people["liaison_d1"]), f"/sessions/?as=month&month={TODAY:%Y-%m}")
    assert cells(page) == {}


@pytest.mark.parametrize("address", ["?as=month&month=2023-13", "?as=month&month=x", "?day=soon"])
def test_no_such_month_or_day_is_not_found(here: World, address: str):
    assert client_of(here.people["coordinator"]).get(f"/sessions/{address}").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_boards_and_months_are_well_formed(here: World, language: str):
    planned(here)
    client = client_of(here.people["coordinator"], language)
    for address in ("/sessions/?as=board", f"/sessions/?as=month&month={TODAY:%Y-%m}"):
        assert Markup(page_of(client, address)).faults == []


def test_a_month_asks_as_much_for_many_as_for_few(
    here: World, django_assert_max_num_queries: object
):
    for number in range(30):
        planned(here, planned_on=TODAY + datetime.timedelta(number % 5))
    client = client_of(here.people["coordinator"])
    with django_assert_max_num_queries(15):
        client.get(f"/sessions/?as=month&month={TODAY:%Y-%m}")
    with django_assert_max_num_queries(15):
        client.get("/sessions/?as=board")
