"""Writes a document as DOCX: the package by python-docx, its body as XML, which is fast."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

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

RED, GREY, PAPER = "B3321F", "56606D", "F3F1EB"
# The faces that office software has, or replaces by what it has.
SERIF = {"zh": ("Times New Roman", "仿宋"), "en": ("Times New Roman", "宋体")}
SANS = ("Arial", "黑体")
SMALL, NORMAL, TABLE, TABLE_SMALL = 17, 24, 21, 17
NAMESPACES = nsdecls("w", "r", "wp", "a", "pic")
# English Metric Units in a millimetre; a twip is a twentieth of a point.
EMU, TWIP = 36_000, 56.7
ATTACHED = "/customXml/item9.xml"


def write_docx(document: Document) -> bytes:
    """Return the document as DOCX; an attachment is kept in the file as a part of its own."""
    made = docx.Document()
    _set_page(made, document)
    _set_properties(made, document)
    writer = _Writer(made, document)
    body = made.element.body
    # What python-docx's own blank brings, but for the section.
    for element in list(body)[:-1]:
        body.remove(element)
    section = body[-1]
    for xml in writer.body():
        for element in parse_xml(f"<w:body {NAMESPACES}>{xml}</w:body>"):
            section.addprevious(element)
    _set_foot(made, document)
    if document.attachment is not None:
        _attach(made, document.attachment.text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def texts_of(blocks: Sequence[Block]) -> list[str]:
    """Return the paragraphs that these blocks become, as `texts_in` reads them from a file."""
    blank = Document("", "en", blocks, datetime.datetime(2000, 1, 1))
    return texts_in(write_docx(blank))


def texts_in(file: bytes) -> list[str]:
    """Return the text of each paragraph of a file's body, those in tables among them."""
    body = docx.Document(io.BytesIO(file)).element.body
    return [_said(paragraph) for paragraph in body.iter(qn("w:p"))]


def _said(paragraph: Any) -> str:
    said = ""
    for element in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        said += (element.text or "") if element.tag == qn("w:t") else " "
    return said


def _set_page(made: Any, document: Document) -> None:
    section = made.sections[0]
    long, short = Mm(297), Mm(210)
    if document.is_landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = long, short
        section.left_margin = section.right_margin = section.top_margin = Mm(15)
        section.bottom_margin = Mm(17)
    else:
        section.page_width, section.page_height = short, long
        section.left_margin = section.right_margin = section.top_margin = Mm(26)
        section.bottom_margin = Mm(24)
    section.footer_distance = Mm(9)
    latin, chinese = SERIF[document.language]
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = latin, Pt(NORMAL / 2)
    fonts = normal.element.rPr.rFonts
    fonts.set(f"{{{fonts.nsmap['w']}}}eastAsia", chinese)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.4 if document.language == "zh" else 1.2
    for level in (1, 2, 3, 4):
        # The blank's headings are blue and in the theme's face.
        style = made.styles[f"Heading {level}"]
        style.element.rPr.clear()
        style.font.bold = True
        style.paragraph_format.keep_with_next = True


def _set_properties(made: Any, document: Document) -> None:
    properties = made.core_properties
    properties.title, properties.author = plain(document.title), plain(document.author)
    properties.language = "zh-CN" if document.language == "zh" else "en-GB"
    properties.keywords, properties.comments = document.keywords, ""
    properties.created = properties.modified = document.made_at.replace(tzinfo=None)
    properties.last_modified_by = ""


def _set_foot(made: Any, document: Document) -> None:
    page, pages = _field("PAGE"), _field("NUMPAGES")
    if document.language == "zh":
        paging = f"{_text('第 ')}{page}{_text(' 页　共 ')}{pages}{_text(' 页')}"
    else:
        paging = f"{_text('Page ')}{page}{_text(' of ')}{pages}"
    tab = round((297 - 30 if document.is_landscape else 210 - 52) * TWIP)
    foot = made.sections[0].footer
    xml = _paragraph(
        f"{_text(document.foot)}<w:r>{_look(SMALL - 1, GREY, SANS)}<w:tab/></w:r>{paging}",
        f'<w:tabs><w:tab w:val="right" w:pos="{tab}"/></w:tabs>',
    )
    element = foot._element
    for old in list(element):
        element.remove(old)
    element.append(parse_xml(xml.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))


def _field(name: str) -> str:
    look = _look(SMALL - 1, GREY, SANS)
    return f'<w:fldSimple w:instr="{name}"><w:r>{look}<w:t>1</w:t></w:r></w:fldSimple>'


def _text(text: str) -> str:
    return _run(text, _look(SMALL - 1, GREY, SANS))


