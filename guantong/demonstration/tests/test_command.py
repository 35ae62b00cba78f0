from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from guantong.campaigns.models import Campaign
from guantong.campaigns.tests.factories import campaign_of
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import organisation

pytestmark = pytest.mark.django_db


def test_a_real_campaign_is_left_alone():
    campaign_of(organisation())
    with pytest.raises(CommandError, match="holds a real campaign"):
        call_command("demo", "--no-serve", stdout=StringIO())
    assert Campaign.objects.count() == 1


def test_people_without_a_campaign_are_left_alone():
    cast(organisation())
    with pytest.raises(CommandError, match="holds people already"):
        call_command("demo", "--no-serve", stdout=StringIO())


def test_a_second_run_keeps_the_data():
    campaign = campaign_of(organisation())
    Campaign.objects.filter(pk=campaign.pk).update(is_demonstration=True)
    said = StringIO()
    call_command("demo", "--no-serve", stdout=said)
    assert "data are kept" in said.getvalue()
    assert list(Campaign.objects.all()) == [campaign]
