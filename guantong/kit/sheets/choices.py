"""Parsers of cells that name one or several of a known set, in either language."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from guantong.kit.sheets.cells import Cell, CellError, Parser, as_text, plain

Pairs = Sequence[tuple[str, Any]]


class Choice(Parser):
    """One of a set, by its code, its English label or its Chinese label; case and width ignored.

    `options` is a Django Choices class, (code, lazy label) pairs, or a function that gives pairs
    (for sets that a campaign may extend). `also` maps further words to codes. Empty is the empty
    string, as a CharField has it.
    """

    empty = ""

    def __init__(
        self, options: Any | Pairs | Callable[[], Pairs], also: dict[str, str] | None = None
    ) -> None:
        self._options = options
        self._also = also or {}
        self._words: dict[str, str] | None = None

    def pairs(self) -> Pairs:
        """Return (code, label) of every option."""
        if hasattr(self._options, "choices"):
            return list(self._options.choices)
        return self._options() if callable(self._options) else self._options

    def meanings(self, word: str, today: dt.date) -> Pairs:
        return self.pairs()

    def accepted(self) -> str:
        return _("one of: %(words)s") % {
            "words": ", ".join(str(label) for _code, label in self.pairs())
        }

    def read(self, cell: Cell) -> str:
        word = plain(as_text(cell))
        if not word:
            return ""
        if self._words is None or callable(self._options):
            self._words = self._every_word()
        try:
            return self._words[word]
        except KeyError:
            raise CellError(
                _("“%(cell)s” is not among the choices.") % {"cell": as_text(cell)[:80]},
                self._accepted_for(as_text(cell)),
            ) from None

    def _accepted_for(self, cell: str) -> str:
        """Name what is accepted in the reader's language, and in the cell's where it is another."""
        here = self.accepted()
        language = "en" if cell.isascii() else "zh-hans"
        if translation.get_language() == language:
            return here
        with translation.override(language):
            there = ", ".join(str(label) for _code, label in self.pairs())
        return here if here.endswith(there) else f"{here} ({there})"

    def _every_word(self) -> dict[str, str]:
        words = {plain(word): code for word, code in self._also.items()}
        for language in ("en", "zh-hans"):
            with translation.override(language):
                for code, label in self.pairs():
                    words.setdefault(plain(str(label)), str(code))
        words |= {plain(str(code)): str(code) for code, _label in self.pairs()}
        return words

    def write(self, value: str) -> Cell:
        return str(dict(self.pairs()).get(value, value)) if value else None


class Many(Parser):
    """Several values in one cell, parted by line ends, semicolons or 、 (commas on demand)."""

    empty = ()

    def __init__(self, one: Parser, separators: str = r"[;；、\n]") -> None:
        self.one = one
        self._separators = re.compile(separators)

    def accepted(self) -> str:
        return _("several, parted by “;”: each %(one)s") % {"one": self.one.accepted()}

    def fitted(self, cells: Iterable[Cell]) -> tuple[Parser, list[str]]:
        return self, []

    def read(self, cell: Cell) -> tuple[Any, ...]:
        parts = self._separators.split(cell) if isinstance(cell, str) else [cell]
        read = (self.one.read(part) for part in parts)
        return tuple(dict.fromkeys(value for value in read if value not in (None, "")))

    def write(self, value: Sequence[Any]) -> Cell:
        return "; ".join(str(self.one.write(each)) for each in value) or None

    def keep(self, value: Sequence[Any]) -> list[Any]:
        return [self.one.keep(each) for each in value]

    def recall(self, kept: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(self.one.recall(each) for each in kept)
