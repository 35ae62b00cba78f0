"""Days are written as people of either language write them."""

import datetime

import pytest
from django.utils import timezone, translation

from guantong.kit.templatetags.days import day, days_in_words, instant


def test_a_day_in_both_languages():
    with translation.override("zh-hans"):
        assert "2023年7月20日" in day(datetime.date(2023, 7, 20))
    with translation.override("en"):
        assert day(datetime.date(2023, 7, 20)) == '<time datetime="2023-07-20">20 July 2023</time>'
    assert day(None) == ""


def test_an_instant_is_shown_in_the_active_zone():
    late = datetime.datetime(2023, 7, 20, 17, 5, tzinfo=datetime.UTC)
    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert "21 July 2023 01:05" in instant(late)
        assert "21 July 2023" in day(late)
    with translation.override("en"):
        assert "20 July 2023 19:05" in instant(late, "Europe/Berlin")


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        (datetime.date(2026, 8, 10), None, "10 Aug 2026", "2026年8月10日"),
        (datetime.date(2026, 8, 10), datetime.date(2026, 8, 10), "10 Aug 2026", "2026年8月10日"),
        (
            datetime.date(2026, 8, 10),
            datetime.date(2026, 8, 11),
            "10–11 Aug 2026",
            "2026年8月10日至11日",
        ),
        (
            datetime.date(2026, 8, 31),
            datetime.date(2026, 9, 1),
            "31 Aug – 1 Sept 2026",
            "2026年8月31日至9月1日",
        ),
        (
            datetime.date(2026, 8, 5),
            datetime.date(2026, 9, 5),
            "5 Aug – 5 Sept 2026",
            "2026年8月5日至9月5日",
        ),
        (
            datetime.date(2025, 8, 5),
            datetime.date(2026, 8, 5),
            "5 Aug 2025 – 5 Aug 2026",
            "2025年8月5日至2026年8月5日",
        ),
    ],
)
def test_a_span_says_only_once_what_both_its_ends_share(first, last, english, chinese):
    with translation.override("en"):
        assert days_in_words(first, last) == english
    with translation.override("zh-hans"):
        assert days_in_words(first, last) == chinese
