"""Days are written as people of either language write them."""

import datetime

from django.utils import timezone, translation

from guantong.kit.templatetags.days import day, instant


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
