"""Writes a document as DOCX: the package by python-docx, its body as XML, which is fast."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from guantong.kit.documents.bodies import (
    FOOT,
    GREY,
    NAMESPACES,
    SANS,
    TWIP,
    BodyWriter,
    look_of,
    paragraph_of,
    run_of,
    size_of,
)
from guantong.kit.documents.declaring import Block, Document, plain

# The faces that office software has, or replaces by what it has.
SERIF = {"zh": ("Times New Roman", "仿宋"), "en": ("Times New Roman", "宋体")}
ATTACHED = "/customXml/item9.xml"


def write_docx(document: Document) -> bytes:
    """Return the document as DOCX; an attachment is kept in the file as a part of its own."""
    made = docx.Document()
    _set_page(made, document)
    _set_language(made, document.language)
    _set_properties(made, document)
    _set_foot(made, document)
    _set_body(made, "".join(BodyWriter(made, document).xml()))
    if document.attachment is not None:
        _attach(made, document.attachment.text)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _set_body(made: Any, xml: str) -> None:
    """Put the body in the place of the blank's, all at once.

    Elements moved into a tree one after another take a time that grows with its square.
    """
    blank = made.part.blob.decode("utf-8")
    start = blank.index("<w:body>") + len("<w:body>")
    section = blank.rindex("<w:sectPr")
    made.part._element = parse_xml((blank[:start] + xml + blank[section:]).encode())


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
    elif document.is_gongwen:
        section.page_width, section.page_height = short, long
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    else:
        section.page_width, section.page_height = short, long
        section.left_margin = section.right_margin = section.top_margin = Mm(26)
        section.bottom_margin = Mm(24)
    section.footer_distance = Mm(9)
    latin, chinese = SERIF[document.language]
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size = latin, Pt(size_of(document) / 2)
    fonts = normal.element.rPr.rFonts
    fonts.set(f"{{{fonts.nsmap['w']}}}eastAsia", chinese)
    normal.paragraph_format.space_after = Pt(0 if document.is_gongwen else 6)
    # Lines of one height where a face may be replaced by one that is higher.
    height = Pt(29 if document.is_gongwen else 20)
    normal.paragraph_format.line_spacing = height if document.language == "zh" else 1.2
    for level in (1, 2, 3, 4):
        # The blank's headings are blue and in the theme's face.
        style = made.styles[f"Heading {level}"]
        style.element.rPr.clear()
        style.font.bold = True
        style.paragraph_format.keep_with_next = True


def _set_language(made: Any, language: str) -> None:
    """Say which language it is: by it programs choose the shapes of signs, and where words part."""
    tag = "zh-CN" if language == "zh" else "en-GB"
    default = made.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    settings = made.settings.element
    for element in (default, settings.find(qn("w:themeFontLang"))):
        element.set(qn("w:val"), tag)
        element.set(qn("w:eastAsia"), "zh-CN")
    # In the mode of an earlier version a program says so over the page.
    settings.find(f".//{qn('w:compatSetting')}").set(qn("w:val"), "15")
    properties = made.styles["Normal"].element.get_or_add_pPr()
    if language == "en":
        settings.find(qn("w:defaultTabStop")).addnext(OxmlElement("w:autoHyphenation"))
    # No gaps between digits and Chinese signs: 2026年10月8日 is one word.
    for number, name in enumerate(("autoSpaceDE", "autoSpaceDN")):
        element = OxmlElement(f"w:{name}", {qn("w:val"): "0"})
        properties.insert(number, element)


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
    tab = round(document.width * TWIP)
    foot = made.sections[0].footer
    xml = paragraph_of(
        f"{_text(document.foot)}<w:r>{look_of(FOOT, GREY, SANS)}<w:tab/></w:r>{paging}",
        f'<w:tabs><w:tab w:val="right" w:pos="{tab}"/></w:tabs>',
    )
    element = foot._element
    for old in list(element):
        element.remove(old)
    element.append(parse_xml(xml.replace("<w:p>", f"<w:p {NAMESPACES}>", 1)))


def _field(name: str) -> str:
    look = look_of(FOOT, GREY, SANS)
    return f'<w:fldSimple w:instr="{name}"><w:r>{look}<w:t>1</w:t></w:r></w:fldSimple>'


def _text(text: str) -> str:
    return run_of(text, look_of(FOOT, GREY, SANS))


def _attach(made: Any, xml: str) -> None:
    part = Part(PackURI(ATTACHED), "application/xml", xml.encode(), made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
