import datetime

from django.test import override_settings
from django.utils import timezone

from guantong.kit.days import day_of

LATE = datetime.datetime(2026, 3, 1, 17, 0, tzinfo=datetime.UTC)


def test_a_day_is_the_organisations_and_not_that_of_the_page_at_hand():
    with override_settings(TIME_ZONE="Asia/Shanghai"), timezone.override("UTC"):
        assert day_of(LATE) == datetime.date(2026, 3, 2)
    with override_settings(TIME_ZONE="Europe/Lisbon"):
        assert day_of(LATE) == datetime.date(2026, 3, 1)
