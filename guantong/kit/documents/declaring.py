"""The blocks of which a document on paper is made, whatever format it is written in."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# The room between the margins of A4, in millimetres.
ACROSS, UPRIGHT, OFFICIAL = 267, 158, 156
# What XML can't hold and nobody can read.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class Style(StrEnum):
    """What a paragraph is in its document; each writer knows how that looks."""

    BODY = "body"
    MASTHEAD = "masthead"
    ISSUE = "issue"
    CENTRE = "centre"
    WARNING = "warning"
    SIGNED = "signed"
    NOTE = "note"
    SENT = "sent"


@dataclass(frozen=True)
class Run:
    """A stretch of text in one look."""

    text: str
    is_bold: bool = False
    is_italic: bool = False


Runs = tuple[Run, ...]


def runs_of(text: str) -> Runs:
    """Return plain text as runs."""
    return (Run(plain(text)),)


def plain(text: str) -> str:
    """Return the text without what can't be printed."""
    return UNPRINTABLE.sub("", text)


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the document's title."""

    runs: Runs
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    runs: Runs
    style: Style = Style.BODY


@dataclass(frozen=True)
class Ends:
    """One line with a text at each end."""

    left: str
    right: str = ""
    is_small: bool = False


@dataclass(frozen=True)
class Items:
    """A list, with marks or numbered; `is_note` sets it small."""

    items: tuple[Runs, ...]
    is_numbered: bool = False
    is_note: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its text, how many columns it spans, its least height in lines."""

    text: str
    span: int = 1
    is_label: bool = False
    lines: int = 1


@dataclass(frozen=True)
class Table:
    """A table with ruled cells; `header` is repeated at the top of each page.

    `widths` are shares. A cell may be a plain text.
    """

    widths: tuple[float, ...]
    rows: Sequence[Sequence[Cell | str]]
    header: Sequence[str] = ()
    is_small: bool = False

    @property
    def points(self) -> float:
        """The size of its text."""
        return 8.5 if self.is_small else 10.5


@dataclass(frozen=True)
class Picture:
    """A picture as SVG, with the words that stand for it where it can't be seen."""

    svg: str
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Rule:
    """A line across the page."""

    is_red: bool = False


Block = Heading | Paragraph | Ends | Items | Table | Picture | Rule


@dataclass(frozen=True)
class Attachment:
    """A file that travels inside the document."""

    name: str
    text: str
    media_type: str
    description: str


@dataclass(frozen=True)
class Document:
    """One document on A4, in one language (zh, en); `foot` stands at the foot of each page.

    An `is_official` one is set, in Chinese, as GB/T 9704 wants official documents: 22 lines of
    28 signs of size three on a page.
    """

    title: str
    language: str
    blocks: Sequence[Block]
    made_at: datetime.datetime
    is_landscape: bool = False
    foot: str = ""
    author: str = ""
    keywords: str = ""
    attachment: Attachment | None = None
    is_official: bool = False

    @property
    def is_gongwen(self) -> bool:
        return self.is_official and self.language == "zh" and not self.is_landscape

    @property
    def width(self) -> int:
        """The room between the margins, in millimetres."""
        if self.is_landscape:
            return ACROSS
        return OFFICIAL if self.is_gongwen else UPRIGHT


@dataclass(frozen=True)
class RecordDocument:
    """A document on one record, as the app that knows its kind declares it in `documents.py`.

    `build(detail, context)` shows only what the context's actor may see.
    """

    name: str
    label: Any
    kinds: tuple[str, ...]
    build: Callable[[Any, Any], Document]
    formats: tuple[str, ...] = field(default=("pdf", "docx"))
