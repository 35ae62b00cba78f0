"""What the tests of imports share."""

import pytest

from guantong.campaigns.tests.factories import campaign_of
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import organisation


@pytest.fixture
def world(db):
    """An organisation with its people and a campaign; its coordinator brings the files."""
    units = organisation()
    people = cast(units)
    campaign = campaign_of(units)
    return {
        "actor": people["coordinator"],
        "campaign": campaign,
        "people": people,
        "units": units,
    }
