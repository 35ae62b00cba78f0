import datetime

from hypothesis import given
from hypothesis import strategies as st

from guantong.campaigns.rules import add_working_days, is_working_day, working_days_between

DAYS = st.dates(datetime.date(2023, 1, 1), datetime.date(2023, 12, 31))
EXCEPTIONS = st.dictionaries(DAYS, st.booleans(), max_size=30)


@given(DAYS, DAYS, EXCEPTIONS)
def test_working_days_between_is_what_counting_gives(
    first: datetime.date, last: datetime.date, exceptions: dict[datetime.date, bool]
) -> None:
    low, high = min(first, last), max(first, last)
    counted = sum(
        is_working_day(low + datetime.timedelta(n), exceptions)
        for n in range(1, (high - low).days + 1)
    )
    assert working_days_between(first, last, exceptions) == (counted if first <= last else -counted)


@given(DAYS, st.integers(0, 20), EXCEPTIONS)
def test_adding_working_days_is_its_inverse(
    day: datetime.date, number: int, exceptions: dict[datetime.date, bool]
) -> None:
    later = add_working_days(day, number, exceptions)
    assert working_days_between(day, later, exceptions) == number
    assert later == day or is_working_day(later, exceptions)


def test_the_dragon_boat_weekend_of_2023() -> None:
    # 22 to 24 June free, Sunday 25 June worked: notice of the State Council's office for 2023.
    exceptions = {
        datetime.date(2023, 6, 22): False,
        datetime.date(2023, 6, 23): False,
        datetime.date(2023, 6, 25): True,
    }
    wednesday, monday = datetime.date(2023, 6, 21), datetime.date(2023, 6, 26)
    assert working_days_between(wednesday, monday, exceptions) == 2
