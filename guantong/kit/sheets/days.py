"""The parser of days: many ways of writing one, none of them guessed in silence."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from guantong.kit.sheets.cells import Cell, CellError, Parser, as_text

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}")
_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?[\s-]+(\d{4})")
_NAMED_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_MONTH_ONLY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?")
_TIME = re.compile(
    r"[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$", re.I
)
_MONTHS = {
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
_YEARS = range(1900, 2101)
# Excel for the Mac counted from 1904 until 2011; its files say so.
_EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}


@dataclass(frozen=True)
class Day(Parser):
    """A day, as `datetime.date`.

    `order` is `dmy` or `mdy` for 01/07/2023; where it is None the column decides it, and where the
    column doesn't, the cell is refused. `form` is a strptime form that then is the only one taken.
    `blanks` are cells that mean no day, such as 0000-00-00. `serials`: numbers that are written
    as text are Excel's day numbers too; `from_1904`: the file counts days from 1904.
    """

    order: str | None = None
    form: str | None = None
    blanks: frozenset[str] = frozenset()
    serials: bool = False
    from_1904: bool = False
    least: dt.date = dt.date(1900, 1, 1)
    most: dt.date = dt.date(2200, 1, 1)

    def accepted(self) -> str:
        return _("a day, for example 2023-07-01 or 2023年7月1日")

    def fitted(self, cells: Iterable[Cell]) -> tuple["Day", list[str]]:
        """Find out from the whole column whether 01/07/2023 is in January or in July."""
        timed, day_first, month_first, unclear = 0, "", "", 0
        numbered: list[float] = []
        for cell in cells:
            if isinstance(cell, dt.datetime):
                timed += cell.time() != dt.time()
            if isinstance(cell, float) and 2_100 < cell < 110_000:
                numbered.append(cell)
            if not isinstance(cell, str) or not (found := _year_last(cell)):
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
                _("%(count)s cells have a time of day, which is left out.") % {"count": timed}
            )
        if numbered:
            said = _("%(count)s cells are plain numbers, read as Excel's: %(cell)s is %(day)s.")
            day = self._of_number(numbered[0])
            notes.append(said % {"count": len(numbered), "cell": as_text(numbered[0]), "day": day})
        if self.order or self.form or not unclear or bool(day_first) == bool(month_first):
            return self, notes
        order, shown = ("dmy", day_first) if day_first else ("mdy", month_first)
        said = {
            "dmy": _("Days are read as day/month/year, since “%(cell)s” can't be otherwise."),
            "mdy": _("Days are read as month/day/year, since “%(cell)s” can't be otherwise."),
        }[order]
        return replace(self, order=order), [*notes, said % {"cell": shown}]

    def read(self, cell: Cell) -> dt.date | None:
        if isinstance(cell, dt.datetime):
            return self._within(cell.date(), cell)
        if isinstance(cell, dt.date):
            return self._within(cell, cell)
        if cell is None:
            return None
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return self._of_number(cell)
        text = unicodedata.normalize("NFKC", as_text(cell))
        if not text or text in self.blanks:
            return None
        if self.form:
            try:
                return self._within(dt.datetime.strptime(text, self.form).date(), cell)
            except ValueError:
                raise self._refusal(cell) from None
        return self._within(self._of_text(_TIME.sub("", text)), cell)

    def _of_text(self, text: str) -> dt.date:
        if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
            return self._made(text, found[1], found[2], found[3])
        if found := _YEAR_LAST.fullmatch(text):
            return self._of_year_last(text, int(found[1]), int(found[2]), found[3])
        named = text.casefold()
        if (found := _NAMED.fullmatch(named)) and found[2] in _MONTHS:
            return self._made(text, found[3], _MONTHS[found[2]], found[1])
        if (found := _NAMED_FIRST.fullmatch(named)) and found[1] in _MONTHS:
            return self._made(text, found[3], _MONTHS[found[1]], found[2])
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
        if re.fullmatch(r"\d{4}", text) or _MONTH_ONLY.fullmatch(text):
            raise CellError(_("“%(cell)s” has no day.") % {"cell": text}, self.accepted())
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
            _("%(day)s, or a mapping with day_order") % {"day": self.accepted()},
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
        if number in _YEARS:
            # As a number of days it would be one in 1905.
            raise CellError(_("“%(cell)s” has no day.") % {"cell": int(number)}, self.accepted())
        return self._within(_EPOCHS[self.from_1904] + dt.timedelta(days=int(number)), number)

    def _within(self, day: dt.date, cell: Cell) -> dt.date:
        if self.least <= day <= self.most:
            return day
        raise CellError(
            _("%(day)s lies outside %(least)s to %(most)s.")
            % {"day": day, "least": self.least, "most": self.most},
            self.accepted(),
        )

    def _refusal(self, cell: Cell) -> CellError:
        return CellError(_("“%(cell)s” is no day.") % {"cell": as_text(cell)[:80]}, self.accepted())

    def write(self, value: dt.date | None) -> Cell:
        return value

    def keep(self, value: dt.date | None) -> str | None:
        return value.isoformat() if value else None

    def recall(self, kept: str | None) -> dt.date | None:
        return dt.date.fromisoformat(kept) if kept else None


def _year_last(cell: str) -> re.Match[str] | None:
    return _YEAR_LAST.fullmatch(_TIME.sub("", unicodedata.normalize("NFKC", cell).strip()))
