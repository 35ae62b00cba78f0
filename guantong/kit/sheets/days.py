"""The parser of days: many ways of writing one, none of them guessed in silence."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.kit.sheets.cells import Cell, CellError, Parser, as_text, refuse_marks
from guantong.kit.sheets.terms import MONTHS, ends_after, last_day_of, names_no_day
from guantong.kit.templatetags.days import day_in_words

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
_SHORT_YEAR = re.compile(
    r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}|\d{1,2}[-/. ][a-z]{3,9}\.?[-/., ]+\d{2}|'?\d{2}年.*", re.I
)
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})")
_NAMED_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MONTH_ONLY = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?(?:份|[上中下]旬|初|中|底|末)?|[a-z]{3,9}\.?[-/., ]+\d{4}",
    re.I,
)
# 二〇二三年四月五日, as documents have it.
_IN_WORDS = re.compile(
    r"([〇零○Ｏ一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月"
    r"(?:([一二三四五六七八九十廿卅]{1,3})[日号])?"
)
_DIGITS = {sign: n for n, signs in enumerate(["〇零○Ｏ", *"一二三四五六七八九"]) for sign in signs}
_TIME = re.compile(
    r"[T\s]+(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$",
    re.I,
)
_MIDNIGHT = re.compile(r"[T\s]+0?0:00(?::00(?:\.0+)?)?$")
_YEARS = range(1900, 2101)
# What a person picks for a word such as 长期 that is to be read as an empty cell.
NO_DAY = "-"
# What a spreadsheet shows for a date cell that has nothing in it.
_EMPTY_DAY = dt.date(1900, 1, 1)
# So many days that all lie in the first twelve of their months are hardly so by chance.
_SUSPICIOUS = 5
# Excel for the Mac counted from 1904 until 2011; its files say so.
_EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}


@dataclass(frozen=True)
class Day(Parser):
    """A day, as `datetime.date`.

    `order` is `dmy` or `mdy` for 01/07/2023; where it is None the column decides it, and where the
    column doesn't, the cell is refused. `form` is a strptime form that then is the only one taken.
    `blanks` are cells that mean no day, such as 0000-00-00. `serials`: numbers that are written
    as text are Excel's day numbers too; `from_1904`: the file counts days from 1904. `turned`:
    a text of the column that shows that a program took day and month of its other cells for one
    another.
    """

    order: str | None = None
    form: str | None = None
    blanks: frozenset[str] = frozenset()
    serials: bool = False
    from_1904: bool = False
    turned: str = ""
    least: dt.date = dt.date(1900, 1, 1)
    most: dt.date = dt.date(2200, 1, 1)

    def accepted(self) -> str:
        return _("a day, for example 2023-07-01 or 2023年7月1日")

    def fitted(self, cells: Iterable[Cell]) -> tuple["Day", list[str]]:
        """Find out from the whole column whether 01/07/2023 is in January or in July."""
        timed, day_first, month_first, unclear = 0, "", "", 0
        early = late = 0
        numbered: list[float] = []
        for cell in cells:
            if isinstance(cell, dt.date):
                timed += isinstance(cell, dt.datetime) and cell.time() != dt.time()
                early += cell.day <= 12
                late += cell.day > 12
            elif isinstance(cell, int | float) and _YEARS.stop <= cell < 110_000:
                numbered.append(cell)
            if not isinstance(cell, str):
                continue
            timed += ":" in cell and _has_time(cell)
            if not (found := _year_last(cell)):
                continue
            first, second = int(found[1]), int(found[2])
            if first > 12 >= second:
                day_first = day_first or cell.strip()
            elif second > 12 >= first:
                month_first = month_first or cell.strip()
            else:
                unclear += first != second
        notes = []
        if timed:
            notes.append(
                ngettext(
                    "%(count)s cell has a time of day, which is left out.",
                    "%(count)s cells have a time of day, which is left out.",
                    timed,
                )
                % {"count": timed}
            )
        if numbered:
            said = ngettext(
                "%(count)s cell is a plain number, read as Excel's: %(cell)s is %(day)s.",
                "%(count)s cells are plain numbers, read as Excel's: %(cell)s is %(day)s.",
                len(numbered),
            )
            if self.from_1904:
                said = ngettext(
                    "%(count)s cell is a plain number, counted from 1904 as the workbook says: "
                    "%(cell)s is %(day)s.",
                    "%(count)s cells are plain numbers, counted from 1904 as the workbook says: "
                    "%(cell)s is %(day)s.",
                    len(numbered),
                )
            day = self._of_number(numbered[0])
            notes.append(said % {"count": len(numbered), "cell": as_text(numbered[0]), "day": day})
        if self.order or self.form:
            return self, notes
        if day_first and month_first:
            said = _(
                "“%(one)s” is day/month/year and “%(other)s” month/day/year: each is read as it "
                "can only be, and what may be either is refused."
            )
            return self, [*notes, said % {"one": day_first, "other": month_first}]
        shown = day_first or month_first
        if shown and early >= _SUSPICIOUS and not late:
            return replace(self, turned=shown, order="dmy" if day_first else "mdy"), notes
        if not unclear or not shown:
            return self, notes
        order = "dmy" if day_first else "mdy"
        said = {
            "dmy": _("Days are read as day/month/year, since “%(cell)s” can't be otherwise."),
            "mdy": _("Days are read as month/day/year, since “%(cell)s” can't be otherwise."),
        }[order]
        return replace(self, order=order), [*notes, said % {"cell": shown}]

    def read(self, cell: Cell) -> dt.date | None:
        if isinstance(cell, dt.date):
            day = cell.date() if isinstance(cell, dt.datetime) else cell
            if self.turned and day.day <= 12 and day.day != day.month:
                raise self._may_be_turned(day)
            return self._within(day, cell)
        if cell is None:
            return None
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return self._of_number(cell)
        written = as_text(cell)
        refuse_marks(written, self.accepted())
        text = unicodedata.normalize("NFKC", written)
        if not text or text in self.blanks:
            return None
        if self.form:
            try:
                return self._within(dt.datetime.strptime(text, self.form).date(), cell)
            except ValueError:
                raise self._refusal(cell) from None
        return self._within(self._of_text(_TIME.sub("", text)), cell)

    def _of_text(self, text: str) -> dt.date:
        if found := _IN_WORDS.fullmatch(text):
            text = _in_digits(found)
        if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
            return self._made(text, found[1], found[2], found[3])
        if found := _YEAR_LAST.fullmatch(text):
            return self._of_year_last(text, int(found[1]), int(found[2]), found[3])
        named = text.casefold()
        if (found := _NAMED.fullmatch(named)) and found[2] in MONTHS:
            return self._made(text, found[3], MONTHS[found[2]], found[1])
        if (found := _NAMED_FIRST.fullmatch(named)) and found[1] in MONTHS:
            return self._made(text, found[3], MONTHS[found[1]], found[2])
        if re.fullmatch(r"\d{5}(\.\d+)?", text):
            if self.serials:
                return self._of_number(float(text))
            meant = self._of_number(float(text))
            raise CellError(
                _("“%(cell)s” may be Excel's number for %(day)s; write the day itself.")
                % {"cell": text, "day": meant},
                self.accepted(),
            )
        if _SHORT_YEAR.fullmatch(text):
            raise CellError(
                _("“%(cell)s” has a year of two digits.") % {"cell": text}, self.accepted()
            )
        if (last := last_day_of(text)) or _MONTH_ONLY.fullmatch(text):
            accepted = self.accepted()
            if last:
                meant_by = _("%(day)s, if that is the last day meant; or %(accepted)s")
                accepted = meant_by % {"day": last, "accepted": accepted}
            if names_no_day(text):
                raise CellError(_("“%(cell)s” has no day.") % {"cell": text}, accepted)
            raise CellError(_("“%(cell)s” is no day.") % {"cell": text}, accepted)
        raise self._refusal(text)

    def _of_year_last(self, text: str, first: int, second: int, year: str) -> dt.date:
        if self.order:
            day, month = (first, second) if self.order == "dmy" else (second, first)
            return self._made(text, year, month, day)
        if first > 12 or second > 12 or first == second:
            day, month = (first, second) if first > 12 else (second, first)
            return self._made(text, year, month, day)
        raise CellError(
            _("“%(cell)s” may be %(one)s or %(other)s; nothing in this column decides which.")
            % {
                "cell": text,
                "one": self._made(text, year, second, first),
                "other": self._made(text, year, first, second),
            },
            _("%(day)s, or a word on the order of day and month") % {"day": self.accepted()},
        )

    def _made(self, text: str, year: Any, month: Any, day: Any) -> dt.date:
        try:
            return dt.date(int(year), int(month), int(day))
        except ValueError:
            raise CellError(
                _("There is no day “%(cell)s” in the calendar.") % {"cell": text}, self.accepted()
            ) from None

    def _of_number(self, number: float) -> dt.date:
        if not 1 <= number < 110_000:
            compact = str(int(number)) if number > 0 else ""
            if found := _COMPACT.fullmatch(compact):
                return self._within(self._made(compact, found[1], found[2], found[3]), number)
            raise self._refusal(number)
        if int(number) in _YEARS:
            # 2023 is a year and 2023.4 a month; as numbers of days they would be some in 1905.
            raise CellError(
                _("“%(cell)s” has no day.") % {"cell": as_text(number)}, self.accepted()
            )
        if number < _YEARS.stop:
            raise self._refusal(number)
        return self._within(_EPOCHS[self.from_1904] + dt.timedelta(days=int(number)), number)

    def _may_be_turned(self, day: dt.date) -> CellError:
        sentence = _(
            "%(day)s may be %(other)s: no day of this column is past the 12th but in texts such as "
            "“%(shown)s”, so a program has probably taken days for months."
        )
        other = day.replace(month=day.day, day=day.month)
        return CellError(
            sentence % {"day": day, "other": other, "shown": self.turned},
            _("its days as text, or, where they are right, a word on the order of day and month"),
        )

    def _within(self, day: dt.date, cell: Cell) -> dt.date:
        if day == _EMPTY_DAY:
            raise CellError(
                _("%(day)s is what a spreadsheet makes of a day that isn't there.") % {"day": day},
                _("an empty cell where the day isn't known"),
            )
        if self.least <= day <= self.most:
            return day
        raise CellError(
            _("%(day)s lies outside %(least)s to %(most)s.")
            % {"day": day, "least": self.least, "most": self.most},
            self.accepted(),
        )

    def _refusal(self, cell: Cell) -> CellError:
        return CellError(_("“%(cell)s” is no day.") % {"cell": as_text(cell)[:80]}, self.accepted())

    def meanings(self, word: str, today: dt.date) -> list[tuple[str, Any]]:
        """Offer the last day of what a text names, else ends that are near, or no day at all."""
        last = last_day_of(word)
        if not last and not names_no_day(word):
            return []
        days = [last] if last else ends_after(today)
        return [*((day.isoformat(), day_in_words(day)) for day in days), (NO_DAY, _("no day"))]

    def write(self, value: dt.date | None) -> Cell:
        return value

    def keep(self, value: dt.date | None) -> str | None:
        return value.isoformat() if value else None

    def recall(self, kept: str | None) -> dt.date | None:
        return dt.date.fromisoformat(kept) if kept else None


# A column says the same few days again and again.
@lru_cache(maxsize=4096)
def _year_last(cell: str) -> re.Match[str] | None:
    return _YEAR_LAST.fullmatch(_TIME.sub("", unicodedata.normalize("NFKC", cell).strip()))


def _has_time(cell: str) -> bool:
    """Whether a text ends with a time of day that says more than its day."""
    text = unicodedata.normalize("NFKC", cell).strip()
    return _TIME.search(text) is not None and _MIDNIGHT.search(text) is None


def _in_digits(found: re.Match[str]) -> str:
    """Write a day in Chinese words with digits: 二〇二三年四月 is 2023年4月."""
    year = "".join(str(_DIGITS[sign]) for sign in found[1])
    said = f"{year}年{_tens(found[2])}月"
    return said + f"{_tens(found[3])}日" if found[3] else said


def _tens(words: str) -> int:
    words = words.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = words.rpartition("十")
    return (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0)
