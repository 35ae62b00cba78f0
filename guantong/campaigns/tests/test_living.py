"""A campaign is opened, after the last one's pattern, closed and opened again."""

import datetime

import pytest

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import (
    CannotCloseCampaign,
    CannotOpenCampaign,
    CannotReopenCampaign,
    close_campaign,
    correct_area,
    open_campaign,
    reopen_campaign,
    set_days,
    set_thresholds,
)
from guantong.campaigns.queries import current_campaign
from guantong.campaigns.tests.factories import campaign_of
from guantong.people.models import Person
from guantong.people.tests.factories import cast
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, TODAY, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def units() -> dict[str, Unit]:
    return organisation()


@pytest.fixture
def people(units: dict[str, Unit]) -> dict[str, Person]:
    return cast(units)


@pytest.fixture
def campaign(units: dict[str, Unit]) -> Campaign:
    return campaign_of(units)


def next_after(campaign: Campaign, **values: object) -> Campaign:
    values = {"code": "2024", "name": "Next", "actor": None, "starts_on": TODAY, **values}
    return open_campaign(unit=campaign.unit, now=NOW, copied_from=campaign, **values)


def test_the_next_campaign_has_the_pattern_of_the_last(campaign: Campaign, units: dict[str, Unit]):
    first, last = campaign.goals.all()[0], TODAY + datetime.timedelta(20)
    correct_area(area=campaign.areas.all()[0], actor=None, now=NOW, goal=first, unit=units["D1"])
    set_thresholds(campaign=campaign, thresholds={"grace_days_above": 7}, actor=None, now=NOW)
    past = TODAY - datetime.timedelta(20)
    set_days(campaign=campaign, days={past: False, last: False}, actor=None, now=NOW)
    following = next_after(campaign, takes_files=False)
    assert [goal.name for goal in following.goals.all()] == ["learn", "look", "mend", "move"]
    areas = [(a.code, a.name, a.unit and a.unit.code, a.goal and a.goal.name)
             for a in following.areas.all()]  # fmt: skip
    assert areas == [
        ("chains", "Industrial chains", "D1", "learn"),
        ("carbon", "Carbon peaking", None, None),
    ]
    assert following.areas.all()[0].goal.campaign == following
    assert following.threshold("grace_days_above") == 7
    assert following.calendar == {last: False}, "days gone by are no days of the next one"
    assert (following.takes_files, campaign.takes_files) == (False, True)
    assert campaign.areas.count() == 2


@pytest.mark.parametrize(
    ("by", "may"),
    [("coordinator", True), ("administrator", True), ("head_m", False), ("auditor", False)],
)
def test_who_opens_a_campaign(campaign: Campaign, people: dict[str, Person], by: str, may: bool):
    if may:
        assert next_after(campaign, actor=people[by]).closed_on is None
    else:
        with pytest.raises(CannotOpenCampaign, match="coordinator or administrator"):
            next_after(campaign, actor=people[by])


@pytest.mark.parametrize(
    ("by", "may"),
    [("coordinator", True), ("administrator", False), ("head_m", False), ("liaison_d1", False)],
)
def test_who_closes_and_opens_again(
    campaign: Campaign, people: dict[str, Person], by: str, may: bool
):
    if not may:
        with pytest.raises(CannotCloseCampaign, match="coordinator of the whole"):
            close_campaign(campaign=campaign, actor=people[by], now=NOW)
        close_campaign(campaign=campaign, actor=None, now=NOW)
        with pytest.raises(CannotReopenCampaign, match="coordinator of the whole"):
            reopen_campaign(campaign=campaign, actor=people[by], now=NOW, reason="More to do")
        return
    with pytest.raises(CannotReopenCampaign, match="is open"):
        reopen_campaign(campaign=campaign, actor=people[by], now=NOW, reason="More to do")
    close_campaign(campaign=campaign, actor=people[by], now=NOW)
    assert campaign.closed_on == TODAY
    with pytest.raises(CannotCloseCampaign, match="closed on"):
        close_campaign(campaign=campaign, actor=people[by], now=NOW)
    with pytest.raises(CannotReopenCampaign, match="Say in a sentence"):
        reopen_campaign(campaign=campaign, actor=people[by], now=NOW, reason=" ")
    reopen_campaign(campaign=campaign, actor=people[by], now=NOW, reason="More to do")
    assert Campaign.objects.open().get() == campaign


def test_an_open_campaign_is_met_before_a_closed_one(campaign: Campaign):
    following = next_after(campaign)
    assert current_campaign() == following
    assert current_campaign("2023") == campaign
    assert current_campaign("2032") is None
    close_campaign(campaign=following, actor=None, now=NOW)
    assert current_campaign() == campaign
