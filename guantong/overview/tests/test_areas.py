"""Pages of priority areas: what is counted in each, and indicators against their paths."""

import re
from decimal import Decimal

import pytest

from guantong.development.picture import draw
from guantong.development.rules import Point
from guantong.development.tests.factories import (
    BASELINE_ON,
    TARGET_ON,
    World,
    active,
    drafted,
    world,
)
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.units.tests.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_a_line_is_laid_out_over_days_and_values():
    path = [Point(BASELINE_ON, Decimal(10)), Point(TARGET_ON, Decimal(46))]
    picture = draw(path, [Point(BASELINE_ON, Decimal(28))], [], [])
    assert picture.path == "46.0,126.0 350.0,12.0"
    assert picture.dots == [(46.0, 69.0)]
    assert [tick.label for tick in picture.sides] == ["10", "46"]


def test_one_point_alone_is_drawn_too():
    picture = draw([], [Point(TODAY, Decimal("1.50"))], [], [])
    assert picture.dots == [(46.0, 126.0)]
    assert [tick.label for tick in picture.sides] == ["1.5"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_areas_and_one_area_show_and_are_well_formed(here: World, language: str):
    indicator = active(here)
    client = client_of(here.people["coordinator"], language)
    for address, said in (
        ("/areas/", "/areas/chains/"),
        ("/areas/chains/", indicator.record.title),
    ):
        page = client.get(address).content.decode()
        assert said in page
        assert Markup(page).faults == []


def test_what_is_counted_is_what_the_person_may_see(here: World):
    active(here, unit="D2")
    tally = re.compile(r'href="/indicators/\?area=chains">[^<]+</a></th><td class="number">(\d+)')
    found = {
        name: tally.findall(client_of(here.people[name]).get("/areas/chains/").content.decode())
        for name in ("coordinator", "liaison_d1", "liaison_d2")
    }
    assert found == {"coordinator": ["1"], "liaison_d1": [], "liaison_d2": ["1"]}


def test_a_draft_waits_to_be_activated_and_what_is_watched_waits_for_nobody(here: World):
    active(here, title="Watched")
    drafted(here, title="Still a draft")
    work = client_of(here.people["coordinator"]).get("/my-work/").content.decode()
    assert "Still a draft" in work
    assert "Watched" not in work


def test_where_no_area_is_set_its_page_leads_those_who_set_them_to_where_they_are_entered(
    here: World,
):
    here.campaign.areas.all().delete()
    leads = 'href="/registers/areas/">Enter or import them</a>'
    for name, does in (("coordinator", True), ("liaison_d1", False)):
        page = client_of(here.people[name]).get("/areas/").content.decode()
        assert "No areas yet." in page
        assert (leads in page) is does, name


def test_no_such_area_is_not_found(here: World):
    assert client_of(here.people["coordinator"]).get("/areas/none/").status_code == 404


def test_areas_ask_as_much_for_many_indicators_as_for_few(
    here: World, django_assert_max_num_queries: object
):
    for number in range(12):
        active(here, title=f"Indicator {number}")
    client = client_of(here.people["coordinator"])
    with django_assert_max_num_queries(14):
        client.get("/areas/")
    with django_assert_max_num_queries(36):
        client.get("/areas/chains/")


def test_an_indicators_record_page_has_its_picture(here: World):
    indicator = active(here)
    page = client_of(here.people["coordinator"]).get(f"/r/{indicator.pk}/").content.decode()
    assert 'class="chart indicator"' in page
