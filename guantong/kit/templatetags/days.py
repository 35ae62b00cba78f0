"""Days and instants as people write them, in the language of the page."""

from __future__ import annotations

import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from guantong.kit.languages import written_in

register = template.Library()

MONTHS = "Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec".split()


def day_in_words(day: datetime.date) -> str:
    """Return 2023年7月20日 or 20 July 2023."""
    if written_in() == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_in_words(value: datetime.datetime, zone: str | None = None) -> str:
    """Return day and minute, in the zone named or else in the active one."""
    here = value.astimezone(ZoneInfo(zone)) if zone else timezone.localtime(value)
    return f"{day_in_words(here.date())} {here:%H:%M}"


@register.filter("until")
def days_in_words(first: datetime.date, last: datetime.date | None) -> str:
    """Return 2023年7月20日至24日 or 20–24 July 2023, and one day alone as it is written alone."""
    if last in (None, first):
        return day_in_words(first)
    if first.year != last.year:
        ends = day_in_words(first), day_in_words(last)
        return "至".join(ends) if written_in() == "zh" else " – ".join(ends)
    if written_in() == "zh":
        month = "" if first.month == last.month else f"{last.month}月"
        return f"{day_in_words(first)}至{month}{last.day}日"
    if first.month == last.month:
        return f"{first.day}–{day_in_words(last)}"
    return f"{first.day} {MONTHS[first.month - 1]} – {day_in_words(last)}"


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """Show a day; an instant is shown as the day it has in the active zone."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    return _shown(value, written_in())


@lru_cache(maxsize=4096)
def _shown(day: datetime.date, language: str) -> SafeString:
    """Write it once: a list has the same few days in its rows again and again."""
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), day_in_words(day))


@register.filter
def instant(value: datetime.datetime | None, zone: str | None = None) -> str:
    """Show day and minute, in the zone named or else in the active one."""
    if value is None:
        return ""
    said = value.isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', said, moment_in_words(value, zone))
