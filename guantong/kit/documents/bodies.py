"""Writes the blocks of a document as the XML of a DOCX's body."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.ns import nsdecls

from guantong.kit.documents.declaring import (
    Block,
    Cell,
    Document,
    Ends,
    Heading,
    Items,
    Paragraph,
    Picture,
    Rule,
    Runs,
    Style,
    Table,
    plain,
)
from guantong.kit.documents.drawing import png_of
from guantong.kit.documents.fitting import is_parted, room_in, wide

RED, GREY, PAPER = "B3321F", "56606D", "F3F1EB"
SANS = ("Arial", "黑体")
# In half points, as DOCX counts them.
SMALL, TABLE, TABLE_SMALL, FOOT = 17, 21, 17, 14
NAMESPACES = nsdecls("w", "r", "wp", "a", "pic")
# English Metric Units in a millimetre; a twip is a twentieth of a point.
EMU, TWIP = 36_000, 56.7
AUTO = 'w:line="240" w:lineRule="auto"'
# Two tables in a row would become one.
APART = '<w:p><w:pPr><w:spacing w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'


def size_of(document: Document) -> int:
    """Return the size of running text, in half points."""
    return 32 if document.is_gongwen else 24


def look_of(
    size: int = 0,
    colour: str = "",
    faces: tuple[str, str] | None = None,
    *,
    is_bold: bool = False,
    is_italic: bool = False,
    spacing: int = 0,
) -> str:
    """Return run properties, in the order that the schema wants."""
    inside = ""
    if faces:
        latin, chinese = faces
        inside += f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{chinese}"/>'
    inside += "<w:b/>" if is_bold else ""
    inside += "<w:i/>" if is_italic else ""
    inside += f'<w:color w:val="{colour}"/>' if colour else ""
    inside += f'<w:spacing w:val="{spacing}"/>' if spacing else ""
    inside += f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else ""
    return f"<w:rPr>{inside}</w:rPr>" if inside else ""


def run_of(text: str, look: str = "") -> str:
    parts = escape(plain(text)).split("\n")
    inside = "<w:br/>".join(f'<w:t xml:space="preserve">{part}</w:t>' for part in parts)
    return f"<w:r>{look}{inside}</w:r>"


def paragraph_of(inside: str, properties: str = "") -> str:
    about = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{about}{inside}</w:p>"


class BodyWriter:
    """Writes blocks, one after another, as XML."""

    def __init__(self, made: Any, document: Document) -> None:
        self.made = made
        self.document = document
        self.pictures = 0
        # Offices set the cells of Chinese tables in Song, their headers in Hei.
        self.faces = ("Times New Roman", "宋体") if document.language == "zh" else SANS
        self.width = document.width
        self.size = size_of(document)
        # Two signs, as the first line of a Chinese paragraph is.
        self.indented = f'<w:ind w:firstLineChars="200" w:firstLine="{self.size * 20}"/>'

    def xml(self) -> Iterator[str]:
        for block in self.document.blocks:
            yield self._block(block)

    def _block(self, block: Block) -> str:
        match block:
            case Heading():
                return self._heading(block)
            case Paragraph():
                return self._paragraph(block)
            case Ends():
                return self._ends(block)
            case Items():
                return self._items(block)
            case Table():
                return self._table(block)
            case Picture():
                return self._picture(block)
            case Rule():
                colour, size = (RED, 16) if block.is_red else ("8A8F96", 6)
                line = f'<w:bottom w:val="single" w:sz="{size}" w:space="1" w:color="{colour}"/>'
                look = '<w:spacing w:after="120" w:line="120" w:lineRule="exact"/>'
                return paragraph_of("", f"<w:keepNext/><w:pBdr>{line}</w:pBdr>{look}")

    def _runs(
        self,
        runs: Runs,
        size: int = 0,
        colour: str = "",
        *,
        faces: tuple[str, str] | None = None,
        is_bold: bool = False,
        spacing: int = 0,
    ) -> str:
        return "".join(
            run_of(
                run.text,
                look_of(
                    size,
                    colour,
                    faces,
                    is_bold=run.is_bold or is_bold,
                    is_italic=run.is_italic,
                    spacing=spacing,
                ),
            )
            for run in runs
        )

    def _heading(self, block: Heading) -> str:
        level = min(block.level, 4)
        size = {1: 36, 2: 26}.get(level, 24)
        place = '<w:jc w:val="center"/>' if level == 1 else ""
        if self.document.is_gongwen:
            size = 44 if level == 1 else self.size
            place = place or self.indented
        is_close = self.document.is_gongwen and level > 1
        around = '<w:spacing w:before="{}" w:after="{}"/>'.format(
            *((0, 0) if is_close else (200, 160))
        )
        return paragraph_of(
            self._runs(block.runs, size, faces=SANS, is_bold=True),
            f'<w:pStyle w:val="Heading{level}"/>{around}{place}',
        )

    def _paragraph(self, block: Paragraph) -> str:
        match block.style:
            case Style.MASTHEAD:
                runs = self._runs(
                    block.runs, 54, RED, faces=SANS, is_bold=True, spacing=self._wide()
                )
                return paragraph_of(runs, f'<w:spacing w:after="60" {AUTO}/><w:jc w:val="center"/>')
            case Style.ISSUE:
                return paragraph_of(self._runs(block.runs, 26), '<w:jc w:val="center"/>')
            case Style.CENTRE:
                return paragraph_of(self._runs(block.runs, 21, GREY), '<w:jc w:val="center"/>')
            case Style.SIGNED:
                return paragraph_of(self._runs(block.runs), '<w:jc w:val="right"/>')
            case Style.SENT:
                runs = self._runs(block.runs, 28 if self.document.is_gongwen else 0)
                return paragraph_of(runs, '<w:keepNext/><w:spacing w:after="40"/>')
            case Style.NOTE:
                return paragraph_of(
                    self._runs(block.runs, SMALL, GREY, faces=SANS),
                    '<w:spacing w:after="60" w:line="276" w:lineRule="auto"/>',
                )
            case Style.WARNING:
                sides = "".join(
                    f'<w:{side} w:val="single" w:sz="6" w:space="4" w:color="{RED}"/>'
                    for side in ("top", "left", "bottom", "right")
                )
                return paragraph_of(self._runs(block.runs, 21, RED), f"<w:pBdr>{sides}</w:pBdr>")
            case _:
                indents = self.document.language == "zh" and not self.document.is_landscape
                place = self.indented if indents else ""
                return paragraph_of(self._runs(block.runs), place)

    def _wide(self) -> int:
        return 60 if self.document.language == "zh" else 10

    def _ends(self, block: Ends) -> str:
        size = 19 if block.is_small else self.size
        look = look_of(size)
        room = room_in(self.width, size / 2)
        if wide(block.left) + wide(block.right) > room - 2:
            return self._ends_apart(block, look, wide(block.right) / room)
        tab = round(self.width * TWIP)
        inside = run_of(block.left, look)
        if block.right:
            inside += f"<w:r>{look}<w:tab/></w:r>{run_of(block.right, look)}"
        return paragraph_of(
            inside,
            f'<w:tabs><w:tab w:val="right" w:pos="{tab}"/></w:tabs><w:spacing w:after="40"/>',
        )

    def _ends_apart(self, block: Ends, look: str, share: float) -> str:
        """Two cells without rules: a long text at one end must not push the other over the edge."""
        right = round(self.width * TWIP * min(share * 1.15, 0.5))
        left = round(self.width * TWIP) - right
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"{paragraph_of(run_of(text, look), place)}</w:tc>"
            for text, width, place in (
                (block.left, left, '<w:spacing w:after="40"/>'),
                (block.right, right, '<w:spacing w:after="40"/><w:jc w:val="right"/>'),
            )
        )
        sides = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("left", "right"))
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{left + right}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar></w:tblPr>'
            f'<w:tblGrid><w:gridCol w:w="{left}"/><w:gridCol w:w="{right}"/></w:tblGrid>'
            f"<w:tr>{cells}</w:tr></w:tbl>{APART}"
        )

    def _items(self, block: Items) -> str:
        size, colour, faces = (SMALL, GREY, SANS) if block.is_note else (0, "", None)
        said = []
        for number, runs in enumerate(block.items, start=1):
            mark = f"{number}." if block.is_numbered else "•"
            said.append(
                paragraph_of(
                    run_of(mark, look_of(size, colour, faces))
                    + f"<w:r>{look_of(size, colour, faces)}<w:tab/></w:r>"
                    + self._runs(runs, size, colour, faces=faces),
                    '<w:tabs><w:tab w:val="left" w:pos="480"/></w:tabs>'
                    '<w:spacing w:after="60" w:line="276" w:lineRule="auto"/>'
                    '<w:ind w:left="480" w:hanging="480"/>',
                )
            )
        return "".join(said)

    def _table(self, block: Table) -> str:
        widths = [round(self.width * TWIP * w / sum(block.widths)) for w in block.widths]
        size = TABLE_SMALL if block.is_small else TABLE
        sides = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A8F96"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        margin = 80 if block.is_small else 108
        beside = "".join(f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side in ("left", "right"))
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        header = [Cell(text, is_label=True) for text in block.header]
        rows = [self._row(header, widths, size, is_header=True)] if header else []
        rows += [
            self._row(r, widths, size, is_parted=is_parted(r, block, self.document))
            for r in block.rows
        ]
        return (
            # In the middle: programs differ on whether the rules or the words begin at the margin.
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f"<w:tblBorders>{sides}</w:tblBorders>"
            f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{beside}</w:tblCellMar></w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
            f"{APART}"
        )

    def _row(
        self,
        row: Any,
        widths: list[int],
        size: int,
        *,
        is_header: bool = False,
        is_parted: bool = False,
    ) -> str:
        cells, place = "", 0
        lines = 1
        for cell in row:
            one = Cell(cell) if isinstance(cell, str) else cell
            width = sum(widths[place : place + one.span])
            place += one.span
            lines = max(lines, one.lines)
            cells += _cell(one, width, size, self.faces)
        about = f'<w:trHeight w:val="{round(lines * size * 17)}"/>' if lines > 1 else ""
        about = ("" if is_parted else "<w:cantSplit/>") + about
        about += "<w:tblHeader/>" if is_header else ""
        return f"<w:tr><w:trPr>{about}</w:trPr>{cells}</w:tr>"

    def _picture(self, block: Picture) -> str:
        png = png_of(block.svg)
        part, image = self.made.part.get_or_add_image(io.BytesIO(png))
        self.pictures += 1
        wide = round(self.width * EMU)
        high = round(wide * image.px_height / image.px_width)
        drawing = _drawing(part, self.pictures, wide, high, block.alt)
        centre = f'<w:keepNext/><w:spacing {AUTO}/><w:jc w:val="center"/>'
        said = paragraph_of(f"<w:r>{drawing}</w:r>", centre)
        if block.caption:
            look = look_of(18, GREY, SANS)
            said += paragraph_of(run_of(block.caption, look), '<w:jc w:val="center"/>')
        return said


def _cell(cell: Cell, width: int, size: int, faces: tuple[str, str]) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{PAPER}"/>' if cell.is_label else ""
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    middle = '<w:vAlign w:val="center"/>' if cell.is_label else ""
    centre = '<w:jc w:val="center"/>' if cell.is_label else ""
    look = look_of(size, "", SANS if cell.is_label else faces, is_bold=cell.is_label)
    # Lines of one height, whichever face stands in for the one that is named.
    spacing = (
        f'<w:spacing w:before="30" w:after="30" w:line="{round(size * 12.8)}" w:lineRule="exact"/>'
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{shade}{middle}</w:tcPr>'
        f"{paragraph_of(run_of(cell.text, look), spacing + centre)}</w:tc>"
    )


def _drawing(part: str, number: int, wide: int, high: int, alt: str) -> str:
    said = f'id="{number}" name="{number}" descr={quoteattr(plain(alt))}'
    size = f'cx="{wide}" cy="{high}"'
    return (
        f"<w:drawing {NAMESPACES}><wp:inline><wp:extent {size}/><wp:docPr {said}/>"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{number}"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{part}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
