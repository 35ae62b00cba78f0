"""Parsers of cells: what a cell may hold, as a value or as a sentence that says why not."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

# What web pages and other programs leave in a copied cell: places to break a line, soft hyphens,
# and signs for the direction of writing.
_DIRECTIONS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_INVISIBLE = dict.fromkeys([0x0000, 0x001A, 0x00AD, 0x200B, 0x2060, 0xFEFF, *_DIRECTIONS]) | {
    0x00A0: " ",
    0x202F: " ",
}
# U+200C, U+200D and the selectors of a sign's form carry meaning inside words of several scripts
# and in emoji, but none in a code.
JOINERS = dict.fromkeys([0x200C, 0x200D, *range(0xFE00, 0xFE10)])
_IN_CODES = JOINERS | {0xFF01 + n: 0x21 + n for n in range(94)}
_EXCEL_ESCAPE = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
_BETWEEN_HAN = re.compile("(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_MAC_OR_WINDOWS_END = re.compile(r"\r\n?")


class Spoilt(str):
    """A cell of a workbook that holds no value: its formula failed or was never computed."""

    __slots__ = ()


class Percent(float):
    """A number that its workbook shows as a percentage: 0.125 stands there as 12.5 %."""

    __slots__ = ()


class CellError(Exception):
    """A cell that can't be taken: `sentence` says why, `accepted` what would be taken."""

    def __init__(self, sentence: str, accepted: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.accepted = accepted

    @property
    def in_full(self) -> str:
        """The sentence with what would be taken."""
        return in_full(self.sentence, self.accepted)


def in_full(sentence: str, accepted: str) -> str:
    """Say what is wrong and what would be taken."""
    if not accepted:
        return sentence
    return _("%(sentence)s It can be: %(accepted)s.") % {
        "sentence": sentence,
        "accepted": accepted.rstrip("."),
    }


def clean(text: str) -> str:
    """Return `text` trimmed, with one kind of line end and without what nobody can see.

    Excel writes control characters as `_x000D_`; these are read as the characters that they mean.
    """
    if "_x" in text:
        text = _EXCEL_ESCAPE.sub(_unescaped, text)
    if not text.isascii() or "\x00" in text or "\x1a" in text:
        text = text.translate(_INVISIBLE)
    if "\r" in text:
        text = _MAC_OR_WINDOWS_END.sub("\n", text)
    return text.strip()


def _unescaped(found: re.Match[str]) -> str:
    """Return what `_x000D_` or several such mean; half a character is none and stays as written."""
    units = [int(digits, 16) for digits in found[0][2:-1].split("__x")]
    try:
        return b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be")
    except UnicodeDecodeError:
        return found[0]


def refuse_spoilt(cell: Cell, accepted: str) -> None:
    """Raise `CellError` for a cell without a value: to take it as empty would lose it."""
    if cell.__class__ is not Spoilt:
        return
    sentence = (
        _("The formula “%(cell)s” was never computed: open the workbook, save it, import it again.")
        if str(cell).startswith("=")
        else _("The cell's formula failed with %(cell)s.")
    )
    raise CellError(sentence % {"cell": str(cell)[:80]}, accepted)


def refuse_lost(cell: Cell, accepted: str) -> None:
    """Raise `CellError` for a number with more digits than a spreadsheet keeps."""
    if isinstance(cell, float) and abs(cell) >= 1e15:
        raise CellError(
            _("The spreadsheet keeps 15 digits of a number; the rest of this one is lost."),
            accepted,
        )


def refuse_marks(text: str, accepted: str) -> None:
    """Raise `CellError` for a raised or ringed digit: a footnote's mark would be read as a digit.

    12¹ is 12 with a note, or a power; as full-width digits are read it would be 121.
    """
    if text.isascii():
        return
    marks = "".join(each for each in text if unicodedata.category(each) == "No")
    if marks:
        raise CellError(
            _("“%(cell)s” has “%(marks)s” in it: a footnote's mark, a power or a fraction?")
            % {"cell": text[:80], "marks": marks},
            accepted,
        )


def as_text(cell: Cell) -> str:
    """Return a cell as the text that a person would have typed: 7.0 is `7`, a day is ISO."""
    if isinstance(cell, str):
        return clean(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e16 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell)


def plain(text: str) -> str:
    """Return `text` as headers and labels are compared: width, case and spacing ignored.

    Between Chinese characters a space or the end of a line only fits a word into its cell: 编 号.
    """
    folded = unicodedata.normalize("NFKC", clean(text).translate(JOINERS)).casefold()
    words = " ".join(folded.replace("_", " ").split())
    return words if words.isascii() else _BETWEEN_HAN.sub("", words)


class Parser:
    """Reads one kind of cell. `empty` is the value of an empty cell.

    `read` gives a value or raises `CellError`; `write` gives the cell that `read` takes back;
    `keep` and `recall` carry the value through JSON. `fitted` may return a parser that has learnt
    from the whole column, with sentences on what it understood. `meanings` are what a person may
    pick for a word that isn't taken: cells that are, with their labels.
    """

    empty: Any = None

    def accepted(self) -> str:
        """Say what this parser takes."""
        raise NotImplementedError

    def fitted(self, cells: Iterable[Cell]) -> tuple["Parser", list[str]]:
        return self, []

    def meanings(self, word: str, today: dt.date) -> Sequence[tuple[str, Any]]:
        return ()

    def read(self, cell: Cell) -> Any:
        raise NotImplementedError

    def write(self, value: Any) -> Cell:
        return value

    def keep(self, value: Any) -> Any:
        return value

    def recall(self, kept: Any) -> Any:
        return kept


class Text(Parser):
    """Text as written, trimmed; `longest` characters at most. Empty is the empty string."""

    empty = ""

    def __init__(self, longest: int | None = None) -> None:
        self.longest = longest

    def accepted(self) -> str:
        if self.longest:
            return _("text of at most %(count)s characters") % {"count": self.longest}
        return _("text")

    def read(self, cell: Cell) -> str:
        text = clean(cell) if isinstance(cell, str) else self._of_another(cell)
        if self.longest and len(text) > self.longest:
            raise CellError(
                _("This text has %(count)s characters.") % {"count": len(text)}, self.accepted()
            )
        return text

    def _of_another(self, cell: Cell) -> str:
        refuse_lost(cell, self.accepted())
        return as_text(cell)

    def keep(self, value: str | None) -> str:
        # What was typed into a page may have ends and spaces that no cell would keep.
        return clean(value or "")


class Code(Text):
    """A short code or number that is a name: one line, its leading zeros kept, full width or not
    (Ｄ０５ is what a Chinese keyboard makes of D05)."""

    def accepted(self) -> str:
        return _("a code, for example 000123 (format the column as text to keep leading zeros)")

    def read(self, cell: Cell) -> str:
        if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
            raise CellError(_("This is no code."), self.accepted())
        return " ".join(super().read(cell).translate(_IN_CODES).split())

    def keep(self, value: str | None) -> str:
        return " ".join(clean(value or "").split())


class YesNo(Parser):
    """Yes or no, in the words and signs that people use; empty is no answer (None)."""

    YES = frozenset(["yes", "y", "true", "t", "1", "是", "有", "对", "√", "✓", "✔"])
    NO = frozenset(["no", "n", "false", "f", "0", "否", "无", "不是", "没有", "×", "✗", "✘"])

    def accepted(self) -> str:
        return _("yes or no (是 or 否)")

    def read(self, cell: Cell) -> bool | None:
        word = plain(as_text(cell))
        if not word:
            return None
        if word in self.YES:
            return True
        if word in self.NO:
            return False
        raise CellError(_("“%(cell)s” is neither yes nor no.") % {"cell": word}, self.accepted())

    def write(self, value: bool | None) -> Cell:
        return None if value is None else _("yes") if value else _("no")
