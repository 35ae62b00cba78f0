"""Documents say the same in PDF and DOCX; the PDF is tagged and claims what it keeps."""

import datetime
import io
import re
import zipfile
import zlib

import docx
import pytest

from guantong.kit.documents import (
    Attachment,
    Cell,
    Document,
    Ends,
    Heading,
    Items,
    NoChineseFont,
    Paragraph,
    Picture,
    Rule,
    Style,
    Table,
    fonts,
    runs_of,
)
from guantong.kit.documents.docx import texts_in, texts_of, write_docx
from guantong.kit.documents.pdf import write_pdf

NOON = datetime.datetime(2023, 6, 30, 4, 0, tzinfo=datetime.UTC)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    '<rect width="30" height="10" fill="#21618c"/></svg>'
)
BLOCKS = (
    Heading(runs_of("Furnace logs"), 1),
    Ends("M", "30 June 2023"),
    Paragraph(runs_of("A draft"), Style.WARNING),
    Paragraph(runs_of("Three furnaces & <no> logs")),
    Items((runs_of("first"), runs_of("second")), is_numbered=True),
    Table(
        (1, 2), [["1", "two\nlines"], [Cell("seal", is_label=True, lines=3), "x"]], ("No.", "What")
    ),
    Picture(SVG, "a bar", "Closed"),
    Rule(is_red=True),
)


def document(blocks=BLOCKS, **values):
    return Document(**{"title": "Logs", "language": "en", "made_at": NOON, **values}, blocks=blocks)


def streams(pdf):
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]


def test_a_pdf_is_tagged_and_claims_pdf_a_and_pdf_ua():
    pdf = write_pdf(document())
    everything = pdf + b"".join(streams(pdf))
    assert b"/StructTreeRoot" in everything
    assert b"/Lang" in everything
    assert b"<pdfaid:part>2</pdfaid:part>" in everything
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in everything
    assert b"<pdfuaid:part>1</pdfuaid:part>" in everything
    assert b"a bar" in everything


def test_a_pdf_is_kept_without_anything_beside_it():
    """What PDF/A asks of any file: colours and fonts within, no key, a title to show."""
    pdf = write_pdf(document([*BLOCKS, Paragraph(runs_of("四百余项"))]))
    everything = pdf + b"".join(streams(pdf))
    assert b"/OutputIntents" in everything
    assert b"/GTS_PDFA1" in everything
    assert b"/Encrypt" not in everything
    assert re.search(rb"/DisplayDocTitle\s+true", everything)
    assert b'<rdf:li xml:lang="x-default">Logs</rdf:li>' in everything
    described = len(re.findall(rb"/Type\s*/FontDescriptor", everything))
    assert described == len(re.findall(rb"/FontFile[23]?\s+\d+ 0 R", everything)) > 0


def test_the_cells_that_head_a_table_are_tagged_as_such():
    pdf = write_pdf(document([Table((1, 2), [["1", "x"], ["2", "y"]], ("No.", "What"))]))
    everything = pdf + b"".join(streams(pdf))
    assert len(re.findall(rb"/S\s*/TH\b", everything)) == 2
    assert len(re.findall(rb"/Scope\s*/Column\b", everything)) == 2
    assert len(re.findall(rb"/S\s*/TD\b", everything)) == 4
    assert len(re.findall(rb"/S\s*/TR\b", everything)) == 3


def test_an_attachment_travels_whole():
    page = "<!doctype html><p>四百</p>"
    pdf = write_pdf(document(attachment=Attachment("b.html", page, "text/html", "edition")))
    assert page.encode() in list(streams(pdf))
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf + b"".join(streams(pdf))


def test_the_same_document_is_the_same_file():
    assert write_pdf(document()) == write_pdf(document())


def test_texts_are_never_markup():
    odd = '#image("/etc/passwd") *x* $y$ \\ <w:t> ]]> {{ a }}'
    write_pdf(document([Paragraph(runs_of(odd))]))
    assert texts_in(write_docx(document([Paragraph(runs_of(odd))])))[0] == odd


def test_what_cannot_be_printed_is_left_out():
    blocks = [Paragraph(runs_of("a\x00b\x0bc")), Table((1,), [["d\x01e"]], ("\x02f",))]
    write_pdf(document(blocks, title="t\x00"))
    assert texts_in(write_docx(document(blocks)))[0] == "abc"


