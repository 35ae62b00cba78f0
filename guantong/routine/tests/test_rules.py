import datetime
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.routine.rules import CatchUp, Every, next_period, period_at, periods_due

SHANGHAI, LISBON = zoneinfo.ZoneInfo("Asia/Shanghai"), zoneinfo.ZoneInfo("Europe/Lisbon")
SIX = datetime.time(6)
MOMENTS = st.datetimes(
    datetime.datetime(2026, 1, 1), datetime.datetime(2027, 1, 1), timezones=st.just(datetime.UTC)
)


def utc(*numbers: int) -> datetime.datetime:
    return datetime.datetime(*numbers, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("every", "moment", "begins"),
    [
        (Every.MINUTE, utc(2026, 3, 1, 4, 5, 59), utc(2026, 3, 1, 4, 5)),
        (Every.HOUR, utc(2026, 3, 1, 4, 5, 59), utc(2026, 3, 1, 4)),
        # Six in Shanghai is ten in the evening before.
        (Every.DAY, utc(2026, 3, 1, 22, 0), utc(2026, 3, 1, 22)),
        (Every.DAY, utc(2026, 3, 1, 21, 59), utc(2026, 2, 28, 22)),
    ],
)
def test_a_period_begins_where_the_clock_says(
    every: Every, moment: datetime.datetime, begins: datetime.datetime
):
    assert period_at(every, moment, zone=SHANGHAI, at=SIX) == begins


def test_a_day_of_summer_time_is_a_day_all_the_same():
    before = period_at(Every.DAY, utc(2026, 3, 28, 12), zone=LISBON, at=SIX)
    after = next_period(Every.DAY, before, zone=LISBON, at=SIX)
    assert after - before == datetime.timedelta(hours=23)


@given(MOMENTS, st.sampled_from(Every), st.sampled_from([SHANGHAI, LISBON]))
def test_every_moment_is_in_one_period(
    moment: datetime.datetime, every: Every, zone: zoneinfo.ZoneInfo
):
    begins = period_at(every, moment, zone=zone, at=SIX)
    assert begins <= moment < next_period(every, begins, zone=zone, at=SIX)


def due(last: datetime.datetime | None, catch_up: CatchUp) -> list[int]:
    periods = periods_due(
        Every.DAY, last=last, now=utc(2026, 3, 10, 12), zone=SHANGHAI, at=SIX, catch_up=catch_up
    )
    return [period.astimezone(SHANGHAI).day for period in periods]


def test_missed_days_are_made_good_each_or_at_once():
    last = utc(2026, 3, 6, 22)  # the turn of the seventh
    assert due(last, CatchUp.EACH) == [8, 9, 10]
    assert due(last, CatchUp.ONCE) == [10]
    assert due(utc(2026, 3, 9, 22), CatchUp.EACH) == due(utc(2026, 3, 9, 22), CatchUp.ONCE) == []
    assert due(None, CatchUp.EACH) == [10], "a new job makes nothing good"
