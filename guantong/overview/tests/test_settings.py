"""How a campaign is run is said on a page by its coordinator, and read there by everybody."""

import datetime

import pytest

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import close_campaign
from guantong.campaigns.rules import DEFAULT_THRESHOLDS, THRESHOLDS_IN_WORDS
from guantong.ledger.models import Entry
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.study.tests.factories import World, world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db

PAGE = "/campaigns/settings/"


@pytest.fixture
def here() -> World:
    return world()


def said(campaign: Campaign, **values: object) -> dict[str, object]:
    thresholds = {name: campaign.threshold(name) for name in DEFAULT_THRESHOLDS}
    return {"name": campaign.name, "word": campaign.word, "ends_on": "", **thresholds, **values}


def test_every_threshold_stands_on_the_page_once() -> None:
    named = [name for _heading, labels in THRESHOLDS_IN_WORDS for name in labels]
    assert sorted(named) == sorted(DEFAULT_THRESHOLDS)


def test_the_coordinator_sets_limits_delegation_and_last_day(here: World) -> None:
    client = client_of(here.people["coordinator"])
    values = said(
        here.campaign,
        site_visits_a_month=7,
        grace_days_above=6,
        heads_approve_projects="on",
        ends_on="2024-03-31",
        word="主题教育",
    )
    assert client.post(PAGE, values)["location"] == PAGE
    here.campaign.refresh_from_db()
    assert here.campaign.threshold("site_visits_a_month") == 7
    assert here.campaign.threshold("grace_days_above") == 6
    assert here.campaign.thresholds == {"site_visits_a_month": 7, "grace_days_above": 6}
    assert here.campaign.heads_approve_projects
    assert here.campaign.ends_on == datetime.date(2024, 3, 31)
    assert here.campaign.word == "主题教育"
    entry = Entry.objects.filter(code="campaigns.campaign.corrected").latest("pk")
    assert entry.actor == here.people["coordinator"].pk


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"site_visits_a_week": 0}, "site_visits_a_week"),
        ({"revisit_percent_low": 101}, "revisit_percent_low"),
        ({"grace_days_coordinator": 1}, "grace_days_coordinator"),
        ({"ends_on": "2000-01-01"}, ""),
        ({"name": " "}, "name"),
        ({"remind_days_before": "soon"}, "remind_days_before"),
    ],
)
def test_what_can_not_hold_is_said_at_its_field(here: World, values, field: str) -> None:
    answer = client_of(here.people["coordinator"]).post(PAGE, said(here.campaign, **values))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field or "__all__"]
    here.campaign.refresh_from_db()
    assert here.campaign.thresholds == {}


@pytest.mark.parametrize("name", ["liaison_d1", "head_d1", "auditor", "administrator"])
def test_everybody_reads_it_and_none_but_the_coordinator_sets_it(here: World, name: str) -> None:
    client = client_of(here.people[name])
    page = client.get(PAGE).content.decode()
    assert "to one site in a month" in page
    assert "<input type=" not in page.split("<main", 1)[1]
    assert client.post(PAGE, said(here.campaign, site_visits_a_month=9)).status_code == 404
    here.campaign.refresh_from_db()
    assert here.campaign.threshold("site_visits_a_month") == 3


def test_a_closed_campaign_is_only_read(here: World) -> None:
    close_campaign(campaign=here.campaign, actor=None, now=NOW)
    client = client_of(here.people["coordinator"])
    assert client.post(PAGE, said(here.campaign, site_visits_a_month=9)).status_code == 404
    values = {"name": "One goal more", "position": ""}
    answer = client.post("/registers/goals/new/", values)
    assert answer.status_code == 422
    assert "only read" in answer.content.decode()


def test_goals_and_working_days_are_kept_in_registers(here: World) -> None:
    client = client_of(here.people["coordinator"])
    assert (
        client.post("/registers/goals/new/", {"name": "学思想", "position": "0"}).status_code == 302
    )
    again = client.post("/registers/goals/new/", {"name": "学思想"})
    assert again.status_code == 422
    assert "is a goal already" in again.content.decode()
    holiday = {"day": "2023-10-02", "is_working": "no", "name": "国庆节"}
    assert client.post("/registers/days/new/", holiday).status_code == 302
    here.campaign.__dict__.pop("calendar", None)
    assert here.campaign.calendar[datetime.date(2023, 10, 2)] is False
    assert client.post("/registers/days/new/", holiday).status_code == 422
    day = here.campaign.days.get(day="2023-10-02")
    change = {"is_working": "yes", "name": "调休"}
    assert client.post(f"/registers/days/{day.pk}/", change).status_code == 302
    day.refresh_from_db()
    assert (day.is_working, day.name) == (True, "调休")
    page = client.get(PAGE).content.decode()
    assert "学思想" in page
    assert "2023-10-02 · 调休" in page


@pytest.mark.parametrize("name", ["liaison_d1", "head_d1", "auditor", "administrator"])
def test_goals_and_days_are_not_for_others(here: World, name: str) -> None:
    client = client_of(here.people[name])
    for kind in ("goals", "days"):
        assert client.get(f"/registers/{kind}/").status_code == 404
        assert client.post(f"/registers/{kind}/new/", {"name": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("kind", "values", "who"),
    [
        (
            "units",
            {"code": "D1", "name": "X", "kind": "department", "parent": "M"},
            "administrator",
        ),
        ("areas", {"code": "chains", "name": "Again"}, "coordinator"),
        ("people", {"username": "liaison_d1", "name": "X", "unit": "D1"}, "administrator"),
    ],
)
def test_what_a_register_has_already_is_said_above_the_form(here: World, kind, values, who) -> None:
    answer = client_of(here.people[who]).post(f"/registers/{kind}/new/", values)
    assert answer.status_code == 422
    assert "already used" in answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["coordinator", "liaison_d1"])
def test_the_page_is_well_formed(here: World, language: str, name: str) -> None:
    page = client_of(here.people[name], language).get(PAGE).content.decode()
    assert Markup(page).faults == []
