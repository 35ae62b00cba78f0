import datetime

import pytest

from guantong.campaigns.operations import (
    AreaDraft,
    CannotOpenCampaign,
    CannotSetAreas,
    CannotSetThresholds,
    open_campaign,
    set_areas,
    set_days,
    set_thresholds,
)
from guantong.campaigns.tests.factories import campaign_of
from guantong.units.tests.factories import NOW, START, organisation

pytestmark = pytest.mark.django_db


def test_thresholds_have_defaults_and_keep_what_was_set() -> None:
    campaign = campaign_of(organisation())
    assert campaign.threshold("site_visits_a_month") == 3
    set_thresholds(campaign=campaign, thresholds={"site_visits_a_month": 5}, actor=None, now=NOW)
    set_thresholds(campaign=campaign, thresholds={"site_visits_a_day": 2}, actor=None, now=NOW)
    campaign.refresh_from_db()
    assert campaign.threshold("site_visits_a_month") == 5
    assert campaign.threshold("site_visits_a_day") == 2


@pytest.mark.parametrize("thresholds", [{"visits": 1}, {"site_visits_a_day": -1}])
def test_what_is_no_threshold_is_refused(thresholds: dict[str, int]) -> None:
    campaign = campaign_of(organisation())
    with pytest.raises(CannotSetThresholds):
        set_thresholds(campaign=campaign, thresholds=thresholds, actor=None, now=NOW)


def test_a_campaign_has_its_code_alone_and_ends_after_it_starts() -> None:
    units = organisation()
    campaign_of(units)
    with pytest.raises(CannotOpenCampaign, match="exists"):
        campaign_of(units)
    with pytest.raises(CannotOpenCampaign, match="before it starts"):
        open_campaign(
            code="2024",
            name="next",
            unit=units["M"],
            starts_on=START,
            ends_on=START - datetime.timedelta(1),
            actor=None,
            now=NOW,
        )


def test_areas_keep_their_order_and_their_codes() -> None:
    campaign = campaign_of(organisation())
    set_areas(campaign=campaign, drafts=[AreaDraft("a", "A first")], actor=None, now=NOW)
    assert [area.code for area in campaign.areas.all()] == ["chains", "carbon", "a"]
    with pytest.raises(CannotSetAreas, match="chains"):
        set_areas(campaign=campaign, drafts=[AreaDraft("chains", "again")], actor=None, now=NOW)


def test_a_day_can_be_said_again() -> None:
    campaign = campaign_of(organisation())
    day = datetime.date(2023, 6, 22)
    set_days(campaign=campaign, days={day: False}, actor=None, now=NOW)
    assert campaign.calendar == {day: False}
    set_days(campaign=campaign, days={day: True}, actor=None, now=NOW)
    assert campaign.calendar == {day: True}


def test_days_are_days_in_the_campaigns_zone() -> None:
    campaign = campaign_of(organisation())
    late = datetime.datetime(2023, 6, 1, 17, 0, tzinfo=datetime.UTC)
    assert campaign.day_of(late) == datetime.date(2023, 6, 2)
