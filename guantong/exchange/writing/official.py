"""Writes official lists as the offices know them: XLSX row by row, DOCX and PDF as documents."""

from __future__ import annotations

import datetime
import io
import itertools
import math
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from guantong.kit.documents import Document, Ends, Heading, Table, runs_of
from guantong.kit.documents.declaring import ACROSS, plain
from guantong.kit.documents.docx import write_docx
from guantong.kit.documents.fitting import column_widths, room_in, row_lines
from guantong.kit.documents.pdf import write_pdf
from guantong.kit.lists import OfficialList, Said, in_words
from guantong.kit.sheets import Context
from guantong.kit.templatetags.days import day_in_words

LANGUAGES = {"zh": "zh-hans", "en": "en"}
FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
CHUNK = 500
# A PDF of so many entries is set apart; of more than a part holds, in several documents.
SMALL, PART = 100, 1_000
# By so many entries it is seen how much each column says.
SAMPLE = 500
WIDTH = room_in(ACROSS, 8.5)
LONGEST_CELL = 32_767
# A line of cells in points, as high as the open faces make it that stand in for 宋体; a row can't
# be higher than 409 points.
LINE, MOST_LINES = {"zh": 13, "en": 12}, 31
# What stands beside a text in a workbook's cell, in narrow characters, and the sign that some
# programs take to the next line rather than end one in the margin.
BESIDE = 1.4
# What a column's width is counted in, the digits of the workbook's own face, in narrow characters.
DIGIT = 6 / 7
FACES = {"zh": ("黑体", "宋体"), "en": ("Arial", "Arial")}
DAYS = {"zh": 'yyyy"年"m"月"d"日"', "en": "d mmm yyyy"}

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Composed:
    """One list of some records: what stands over it and what it says, row by row.

    `narrowed` says by which filters the records were chosen; an empty one means all that the
    person may see.
    """

    listing: OfficialList
    records: Any
    context: Context
    unit: str
    narrowed: Sequence[str] = ()

    @property
    def header(self) -> list[str]:
        return [_("No."), *(str(column.label) for column in self.listing.columns)]

    @property
    def title(self) -> str:
        return str(self.listing.label)

    def heads(self) -> list[tuple[str, str]]:
        """The lines under the title: campaign and day, then whose list and of what."""
        campaign = self.context.campaign
        lines = [(str(campaign), _("As of %(day)s") % {"day": day_in_words(self.context.today)})]
        lines.append((_("Unit: %(unit)s") % {"unit": self.unit}, self._chosen()))
        return lines

    def _chosen(self) -> str:
        return " · ".join(self.narrowed) or _("all that may be seen")

    def rows(self) -> Iterator[list[Said]]:
        """Yield the rows in official unit order; some hundreds are held at a time."""
        number = 0
        records = self.records.select_related("unit", "owner", "area").in_official_order()
        for some in _chunks(records.iterator(chunk_size=CHUNK)):
            for thing in self.listing.gather(some, self.context):
                number += 1
                yield [number, *(column.value(thing) for column in self.listing.columns)]


