"""Terms that people write where a day belongs: 2026年6月底, Q2 2026, 长期, 立行立改.

None is taken as a day in silence; a person picks once for all cells that say the same.
"""

import calendar
import datetime as dt
import re
import unicodedata

_TAIL = r"(?:以?前|之前|以?内|底|末|份)*"
_BEFORE = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})[-/.月](\d{{1,2}})[日号]?{_TAIL}")
_PARTS = {"上旬": 10, "初": 10, "中旬": 20, "中": 20}
_MONTH = re.compile(
    rf"(?P<year>\d{{4}})[-/.年](?P<month>\d{{1,2}})月?份?(?P<part>[上中下]旬|初|中)?{_TAIL}"
)
_QUARTER = re.compile(
    r"(?P<year>\d{4})[-/年]?(?:第?(?P<zh>[一二三四1234])季度?|q(?P<q>[1-4]))" + _TAIL
    + r"|q(?P<q_first>[1-4])[-/,]?(?P<year_last>\d{4})"
)  # fmt: skip
_HALF = re.compile(r"(?P<year>\d{4})年?(?P<half>[上下])半年" + _TAIL)
_YEAR = re.compile(r"(?P<year>\d{4})(?:年年?)?" + _TAIL)
_ENGLISH = re.compile(r"(?:(?:by)?(?:the)?endof)?(?P<name>[a-z]{3,9})?\.?,?(?P<year>\d{4})")
MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ],
        start=1,
    )
    for name in names.split()
}
_NUMBERS = re.compile(r"\d+")


def names_no_day(text: str) -> bool:
    """Whether a text that is no day is none for want of one, and not a day that is wrong."""
    numbers = _NUMBERS.findall(unicodedata.normalize("NFKC", text))
    return len(numbers) < 3 and all(len(number) <= 4 for number in numbers)


def last_day_of(text: str) -> dt.date | None:
    """Return the last day of what a text names: a part of a year, the year, or before a day."""
    said = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    if found := _BEFORE.fullmatch(said):
        year, month, number = map(int, found.groups())
        last = _end_of(year, month)
        return last.replace(day=number) if last and 1 <= number <= last.day else None
    if found := _MONTH.fullmatch(said):
        last = _end_of(int(found["year"]), int(found["month"]))
        day = _PARTS.get(found["part"] or "")
        return last.replace(day=day) if last and day else last
    if found := _QUARTER.fullmatch(said):
        sign = found["zh"] or found["q"] or found["q_first"]
        number = "一二三四".find(sign) + 1 or int(sign)
        return _end_of(int(found["year"] or found["year_last"]), 3 * number)
    if found := _HALF.fullmatch(said):
        return _end_of(int(found["year"]), 6 if found["half"] == "上" else 12)
    if found := _YEAR.fullmatch(said):
        return _end_of(int(found["year"]), 12)
    if found := _ENGLISH.fullmatch(said):
        return _end_of(int(found["year"]), MONTHS.get(found["name"] or "dec", 0))
    return None


def ends_after(today: dt.date) -> list[dt.date]:
    """Return the ends of the month, quarter and year that run, and of the year after."""
    quarter = (today.month + 2) // 3 * 3
    ends = [_end_of(today.year, month) for month in (today.month, quarter, 12)]
    return list(dict.fromkeys(filter(None, [*ends, _end_of(today.year + 1, 12)])))


def _end_of(year: int, month: int) -> dt.date | None:
    if not (1900 <= year <= 2200 and 1 <= month <= 12):
        return None
    return dt.date(year, month, calendar.monthrange(year, month)[1])