def test_a_character_without_a_font_costs_the_claim_and_not_the_file():
    pdf = write_pdf(document([Paragraph(runs_of("a \U00013000 b"))]))
    assert b"pdfaid" not in pdf
    assert b"/StructTreeRoot" in pdf + b"".join(streams(pdf))


def test_headings_that_skip_a_level_are_taken_one_up():
    write_pdf(document([Heading(runs_of("a"), 1), Heading(runs_of("b"), 4)]))


def test_without_a_chinese_font_it_is_said_which_package_to_install(monkeypatch):
    monkeypatch.setattr(fonts, "chinese_fonts", lambda: None)
    write_pdf(document())
    with pytest.raises(NoChineseFont, match="fonts-noto-cjk"):
        write_pdf(document([Paragraph(runs_of("整改台账"))]))


@pytest.mark.skipif(fonts.chinese_fonts() is None, reason="no Chinese font is installed here")
def test_chinese_is_set_in_a_font_that_is_named():
    pdf = write_pdf(document([Paragraph(runs_of("整改台账"))], language="zh", title="台账"))
    family = fonts.chinese_fonts().serif.replace(" ", "")
    assert family[:8].encode() in (pdf + b"".join(streams(pdf))).replace(b" ", b"")


def test_a_docx_holds_every_block():
    file = write_docx(document(is_landscape=True, foot="M · 2 entries"))
    opened = docx.Document(io.BytesIO(file))
    section = opened.sections[0]
    assert section.page_width > section.page_height
    assert "M · 2 entries" in section.footer.paragraphs[0].text
    (table,) = opened.tables
    assert [cell.text for cell in table.rows[1].cells] == ["1", "two\nlines"]
    said = [paragraph.text for paragraph in opened.paragraphs]
    assert {"Furnace logs", "Three furnaces & <no> logs", "2.\tsecond", "Closed"} <= set(said)
    assert opened.core_properties.title == "Logs"
    assert len(opened.inline_shapes) == 1


def test_the_header_of_a_table_is_repeated_on_each_page():
    with zipfile.ZipFile(io.BytesIO(write_docx(document()))) as archive:
        body = archive.read("word/document.xml").decode()
    assert body.count("<w:tblHeader/>") == 1
    assert body.index("<w:tblHeader/>") < body.index("two")


def test_texts_of_blocks_are_those_of_the_file():
    assert texts_of(BLOCKS) == texts_in(write_docx(document()))


def test_a_long_table_is_written():
    rows = [[str(n), "绝缘纸板 logs", "x" * 40] for n in range(2_000)]
    table = [Table((1, 3, 3), rows, ("a", "b", "c"), is_small=True)]
    assert write_docx(document(table, is_landscape=True))
    if fonts.chinese_fonts():
        assert write_pdf(document(table, is_landscape=True)).startswith(b"%PDF")


def test_a_row_stays_on_one_page_unless_no_page_would_hold_it():
    page = "a text that goes on\n"
    rows = [["1", "short"], ["2", page * 90], ["3", "short"]]
    made = document([Heading(runs_of("Title"), 1), Table((1, 4), rows, ["No.", "Text"])])
    body = docx.Document(io.BytesIO(write_docx(made))).tables[0]._tbl.xml
    kept = ["w:cantSplit" in row for row in body.split("<w:tr>")[1:]]
    assert kept == [True, True, False, True]
    assert re.search(rb"/Count [2-9]", write_pdf(made))


def test_a_text_longer_than_the_room_kept_for_it_takes_more():
    """Else it is printed over the rows below."""
    cell = Cell("Much was found here. " * 300, lines=3)
    made = document([Table((1, 5), [["1", cell], ["2", "below"]])])
    assert re.search(rb"/Count [2-9]", write_pdf(made))


def test_a_chinese_official_document_is_set_as_the_standard_wants():
    made = document(language="zh", is_official=True)
    section = docx.Document(io.BytesIO(write_docx(made))).sections[0]
    assert round(section.page_width.mm - section.left_margin.mm - section.right_margin.mm) == 156
    assert round(section.top_margin.mm) == 37
    assert docx.Document(io.BytesIO(write_docx(made))).styles["Normal"].font.size.pt == 16
    assert not document(is_official=True).is_gongwen


def test_a_docx_says_its_language_and_is_of_the_present_mode():
    made = docx.Document(io.BytesIO(write_docx(document(language="zh"))))
    assert 'w:lang w:val="zh-CN" w:eastAsia="zh-CN"' in made.styles.element.xml
    assert 'w:name="compatibilityMode"' in made.settings.element.xml
    assert "w:autoHyphenation" not in made.settings.element.xml