def _chunks(records: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for record in records:
        chunk.append(record)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def write_list(
    composed: Composed, form: str, language: str, tell: Tell = lambda done: None
) -> tuple[bytes, str]:
    """Return the list in one of `FORMATS`, in zh or en, and the ending of its name.

    A PDF of many entries comes in parts, a document each, in one archive: it would take as much
    memory as it has entries. `tell` is told how many entries were written.
    """
    with override(LANGUAGES[language]):
        if form == "xlsx":
            return _xlsx(composed, language, tell), form
        widths, rows = _fitted(composed.header, _in_words(composed, tell))
        page = _Page(composed, language, widths)
        if form == "docx":
            return write_docx(_document(page, list(rows))), form
        parts = math.ceil(composed.records.order_by().count() / PART)
        if parts <= 1:
            return _pdf(page, list(rows)), form
        return _archive(page, _parts(rows), parts), "zip"


@dataclass(frozen=True)
class _Page:
    """How a list is laid out on paper, the same in all its parts."""

    composed: Composed
    language: str
    widths: tuple[float, ...]


def _fitted(
    header: Sequence[str], rows: Iterator[list[str]]
) -> tuple[tuple[float, ...], Iterator[list[str]]]:
    """Return how wide the columns are, in narrow characters, and the rows whole again."""
    first = list(itertools.islice(rows, SAMPLE))
    return column_widths(header, first, WIDTH), itertools.chain(first, rows)


def _in_words(composed: Composed, tell: Tell) -> Iterator[list[str]]:
    for number, row in enumerate(composed.rows(), start=1):
        yield [in_words(said) for said in row]
        tell(number)


def _parts(rows: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    part: list[list[str]] = []
    for row in rows:
        if len(part) == PART:
            yield part
            part = []
        part.append(row)
    yield part


def _pdf(page: _Page, rows: list[list[str]], part: str = "") -> bytes:
    return write_pdf(_document(page, rows, part), is_apart=len(rows) > SMALL)


def _archive(page: _Page, parts: Iterable[list[list[str]]], count: int) -> bytes:
    """Set part after part, each gathered only when it is its turn."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, rows in enumerate(parts, start=1):
            said = _("part %(number)s of %(all)s") % {"number": number, "all": count}
            name = f"{page.composed.listing.name}-{number:02}.pdf"
            archive.writestr(name, _pdf(page, rows, said))
    return out.getvalue()


def _document(page: _Page, rows: list[list[str]], part: str = "") -> Document:
    composed = page.composed
    return Document(
        title=composed.title,
        language=page.language,
        blocks=[
            Heading(runs_of(composed.title), 1),
            *(Ends(left, right, is_small=True) for left, right in composed.heads()),
            Table(page.widths, rows, composed.header, is_small=True),
        ],
        made_at=composed.context.now,
        is_landscape=True,
        foot=" · ".join(
            filter(
                None,
                [
                    ngettext(
                        "%(list)s · %(campaign)s · %(count)s entry",
                        "%(list)s · %(campaign)s · %(count)s entries",
                        len(rows),
                    )
                    % {
                        "list": composed.title,
                        "campaign": composed.context.campaign,
                        "count": len(rows),
                    },
                    part,
                ],
            )
        ),
        author=str(composed.context.campaign.unit),
    )


def _xlsx(composed: Composed, language: str, tell: Tell) -> bytes:
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        # By it columns are as wide in one program as in another: it has a twin everywhere.
        "default_format_properties": {"font_name": "Arial", "font_size": 10},
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": composed.title})
        page = book.add_worksheet(composed.title[:31])
        rows = composed.rows()
        first = list(itertools.islice(rows, SAMPLE))
        widths = column_widths(composed.header, [_words(row) for row in first], WIDTH)
        top = _head(book, page, composed, language, widths)
        _set_up(page, composed, top, widths)
        _title_face, face = FACES[language]
        cell = {"border": 1, "border_color": "#8a8f96", "text_wrap": True, "valign": "top"}
        cell |= {"font_name": face, "font_size": 9}
        words = book.add_format(cell)
        middle = book.add_format({**cell, "align": "center"})
        day = book.add_format({**cell, "num_format": DAYS[language], "align": "left"})
        y = top
        for y, row in enumerate(itertools.chain(first, rows), start=top + 1):
            page.set_row(y, _height(_words(row), widths, language))
            for x, said in enumerate(row):
                if isinstance(said, datetime.date):
                    page.write_datetime(y, x, datetime.datetime.combine(said, datetime.time()), day)
                elif isinstance(said, int):
                    page.write_number(y, x, said, middle)
                else:
                    page.write_string(y, x, plain(said or "")[:LONGEST_CELL], words)
            tell(y - top)
        page.autofilter(top, 0, y, len(widths) - 1)
    return out.getvalue()


def _words(row: Iterable[Said]) -> list[str]:
    return [in_words(said) for said in row]


def _height(row: Sequence[str], widths: Sequence[float], language: str) -> float:
    """Return a height that holds the tallest cell; not every program finds it out by itself."""
    return LINE[language] * min(row_lines(row, widths, BESIDE), MOST_LINES) + 4


def _head(book: Any, page: Any, composed: Composed, language: str, widths: Sequence[float]) -> int:
    """Write title, lines and header; return the header's row."""
    last = len(widths) - 1
    heading, face = FACES[language]
    title = book.add_format(
        {"bold": True, "font_size": 16, "align": "center", "font_name": heading}
    )
    words = book.add_format({"font_size": 10, "font_name": face})
    right = book.add_format({"font_size": 10, "font_name": face, "align": "right"})
    page.merge_range(0, 0, 0, last, composed.title, title)
    page.set_row(0, 26)
    half = last // 2
    y = 0
    for y, (left, other) in enumerate(composed.heads(), start=1):
        page.merge_range(y, 0, y, half, left, words)
        page.merge_range(y, half + 1, y, last, other, right)
        page.set_row(y, 15)
    header = book.add_format(
        {
            "bold": True,
            "border": 1,
            "border_color": "#8a8f96",
            "bg_color": "#f3f1eb",
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "font_name": heading,
            "font_size": 9,
        }
    )
    page.set_row(y + 1, _height(composed.header, widths, language) + 6)
    for x, label in enumerate(composed.header):
        page.write_string(y + 1, x, label, header)
    return y + 1


def _set_up(page: Any, composed: Composed, top: int, widths: Sequence[float]) -> None:
    """Set the page as it is printed: A4 across, as wide as the paper, the header on each page."""
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.5, right=0.5, top=0.55, bottom=0.65)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.freeze_panes(top + 1, 2)
    page.set_footer("&L&8" + composed.title + "&R&8" + _("Page &P of &N"))
    for x, width in enumerate(widths):
        page.set_column(x, x, width * DIGIT)
