"""Which day a moment falls on where no campaign says so: the organisation's own (GUANTONG_ZONE)."""

import datetime
import zoneinfo

from django.conf import settings


def organisation_zone() -> zoneinfo.ZoneInfo:
    """Return the zone in which the organisation lives."""
    return zoneinfo.ZoneInfo(settings.TIME_ZONE)


def day_of(moment: datetime.datetime) -> datetime.date:
    """Return the organisation's day on which `moment` falls.

    Not `timezone.localdate`, which follows whichever zone the page at hand shows its times in.
    """
    return moment.astimezone(organisation_zone()).date()
