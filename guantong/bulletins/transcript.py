"""What a published page says, as a document on paper: plain Python, no database, no settings.

The page is the one edition; DOCX and PDF are made from it and from nothing else, so that whoever
has the page can make them again and compare.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from guantong.kit.documents import (
    Block,
    Ends,
    Heading,
    Items,
    Paragraph,
    Picture,
    Rule,
    Run,
    Style,
    Table,
)
from guantong.kit.documents.declaring import UPRIGHT
from guantong.kit.documents.fitting import column_widths, room_in

SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 4, "h6": 4}
STYLES = {
    "kind": Style.MASTHEAD,
    "issue": Style.ISSUE,
    "draft": Style.WARNING,
    "signed": Style.SIGNED,
    "masthead": Style.CENTRE,
}
# What is no part of the paper: what folds out on the page, and what nobody sees. So are links
# that lead somewhere on a screen only, of the class `screen`.
SILENT = ("style", "script", "details", "title")
BOLD, ITALIC = ("strong", "b", "th"), ("em", "i")


def blocks_of(page: str) -> list[Block]:
    """Return what the page of an edition says, block by block."""
    reading = _Reading(SVG.findall(page))
    reading.feed(page)
    reading.close()
    return reading.blocks


class _Reading(HTMLParser):
    """Walks through the page and takes down blocks; it knows the tags that editions are made of."""

    def __init__(self, drawings: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.drawings = iter(drawings)
        self.runs: list[Run] = []
        self.style = Style.BODY
        self.silent: list[str] = []
        self.bold = self.italic = 0
        self.is_small = self.is_sent = False
        self.ends: list[str] | None = None
        self.items: list[tuple[Run, ...]] | None = None
        self.rows: list[list[str]] | None = None
        self.svg, self.alt = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        kind = said.get("class") or ""
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.append(tag)
            return
        if tag == "svg":
            self.svg, self.alt = next(self.drawings, ""), said.get("aria-label") or ""
            self.silent.append(tag)
        elif tag in SILENT or kind == "screen":
            self.silent.append(tag)
        elif tag in HEADINGS or tag in ("p", "figcaption", "blockquote", "pre"):
            self._paragraph()
            self.style = Style.NOTE if self.is_small else STYLES.get(kind, self._usual())
            self.ends = [] if kind == "ends" else None
        elif tag in ("ol", "ul"):
            self._paragraph()
            self.items = []
        elif tag == "table":
            self._paragraph()
            self.rows = []
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag == "section" and kind == "sent":
            self.blocks.append(Rule())
            self.is_sent = True
        elif tag in ("section", "footer") and kind in ("notes", ""):
            self.is_small = True
        elif tag == "br":
            self._take("\n")
        self.bold += tag in BOLD
        self.italic += tag in ITALIC

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in ("br", "hr"):
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            return
        self.bold -= tag in BOLD
        self.italic -= tag in ITALIC
        if tag in HEADINGS:
            runs = self._taken()
            if runs:
                self.blocks.append(Heading(runs, HEADINGS[tag]))
        elif tag == "figcaption":
            caption = "".join(run.text for run in self._taken())
            self.blocks.append(Picture(self.svg, self.alt, caption))
        elif tag == "span" and self.ends is not None:
            self.ends.append("".join(run.text for run in self._taken()))
        elif tag == "li" and self.items is not None:
            self.items.append(self._taken())
        elif tag in ("ol", "ul") and self.items is not None:
            items = Items(tuple(self.items), tag == "ol", is_note=self.is_small)
            self.items = None
            self.blocks.append(items)
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("".join(run.text for run in self._taken()))
        elif tag == "table" and self.rows:
            self._table()
        elif tag in ("p", "section", "blockquote", "pre"):
            self._paragraph()
            if tag == "section" and self.is_sent:
                self.blocks.append(Rule())
                self.is_sent = False
        elif tag == "header":
            self.blocks.append(Rule(is_red=True))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._take(re.sub(r"\s+", " ", data))

    def close(self) -> None:
        super().close()
        self._paragraph()

    def _usual(self) -> Style:
        return Style.SENT if self.is_sent else Style.BODY

    def _take(self, text: str) -> None:
        if not self.runs or self.runs[-1].text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if text:
            self.runs.append(Run(text, is_bold=self.bold > 0, is_italic=self.italic > 0))

    def _taken(self) -> tuple[Run, ...]:
        """Return the runs so far, those of one look as one, without the space at the end."""
        joined: list[Run] = []
        for run in self.runs:
            if joined and (joined[-1].is_bold, joined[-1].is_italic) == (
                run.is_bold,
                run.is_italic,
            ):
                run = Run(joined.pop().text + run.text, run.is_bold, run.is_italic)
            joined.append(run)
        self.runs = []
        if joined:
            last = joined[-1]
            joined[-1] = Run(last.text.rstrip(), *_look(last))
        return tuple(run for run in joined if run.text)

    def _paragraph(self) -> None:
        if self.items is not None or self.rows is not None:
            return
        if self.ends is not None:
            left, right = [*self.ends, "", ""][:2]
            self.runs, self.ends = [], None
            self.blocks.append(Ends(left, right))
            return
        runs = self._taken()
        if runs:
            self.blocks.append(Paragraph(runs, self.style))

    def _table(self) -> None:
        rows = [row for row in self.rows or [] if row]
        self.rows = None
        if not rows:
            return
        count = max(len(row) for row in rows)
        rows = [row + [""] * (count - len(row)) for row in rows]
        widths = column_widths(rows[0], rows[1:], room_in(UPRIGHT, 10.5))
        self.blocks.append(Table(widths, rows[1:], rows[0]))


def _look(run: Run) -> tuple[bool, bool]:
    return run.is_bold, run.is_italic
