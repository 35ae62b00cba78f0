"""A campaign's goals, thresholds and working days are set in the browser, by its coordinator."""

import datetime

import pytest

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import close_campaign
from guantong.campaigns.rules import DEFAULT_THRESHOLDS
from guantong.ledger.verification import verify
from guantong.overview.forms.settling import THRESHOLDS
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.study.tests.factories import World, world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db
WHERE = "/campaigns/setting-up/"


@pytest.fixture
def here() -> World:
    return world()


def send(here: World, part: str, *, by: str = "coordinator", **said: object):
    data = {f"{part}-{field}": value for field, value in said.items()}
    return client_of(here.people[by]).post(WHERE, {"part": part, **data}, follow=True)


def fresh(here: World) -> Campaign:
    return Campaign.objects.get(pk=here.campaign.pk)


def thresholds(here: World, **changed: int) -> dict[str, int]:
    return {name: here.campaign.threshold(name) for name in DEFAULT_THRESHOLDS} | changed


def test_each_threshold_has_its_words():
    assert {name for _heading, labels in THRESHOLDS for name in labels} == set(DEFAULT_THRESHOLDS)


def test_the_page_is_reached_from_the_campaigns_and_well_formed(here: World):
    client = client_of(here.people["coordinator"])
    assert WHERE in client.get("/campaigns/").content.decode()
    assert Markup(client.get(WHERE).content.decode()).faults == []


@pytest.mark.parametrize("name", ["administrator", "head_m", "liaison_d1"])
def test_it_is_nobody_elses(here: World, name: str):
    assert client_of(here.people[name]).get(WHERE).status_code == 404
    assert send(here, "goals", by=name, goals="Mine").status_code == 404


def test_a_closed_campaign_is_set_up_no_more(here: World):
    close_campaign(campaign=here.campaign, actor=None, now=NOW)
    assert client_of(here.people["coordinator"]).get(WHERE).status_code == 404


def test_only_thresholds_that_differ_are_set(here: World):
    page = send(here, "thresholds", **thresholds(here, site_visits_a_month=7))
    assert "entered in the ledger" in page.content.decode()
    assert fresh(here).threshold("site_visits_a_month") == 7
    assert "place_visits_a_day" not in fresh(here).thresholds


@pytest.mark.parametrize(
    ("name", "value"), [("revisit_percent_low", 101), ("remind_days_before", -1)]
)
def test_a_number_out_of_range_is_refused_beside_its_field(here: World, name: str, value: int):
    page = send(here, "thresholds", **thresholds(here, **{name: value}))
    assert page.status_code == 422
    assert "errorlist" in page.content.decode()
    assert fresh(here).threshold(name) == DEFAULT_THRESHOLDS[name]


def test_days_off_in_a_row_and_a_weekend_worked(here: World):
    day = datetime.date(2027, 10, 1)
    send(
        here, "days", first=day, last=day + datetime.timedelta(6), is_working="no", name="National"
    )
    send(here, "days", first="2027-10-09", is_working="yes")
    campaign = fresh(here)
    assert not any(campaign.works_on(day + datetime.timedelta(n)) for n in range(7))
    assert campaign.works_on(datetime.date(2027, 10, 9))
    send(here, "days", first="2027-10-07", is_working="yes", name="Moved")
    assert fresh(here).works_on(datetime.date(2027, 10, 7))
    assert fresh(here).days.get(day=datetime.date(2027, 10, 7)).name == "Moved"
    assert verify().lines() == []


@pytest.mark.parametrize(
    ("last", "said"), [("2027-09-01", "before the first"), ("2028-10-01", "at most 60 days")]
)
def test_days_that_make_no_sense_are_refused(here: World, last: str, said: str):
    page = send(here, "days", first="2027-10-01", last=last, is_working="no")
    assert said in page.content.decode()
    assert not fresh(here).days.filter(day__year__gte=2027).exists()


def test_goals_are_reworded_and_added_and_never_lost(here: World):
    before = list(here.campaign.goals.values_list("pk", flat=True))
    words = [f"Goal {number}" for number in range(len(before) + 1)]
    send(here, "goals", goals="\n".join(words))
    after = list(fresh(here).goals.values_list("pk", "name"))
    assert [pk for pk, _name in after][: len(before)] == before
    assert [name for _pk, name in after] == words
    page = send(here, "goals", goals=words[0] if before else "")
    assert page.status_code == 422
    assert fresh(here).goals.count() == len(words)


def test_a_campaign_does_not_end_before_it_starts(here: World):
    early = here.campaign.starts_on - datetime.timedelta(1)
    page = send(here, "facts", name="Renamed", ends_on=early)
    assert "before it starts" in page.content.decode()
    send(here, "facts", name="Renamed", heads_approve_projects="on")
    assert (fresh(here).name, fresh(here).heads_approve_projects) == ("Renamed", True)
