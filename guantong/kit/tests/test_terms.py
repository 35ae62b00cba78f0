"""Terms where a day belongs: what they may mean is offered, and none is taken in silence."""

import datetime as dt

import pytest
from django.utils import translation

from guantong.kit.sheets import NO_DAY, CellError, Day
from guantong.kit.sheets.terms import last_day_of

TODAY = dt.date(2026, 5, 4)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年6月底", "2026-06-30"),
        ("２０２６年 ２月末前", "2026-02-28"),
        ("2026年6月中旬", "2026-06-20"),
        ("2026-06", "2026-06-30"),
        ("June 2026", "2026-06-30"),
        ("by the end of Sept. 2026", "2026-09-30"),
        ("Q2 2026", "2026-06-30"),
        ("2026Q4", "2026-12-31"),
        ("2026年第三季度", "2026-09-30"),
        ("2026年一季度末", "2026-03-31"),
        ("2026年上半年", "2026-06-30"),
        ("2026年底", "2026-12-31"),
        ("2026", "2026-12-31"),
        ("2026年12月31日前", "2026-12-31"),
    ],
)
def test_the_last_day_of_a_term_is_proposed_and_not_taken(text, day):
    with translation.override("en"), pytest.raises(CellError) as caught:
        Day().read(text)
    assert "no day" in caught.value.sentence
    assert caught.value.accepted.startswith(f"{day}, if that is the last day meant; or a day")
    assert [cell for cell, _label in Day().meanings(text, TODAY)] == [day, NO_DAY]


@pytest.mark.parametrize("text", ["长期", "立行立改", "持续推进", "ongoing", "asap"])
def test_words_without_any_day_are_refused_and_near_ends_offered(text):
    with translation.override("en"), pytest.raises(CellError, match="is no day"):
        Day().read(text)
    near = ["2026-05-31", "2026-06-30", "2026-12-31", "2027-12-31"]
    assert [cell for cell, _label in Day().meanings(text, TODAY)] == [*near, NO_DAY]


@pytest.mark.parametrize("text", ["2026-13-01", "31/02/2026", "20261301", "45012", "2026年13月底"])
def test_a_wrong_day_is_no_term(text):
    assert last_day_of(text) is None
    with pytest.raises(CellError):
        Day().read(text)


def test_days_that_can_be_read_stay_what_they_were():
    for text in ("2026年6月30日", "30 June 2026", "2026-06-30", "20260630", "二〇二六年六月三十日"):
        assert Day().read(text) == dt.date(2026, 6, 30)
