"""Parsers of numbers: thousands and decimals told apart by the whole column, never in silence."""

import copy
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guantong.kit.sheets.cells import (
    Cell,
    CellError,
    Parser,
    Percent,
    as_text,
    clean,
    refuse_marks,
)

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[, ']\d{3})+(?:\.\d+)?")
# What a comma can only be: between thousands, before decimals; or either.
_COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(?:(?:,\d{3}){2,}|,\d{3}\.\d+)(?:\.\d+)?")
_COMMA_DECIMAL = re.compile(
    r"[+-]?(?:\d{1,3}(?:[. ']\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|0,\d{3}|\d{4,},\d{3})"
)
_COMMA_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_POINT_EITHER = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(?:[. ']\d{3})*(?:,\d+)?")
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")


def _folded(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFKC", text).replace("−", "-")


class Number(Parser):
    """A decimal number; full-width digits are read, and 1,234.5.

    Whether 1,234 is one thousand or one and a bit is decided by the whole column, and said:
    `comma` is then `groups`, `decimal`, or `doubtful` where the column has both or where
    (`is_likely_decimal`: semicolons part the cells) nothing else decides.
    """

    def __init__(
        self, least: Decimal | int | None = None, most: Decimal | int | None = None
    ) -> None:
        self.least, self.most = least, most
        self.comma = "groups"
        self.is_likely_decimal = False

    def accepted(self) -> str:
        if self.least is not None and self.most is not None:
            return _("a number from %(least)s to %(most)s") % {
                "least": self.least,
                "most": self.most,
            }
        if self.least is not None:
            return _("a number of at least %(least)s") % {"least": self.least}
        return _("a number, for example 1234.5")

    def fitted(self, cells: Iterable[Cell]) -> tuple[Self, list[str]]:
        """Find out from the whole column what a comma means in it."""
        cells = list(cells)
        fitted, notes = self._fitted_to_commas(cells)
        if shown := [cell for cell in cells if cell.__class__ is Percent]:
            said = ngettext(
                "%(count)s cell is shown as a percentage and read as what it holds: "
                "%(shown)s is %(held)s.",
                "%(count)s cells are shown as percentages and read as what they hold: "
                "%(shown)s is %(held)s.",
                len(shown),
            )
            first = Decimal(repr(float(shown[0])))
            percent = format((first * 100).normalize(), "f")
            told = {"count": len(shown), "shown": f"{percent}%", "held": first}
            notes = [*notes, said % told]
        return fitted, notes

    def _fitted_to_commas(self, cells: Sequence[Cell]) -> tuple[Self, list[str]]:
        groups = decimals = either = ""
        count = 0
        for cell in cells:
            if cell.__class__ is not str or "," not in cell:
                continue
            text = _folded(clean(cell))
            if _COMMA_GROUPS.fullmatch(text):
                groups = groups or text
            elif _COMMA_DECIMAL.fullmatch(text):
                decimals = decimals or text
            elif _COMMA_EITHER.fullmatch(text):
                either, count = either or text, count + 1
        if not (decimals or either):
            return self, []
        fitted = copy.copy(self)
        if decimals and not groups:
            fitted.comma = "decimal"
            said = _("Commas are read as decimal signs, since “%(cell)s” can't be otherwise.")
            return fitted, [said % {"cell": decimals}]
        if decimals or (self.is_likely_decimal and not groups):
            fitted.comma = "doubtful"
            return fitted, []
        if not either:
            return self, []
        if groups:
            said = ngettext(
                "The comma in %(count)s cell, “%(cell)s”, is read as one between thousands, "
                "since “%(other)s” can't be otherwise.",
                "The comma in %(count)s cells such as “%(cell)s” is read as one between thousands, "
                "since “%(other)s” can't be otherwise.",
                count,
            )
        else:
            said = ngettext(
                "The comma in %(count)s cell, “%(cell)s”, is read as one between "
                "thousands; nothing in the column says otherwise.",
                "The comma in %(count)s cells such as “%(cell)s” is read as one between "
                "thousands; nothing in the column says otherwise.",
                count,
            )
        return fitted, [said % {"count": count, "cell": either, "other": groups}]

    def read(self, cell: Cell) -> Any:
        number = self._number(cell)
        if number is None:
            return None
        below = self.least is not None and number < self.least
        if below or (self.most is not None and number > self.most):
            raise CellError(_("%(number)s is out of bounds.") % {"number": number}, self.accepted())
        return number

    def _number(self, cell: Cell) -> Decimal | None:
        if isinstance(cell, float):
            # repr gives the shortest digits that mean this float: what the sheet's author typed.
            return self._finite(repr(float(cell)), cell)
        if isinstance(cell, int) and not isinstance(cell, bool):
            return Decimal(cell)
        if cell is None:
            return None
        if not isinstance(cell, str):
            raise self._refusal(cell)
        refuse_marks(cell, self.accepted())
        text = _folded(clean(cell))
        if not text:
            return None
        if "," in text or self.comma == "decimal":
            text = self._without_doubt(text, cell)
        if text[-1] in "%‰":
            raise self._percentage(text)
        if _GROUPED.fullmatch(text):
            text = re.sub(r"[, ']", "", text)
        elif not _NUMBER.fullmatch(text):
            raise self._refusal(cell)
        return self._finite(text, cell)

    def _without_doubt(self, text: str, cell: Cell) -> str:
        """Return `text` with a point before its decimals, or raise where it may be two numbers."""
        if self.comma == "doubtful" and _COMMA_EITHER.fullmatch(text):
            raise self._doubt(text, text.replace(",", ""), text.replace(",", "."))
        if self.comma != "decimal":
            return text
        if _POINT_EITHER.fullmatch(text):
            raise self._doubt(text, text.replace(".", ""), text, is_known=True)
        if "." in text and not _POINT_GROUPS.fullmatch(text):
            raise self._refusal(cell)
        return text.replace(".", "").replace(",", ".")

    def _doubt(self, text: str, one: str, other: str, *, is_known: bool = False) -> CellError:
        sentence = (
            _("“%(cell)s” may be %(one)s or %(other)s: commas stand before decimals here.")
            if is_known
            else _("“%(cell)s” may be %(one)s or %(other)s; nothing in this column decides which.")
        )
        return CellError(
            sentence % {"cell": text, "one": one, "other": other},
            _('the number without a sign between thousands, or a mapping with decimal = ","'),
        )

    def _finite(self, text: str, cell: Cell) -> Decimal:
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise self._refusal(cell) from None
        if not number.is_finite():
            raise self._refusal(cell)
        return number

    def _percentage(self, text: str) -> CellError:
        return CellError(
            _(
                "“%(cell)s” has a sign for hundredths or thousandths; whether they are meant, the "
                "unit of measure says."
            )
            % {"cell": text[:80]},
            _("12.5 where it is counted in %, and else 0.125"),
        )

    def _refusal(self, cell: Cell) -> CellError:
        return CellError(
            _("“%(cell)s” is no number.") % {"cell": as_text(cell)[:80]}, self.accepted()
        )

    def write(self, value: Decimal | None) -> Cell:
        return None if value is None else float(value) if float(value) == value else str(value)

    def keep(self, value: Decimal | None) -> str | None:
        if value is None:
            return None
        # Not normalize(), which rounds to the 28 digits of the context without a word.
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text

    def recall(self, kept: str | None) -> Decimal | None:
        return None if kept is None else Decimal(kept)


class Whole(Number):
    """A whole number; 3.0 is 3, 3.5 is refused."""

    def accepted(self) -> str:
        if self.least is None:
            return _("a whole number")
        return _("a whole number of at least %(least)s") % {"least": self.least}

    def read(self, cell: Cell) -> int | None:
        number = super().read(cell)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise CellError(
                _("%(number)s is no whole number.") % {"number": number}, self.accepted()
            )
        return int(number)

    def write(self, value: int | None) -> Cell:  # type: ignore[override]
        return value

    def keep(self, value: int | None) -> Any:  # type: ignore[override]
        return value

    def recall(self, kept: Any) -> Any:
        return kept
