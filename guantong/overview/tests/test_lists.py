"""Lists: what is shown to whom, filters in the address, pages, counts, queries."""

import datetime
import re

import pytest
from django.test import Client

from guantong.campaigns.operations import AreaDraft, close_campaign, set_areas
from guantong.overview.tests.factories import client_of, idea
from guantong.overview.tests.markup import Markup
from guantong.records.views import lists
from guantong.study.tests.factories import World, held, planned, world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db
ROW = re.compile(r'<th scope="row">.*?<span class="quiet number">([A-Z]-\d+)</span>', re.S)


@pytest.fixture
def here() -> World:
    return world()


def references(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return ROW.findall(answer.content.decode())


def next_page(client: Client, address: str) -> str | None:
    page = client.get(address).content.decode()
    found = re.search(r'rel="next" href="([^"]+)"', page)
    return "/sessions/" + found[1].replace("&amp;", "&") if found else None


def test_units_stand_in_official_order_never_by_the_alphabet(here: World):
    for unit in ("U1", "O1", "D1", "D2", "M"):
        planned(here, unit)
    # S-0001 is the university's, … S-0005 the ministry's; D2 comes before D1.
    expected = ["S-0005", "S-0004", "S-0003", "S-0002", "S-0001"]
    assert references(client_of(here.people["coordinator"]), "/sessions/") == expected


@pytest.mark.parametrize("stretches", [(1, 1, 1_000_000), (2, 1_000_000), (1_000_000,)])
@pytest.mark.parametrize("size", [1, 2, 3, 9])
def test_pages_in_unit_order_miss_none_and_repeat_none(
    here: World, stretches: tuple[int, ...], size: int, monkeypatch: pytest.MonkeyPatch
):
    """Wherever a page ends: within a unit, at the end of a stretch of units, or at the last row."""
    monkeypatch.setattr(lists, "STRETCHES", stretches)
    monkeypatch.setattr(lists, "PAGE", size)
    for unit in ("U1", "O1", "D1", "D1", "D2", "M", "O1"):
        planned(here, unit)
    expected = ["S-0006", "S-0005", "S-0003", "S-0004", "S-0002", "S-0007", "S-0001"]
    for name in ("coordinator", "auditor"):
        client, address, found = client_of(here.people[name]), "/sessions/", []
        while address:
            rows = references(client, address)
            assert 0 < len(rows) <= size
            found += rows
            address = next_page(client, address)
        assert found == expected, name


def test_everybody_sees_own_unit_and_below_only(here: World):
    for unit in ("M", "D1", "D2", "O1"):
        planned(here, unit)
    seen = {
        name: set(references(client_of(here.people[name]), "/sessions/"))
        for name in ("coordinator", "auditor", "liaison_d1", "head_o1", "liaison_d2", "inspector")
    }
    assert seen == {
        "coordinator": {"S-0001", "S-0002", "S-0003", "S-0004"},
        "auditor": {"S-0001", "S-0002", "S-0003", "S-0004"},
        "liaison_d1": {"S-0002", "S-0004"},
        "head_o1": {"S-0004"},
        "liaison_d2": {"S-0003"},
        "inspector": set(),
    }


def test_filters_are_in_the_address(here: World):
    planned(here, "D1", title="Reading chapter one")
    held(here, "D2", title="Seminar on chains")
    held(here, "O1", title="Seminar on carbon", format="symposium")
    client = client_of(here.people["coordinator"])
    assert references(client, "/sessions/?state=held") == ["S-0002", "S-0003"]
    assert references(client, "/sessions/?state=held&state=planned&order=reference") == [
        "S-0001",
        "S-0002",
        "S-0003",
    ]
    assert references(client, "/sessions/?unit=D1") == ["S-0001", "S-0003"]
    assert references(client, "/sessions/?q=seminar") == ["S-0002", "S-0003"]
    assert references(client, "/sessions/?format=symposium") == ["S-0003"]
    assert references(client, "/sessions/?order=newest") == ["S-0003", "S-0002", "S-0001"]
    assert references(client, "/sessions/?owner=me") == []
    assert client.get("/sessions/?unit=nowhere").status_code == 404
    assert client.get("/sessions/?after=nonsense").status_code == 404
    assert client.get("/sessions/?series=nonsense").status_code == 404


def test_what_has_come_of_sessions_can_be_listed(here: World):
    raising, silent = held(here, "D1"), held(here, "D1")
    idea(here, session=raising)
    idea(here, title="From nowhere")
    client = client_of(here.people["coordinator"])
    assert references(client, "/ideas/?from=session") == ["D-0001"]
    assert references(client, "/sessions/?loose=1") == [silent.record.reference]


@pytest.mark.parametrize("order", ["unit", "due", "reference", "newest"])
def test_pages_show_every_row_once(here: World, order: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("guantong.records.views.lists.PAGE", 3)
    for number in range(8):
        session = planned(here, ["D1", "D2", "O1"][number % 3])
        if number % 2:
            session.record.original_due_on = datetime.date(2030, 1, 1 + number // 4)
            session.record.save()
    client = client_of(here.people["coordinator"])
    address: str | None = f"/sessions/?order={order}"
    shown: list[str] = []
    pages = 0
    while address:
        shown += references(client, address)
        address = next_page(client, address)
        pages += 1
    assert pages == 3
    assert sorted(shown) == [f"S-{number:04d}" for number in range(1, 9)]
    if order == "due":
        assert {shown[4], shown[5], shown[6], shown[7]} == {"S-0001", "S-0003", "S-0005", "S-0007"}


def test_the_count_is_exact_and_states_are_counted(here: World):
    for _number in range(3):
        planned(here)
    held(here)
    page = client_of(here.people["coordinator"]).get("/sessions/").content.decode()
    assert 'Study sessions <span class="quiet number">4</span>' in page
    assert 'Scheduled <span class="number">3</span>' in page


def test_a_list_asks_as_much_for_many_rows_as_for_few(
    here: World, django_assert_max_num_queries: object
):
    client = client_of(here.people["coordinator"])
    for _number in range(20):
        planned(here)
    with django_assert_max_num_queries(18):
        client.get("/sessions/")


@pytest.mark.usefixtures("kept_answers")
def test_what_all_lists_ask_is_read_once_until_the_next_entry(
    here: World, django_assert_max_num_queries: object
):
    client = client_of(here.people["coordinator"])
    planned(here)
    client.get("/sessions/")
    with django_assert_max_num_queries(13):
        assert "Nobody has it" not in client.get("/sessions/").content.decode()
    set_areas(
        campaign=here.campaign,
        drafts=[AreaDraft("N1", "Nobody has it")],
        actor=here.people["coordinator"],
        now=NOW,
    )
    assert "Nobody has it" in client.get("/sessions/").content.decode()


@pytest.mark.usefixtures("kept_answers")
def test_a_campaign_that_was_just_closed_takes_nothing_more(here: World):
    client = client_of(here.people["coordinator"])
    assert "Enter a new one" in client.get("/sessions/").content.decode()
    close_campaign(campaign=here.campaign, actor=here.people["coordinator"], now=NOW)
    assert "Enter a new one" not in client.get("/sessions/").content.decode()


def test_search_leads_to_a_reference_and_finds_titles(here: World):
    session = planned(here, "D1", title="船用低速机备件")
    planned(here, "D2", title="Another")
    client = client_of(here.people["liaison_d1"])
    assert client.get("/search/?q=s-0001")["location"] == f"/r/{session.record.pk}/"
    assert references(client, "/search/?q=低速机") == ["S-0001"]
    # What can't be seen is neither found nor led to.
    assert references(client, "/search/?q=Another") == []
    assert references(client, "/search/?q=S-0002") == []
    assert client.get("/S-0001")["location"] == f"/r/{session.record.pk}/"
    assert client.get("/S-0002").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_lists_are_well_formed_in_both_languages(here: World, language: str):
    planned(here)
    client = client_of(here.people["coordinator"], language)
    for address in ("/sessions/", "/sessions/?unit=D1&state=planned", "/ideas/", "/search/?q=Read"):
        assert Markup(client.get(address).content.decode()).faults == []


def test_what_takes_place_on_days_shows_them_in_its_list(here: World):
    session = planned(here, "D1")
    page = client_of(here.people["coordinator"]).get("/sessions/").content.decode()
    assert re.search(r'<th scope="col">When</th>', page)
    day = session.planned_on
    assert f"{day.day} {day:%B} {day.year}" in page
    problems = client_of(here.people["coordinator"]).get("/problems/").content.decode()
    assert "When</th>" not in problems
