"""How a campaign is run is said on a page by its coordinator, and read there by everybody."""

import datetime

import pytest

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import close_campaign, open_campaign, set_session_formats
from guantong.campaigns.rules import DEFAULT_THRESHOLDS, THRESHOLDS_IN_WORDS
from guantong.figures.registry import Scope
from guantong.ledger.models import Entry
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.study.figures import behind_requirements
from guantong.study.models import Session
from guantong.study.operations import CannotPlanSession
from guantong.study.tests.factories import World, held, planned, world
from guantong.units.tests.factories import NOW, TODAY

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


def test_a_campaign_has_session_formats_of_its_own(here: World) -> None:
    coordinator = client_of(here.people["coordinator"])
    said = {"name": "主题党日", "counts_as": "party_lecture"}
    assert coordinator.post("/registers/session-formats/new/", said).status_code == 302
    assert coordinator.post("/registers/session-formats/new/", said).status_code == 422
    liaison = client_of(here.people["liaison_d1"])
    assert liaison.get("/registers/session-formats/").status_code == 404
    session = {"title": "On castings", "unit": "D1", "own_format": "主题党日"}
    assert liaison.post("/new/sessions/", session).status_code == 302
    found = Session.objects.get()
    assert (found.format, str(found.own_format)) == ("party_lecture", "主题党日")
    assert "主题党日" in liaison.get(f"/r/{found.pk}/").content.decode()
    assert liaison.post("/new/sessions/", {**session, "own_format": "Xx"}).status_code == 422
    assert liaison.post("/new/sessions/", {**session, "own_format": ""}).status_code == 422


def test_the_next_campaign_has_them_too_and_neither_has_the_others(here: World) -> None:
    set_session_formats(
        campaign=here.campaign, formats={"主题党日": "party_lecture"}, actor=None, now=NOW
    )
    after = open_campaign(
        code="next", name="Next", unit=here.campaign.unit, starts_on=NOW.date(),
        copied_from=here.campaign, actor=None, now=NOW,
    )  # fmt: skip
    assert [one.name for one in after.session_formats.all()] == ["主题党日"]
    stranger = after.session_formats.get()
    with pytest.raises(CannotPlanSession, match="another campaign"):
        planned(here, own_format=stranger)


def test_what_is_required_of_study_is_off_until_it_is_said_and_counts_units(here: World) -> None:
    client = client_of(here.people["coordinator"])
    figure = "/figures/study.units_behind/"
    held(here, "D1", partners=(here.units["D2"],))
    held(here, "D1")
    assert units_behind(here) == set()
    said = {"name": "Two sessions each", "sessions": "0", "by_on": TODAY.isoformat()}
    new = "/registers/study-requirements/new/"
    assert client.post(new, said).status_code == 422
    assert client.post(new, {**said, "sessions": "2"}).status_code == 302
    assert units_behind(here, on=TODAY - datetime.timedelta(1)) == set(), "its day has not come"
    behind = units_behind(here)
    assert "D2" in behind
    assert "D1" not in behind
    assert client.get(figure).status_code == 200
    requirement = here.campaign.study_requirements.get()
    lifted = {"format": "", "sessions": "0", "by_on": TODAY.isoformat()}
    assert (
        client.post(f"/registers/study-requirements/{requirement.pk}/", lifted).status_code == 302
    )
    assert units_behind(here) == set()


def units_behind(here: World, on: datetime.date = TODAY) -> set[str]:
    scope = Scope(campaign=here.campaign, viewer=here.people["coordinator"], as_of=on, today=TODAY)
    return set(behind_requirements(scope).values_list("code", flat=True))


def test_days_in_a_register_are_written_as_everywhere(here: World) -> None:
    client = client_of(here.people["coordinator"], "en")
    client.post("/registers/days/new/", {"day": "2023-10-02", "is_working": "no", "name": "X"})
    assert "2 Oct 2023" in client.get("/registers/days/").content.decode()