def _attach(made: Any, xml: str) -> None:
    part = Part(PackURI(ATTACHED), "application/xml", xml.encode(), made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def _look(
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


def _run(text: str, look: str = "") -> str:
    parts = escape(plain(text)).split("\n")
    inside = "<w:br/>".join(f'<w:t xml:space="preserve">{part}</w:t>' for part in parts)
    return f"<w:r>{look}{inside}</w:r>"


def _paragraph(inside: str, properties: str = "") -> str:
    about = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{about}{inside}</w:p>"


class _Writer:
    """Writes blocks, one after another, as XML."""

    def __init__(self, made: Any, document: Document) -> None:
        self.made = made
        self.document = document
        self.pictures = 0
        self.width = (297 - 30) if document.is_landscape else (210 - 52)

    def body(self) -> Iterator[str]:
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
                return _paragraph(
                    "", f'<w:pBdr>{line}</w:pBdr><w:spacing w:after="120" w:line="120"/>'
                )

    def _runs(self, runs: Runs, size: int = 0, colour: str = "", **more: Any) -> str:
        faces = more.pop("faces", None)
        spacing = more.pop("spacing", 0)
        is_bold = more.pop("is_bold", False)
        return "".join(
            _run(
                run.text,
                _look(
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
        return _paragraph(
            self._runs(block.runs, size, faces=SANS, is_bold=True),
            f'<w:pStyle w:val="Heading{level}"/><w:spacing w:before="200" w:after="160"/>{place}',
        )

    def _paragraph(self, block: Paragraph) -> str:
        match block.style:
            case Style.MASTHEAD:
                runs = self._runs(
                    block.runs, 54, RED, faces=SANS, is_bold=True, spacing=self._wide()
                )
                return _paragraph(runs, '<w:spacing w:after="60"/><w:jc w:val="center"/>')
            case Style.ISSUE:
                return _paragraph(self._runs(block.runs, 26), '<w:jc w:val="center"/>')
            case Style.CENTRE:
                return _paragraph(self._runs(block.runs, 21, GREY), '<w:jc w:val="center"/>')
            case Style.SIGNED:
                return _paragraph(self._runs(block.runs), '<w:jc w:val="right"/>')
            case Style.NOTE:
                return _paragraph(
                    self._runs(block.runs, SMALL, GREY, faces=SANS),
                    '<w:spacing w:after="60" w:line="276" w:lineRule="auto"/>',
                )
            case Style.WARNING:
                sides = "".join(
                    f'<w:{side} w:val="single" w:sz="6" w:space="4" w:color="{RED}"/>'
                    for side in ("top", "left", "bottom", "right")
                )
                return _paragraph(self._runs(block.runs, 21, RED), f"<w:pBdr>{sides}</w:pBdr>")
            case _:
                indents = self.document.language == "zh" and not self.document.is_landscape
                place = '<w:ind w:firstLineChars="200" w:firstLine="480"/>' if indents else ""
                return _paragraph(self._runs(block.runs), place)

    def _wide(self) -> int:
        return 60 if self.document.language == "zh" else 10

    def _ends(self, block: Ends) -> str:
        look = _look(19 if block.is_small else NORMAL)
        tab = round(self.width * TWIP)
        inside = _run(block.left, look)
        if block.right:
            inside += f"<w:r>{look}<w:tab/></w:r>{_run(block.right, look)}"
        return _paragraph(
            inside,
            f'<w:tabs><w:tab w:val="right" w:pos="{tab}"/></w:tabs><w:spacing w:after="40"/>',
        )

    def _items(self, block: Items) -> str:
        size, colour, faces = (SMALL, GREY, SANS) if block.is_note else (0, "", None)
        said = []
        for number, runs in enumerate(block.items, start=1):
            mark = f"{number}." if block.is_numbered else "•"
            said.append(
                _paragraph(
                    _run(mark, _look(size, colour, faces))
                    + f"<w:r>{_look(size, colour, faces)}<w:tab/></w:r>"
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
        columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        rows = [self._row([Cell(text, is_label=True) for text in block.header], widths, size, True)]
        rows = (rows if block.header else []) + [self._row(r, widths, size) for r in block.rows]
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f"<w:tblBorders>{sides}</w:tblBorders>"
            '<w:tblLayout w:type="fixed"/></w:tblPr>'
            f"<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
            # Two tables in a row would become one.
            '<w:p><w:pPr><w:spacing w:after="0" w:line="120"/></w:pPr></w:p>'
        )

    def _row(self, row: Any, widths: list[int], size: int, is_header: bool = False) -> str:
        cells, place = "", 0
        lines = 1
        for cell in row:
            one = Cell(cell) if isinstance(cell, str) else cell
            width = sum(widths[place : place + one.span])
            place += one.span
            lines = max(lines, one.lines)
            cells += _cell(one, width, size)
        about = f'<w:trHeight w:val="{round(lines * size * 17)}"/>' if lines > 1 else ""
        about = f"<w:cantSplit/>{about}" + ("<w:tblHeader/>" if is_header else "")
        return f"<w:tr><w:trPr>{about}</w:trPr>{cells}</w:tr>"

    def _picture(self, block: Picture) -> str:
        png = png_of(block.svg)
        part, image = self.made.part.get_or_add_image(io.BytesIO(png))
        self.pictures += 1
        wide = round(self.width * EMU)
        high = round(wide * image.px_height / image.px_width)
        drawing = _drawing(part, self.pictures, wide, high, block.alt)
        centre = '<w:keepNext/><w:jc w:val="center"/>'
        said = _paragraph(f"<w:r>{drawing}</w:r>", centre)
        if block.caption:
            look = _look(18, GREY, SANS)
            said += _paragraph(_run(block.caption, look), '<w:jc w:val="center"/>')
        return said


def _cell(cell: Cell, width: int, size: int) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{PAPER}"/>' if cell.is_label else ""
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    middle = '<w:vAlign w:val="center"/>' if cell.is_label else ""
    centre = '<w:jc w:val="center"/>' if cell.is_label else ""
    look = _look(size, "", SANS, is_bold=cell.is_label)
    spacing = '<w:spacing w:before="20" w:after="20" w:line="252" w:lineRule="auto"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{shade}{middle}</w:tcPr>'
        f"{_paragraph(_run(cell.text, look), spacing + centre)}</w:tc>"
    )


def _drawing(part: str, number: int, wide: int, high: int, alt: str) -> str:
    said = f'id="{number}" name="{number}" descr={quoteattr(plain(alt))}'
    size = f'cx="{wide}" cy="{high}"'
    return (
        f"<w:drawing><wp:inline><wp:extent {size}/><wp:docPr {said}/>"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{number}"/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{part}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
