"""Which periods of a job are due at a moment: pure functions; no Django."""

import datetime
import zoneinfo
from enum import StrEnum

DAY = datetime.timedelta(1)


class Every(StrEnum):
    """How often a job runs."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class CatchUp(StrEnum):
    """What becomes of periods that passed while no worker ran."""

    EACH = "each"
    ONCE = "once"


LENGTHS = {Every.MINUTE: datetime.timedelta(minutes=1), Every.HOUR: datetime.timedelta(hours=1)}


def period_at(
    every: Every, moment: datetime.datetime, *, zone: zoneinfo.ZoneInfo, at: datetime.time
) -> datetime.datetime:
    """Return when the period that holds `moment` began; a daily one begins `at` in `zone`."""
    if every is not Every.DAY:
        length = LENGTHS[every]
        seconds = int(moment.timestamp()) // int(length.total_seconds())
        return datetime.datetime.fromtimestamp(seconds * length.total_seconds(), datetime.UTC)
    local = moment.astimezone(zone)
    day = local.date() if local.time() >= at else local.date() - DAY
    return _begin_of(day, zone, at)


def next_period(
    every: Every, begins_at: datetime.datetime, *, zone: zoneinfo.ZoneInfo, at: datetime.time
) -> datetime.datetime:
    """Return when the period after the one that began at `begins_at` begins."""
    if every is not Every.DAY:
        return begins_at + LENGTHS[every]
    return _begin_of(begins_at.astimezone(zone).date() + DAY, zone, at)


def periods_due(
    every: Every,
    *,
    last: datetime.datetime | None,
    now: datetime.datetime,
    zone: zoneinfo.ZoneInfo,
    at: datetime.time,
    catch_up: CatchUp,
) -> list[datetime.datetime]:
    """Return the periods to be run after `last`, oldest first; a new job begins with today's.

    Where all missed ones are made good at once, only the present one is due.
    """
    present = period_at(every, now, zone=zone, at=at)
    if last is None:
        return [present]
    if catch_up is CatchUp.ONCE:
        return [present] if present > last else []
    due = []
    period = next_period(every, last, zone=zone, at=at)
    while period <= present:
        due.append(period)
        period = next_period(every, period, zone=zone, at=at)
    return due


def _begin_of(day: datetime.date, zone: zoneinfo.ZoneInfo, at: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, at, zone).astimezone(datetime.UTC)
