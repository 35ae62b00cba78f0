"""DOCX and PDF are made from the sealed edition, carry it, and prove themselves like it."""

import base64
import io
import re
import zipfile
import zlib

import docx
import pytest
from django.test import Client
from django.test.utils import override_settings

from guantong.bulletins.models import Edition
from guantong.bulletins.operations import withdraw_bulletins
from guantong.bulletins.operations.papers import CannotMakePaper, paper_of
from guantong.bulletins.tests.factories import published, studied, written
from guantong.bulletins.transcript import blocks_of
from guantong.bulletins.verification import seals, verify
from guantong.kit.documents import Heading, Items, NoChineseFont, Picture, Style, fonts
from guantong.kit.documents.docx import texts_in, texts_of
from guantong.ledger.signing import signer, verifiers
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = """## Study

The units held **{{ figure "study.sessions_held" noun="session|sessions" }}** in all.

{{ chart "study.sessions_held" by="format" }}

- one by one
"""
DISTRIBUTION = "发：All units\n报：The leadership\nCopy to: the archive"
needs_font = pytest.mark.skipif(
    fonts.chinese_fonts() is None, reason="no Chinese font is installed here"
)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def edition(home):
    bulletin = published(studied(), text_en=TEXT, issue="7", distribution=DISTRIBUTION)
    return bulletin.editions.select_related("bulletin__record__unit").get(language="en")


def keys(home):
    return verifiers(home / "keys")


def sentences(verdict):
    return " ".join(str(fault) for fault in verdict.faults)


def streams(pdf):
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            yield found[1]


def with_part(file, name, change):
    """The DOCX with one of its parts changed."""
    parts = seals.parts_of(file)
    parts[name] = change(parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    return out.getvalue()


@needs_font
@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_paper_is_genuine_and_the_same_each_time(edition, home, form):
    file = paper_of(edition, form)
    verdict = verify(file, keys(home))
    assert verdict.faults == []
    assert verdict.manifest["reference"] == "B-0001"
    assert paper_of(edition, form) == file


@needs_font
@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_another_key_does_not_do(edition, tmp_path, form):
    other = signer(tmp_path / "other").verifier
    assert "not signed by the key given" in sentences(verify(paper_of(edition, form), [other]))


@needs_font
def test_a_pdf_is_kept_for_good_and_names_its_edition(edition):
    pdf = paper_of(edition, "pdf")
    everything = pdf + b"".join(streams(pdf))
    assert b"<pdfaid:part>3</pdfaid:part>" in everything
    assert b"/StructTreeRoot" in everything
    assert edition.html.encode() in list(streams(pdf))


@needs_font
def test_any_changed_byte_of_a_pdf_is_found(edition, home):
    pdf = paper_of(edition, "pdf")
    for place in range(20, len(pdf), len(pdf) // 40):
        changed = bytearray(pdf)
        changed[place] ^= 1
        assert not verify(bytes(changed), keys(home)).is_genuine, place
    assert not verify(pdf + b"\n", keys(home)).is_genuine


@needs_font
def test_a_pdf_with_a_second_seal_or_none_is_not_genuine(edition, home):
    pdf = paper_of(edition, "pdf")
    assert "2 seals" in sentences(verify(pdf + b"guantong-seal-abc.", keys(home)))
    assert "holds no seal" in sentences(verify(seals.IN_PDF.sub(b"", pdf), keys(home)))
    assert not verify(b"%PDF-1.7\nguantong-seal-%%%.", keys(home)).is_genuine


@needs_font
def test_a_changed_digit_in_a_docx_is_named(edition, home):
    file = paper_of(edition, "docx")
    changed = with_part(
        file, "word/document.xml", lambda xml: xml.replace(b"12 sessions", b"21 sessions")
    )
    verdict = verify(changed, keys(home))
    assert not verdict.is_genuine
    assert "now it reads “The units held 21 sessions in all.”" in sentences(verdict)


@needs_font
def test_a_docx_that_was_saved_anew_is_told_from_one_that_was_changed(edition, home):
    opened = docx.Document(io.BytesIO(paper_of(edition, "docx")))
    opened.settings.odd_and_even_pages_header_footer = True
    out = io.BytesIO()
    opened.save(out)
    said = sentences(verify(out.getvalue(), keys(home)))
    assert "saved anew" in said
    assert "line by line, is as published" in said


@needs_font
@pytest.mark.parametrize("part", ["word/styles.xml", "word/media/image1.png", "word/footer1.xml"])
def test_look_picture_and_foot_are_sealed_too(edition, home, part):
    file = paper_of(edition, "docx")
    changed = with_part(file, part, lambda content: content + b" ")
    assert "nobody can vouch" in sentences(verify(changed, keys(home)))


@needs_font
def test_the_seal_of_one_edition_does_not_do_for_another(edition, home):
    file = paper_of(edition, "docx")
    other = edition.html.replace("12", "21")
    held = base64.b64encode(other.encode())

    def swapped(part):
        return re.sub(rb"<page>.*</page>", b"<page>" + held + b"</page>", part)

    verdict = verify(with_part(file, seals.SEAL_PART, swapped), keys(home))
    assert "edition that the file was made from is not in it" in sentences(verdict)


def test_what_is_no_paper_is_said_to_be_none(home):
    assert "can't be opened" in sentences(verify(b"PK\x03\x04 nothing", []))
    empty = io.BytesIO()
    docx.Document().save(empty)
    assert "no seal" in sentences(verify(empty.getvalue(), []))


@needs_font
def test_an_edition_that_was_changed_in_the_database_is_made_into_nothing(edition):
    edition.html = edition.html.replace(">12<", ">21<")
    with pytest.raises(CannotMakePaper, match="ledger verify"):
        paper_of(edition, "pdf")


def test_the_transcript_says_what_the_page_says(edition):
    blocks = blocks_of(edition.html)
    said = texts_of([block for block in blocks if not isinstance(block, Picture)])
    for words in ("Bulletin", "Issue 7", "On study", "The units held 12 sessions in all."):
        assert words in said
    at = [said.index(words) for words in (
        "Report to: The leadership", "Copy to: the archive", "Distribute to: All units"
    )]  # fmt: skip
    assert at == sorted(at)
    assert blocks[0].style is Style.MASTHEAD
    assert Heading in {type(block) for block in blocks}
    (picture,) = [block for block in blocks if isinstance(block, Picture)]
    assert picture.svg.startswith("<svg")
    assert "viewBox" in picture.svg
    assert "Symposium: 1" in picture.alt
    notes = [block for block in blocks if isinstance(block, Items) and block.is_note]
    assert len(notes[0].items) == edition.html.count('<li id="d')
    assert "↑" not in " ".join(said)


def test_the_parts_of_a_chart_are_sealed_figures(edition):
    sealed = edition.bulletin.sealed["figures"]
    assert {one["value"] for one in sealed if one["scope"]["only"]} == {"11", "1"}
    assert edition.html.count("data-figure=") == edition.html.count('<li id="d')


@needs_font
@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_withdrawn_bulletin_says_so_and_proves_itself_still(edition, home, form):
    bulletin = edition.bulletin
    coordinator = bulletin.signatory
    draft = {"campaign": bulletin.record.campaign, "unit": bulletin.record.unit}
    correction = written_again(bulletin, draft)
    withdraw_bulletins(bulletins=[bulletin], actor=coordinator, now=NOW, reason="Wrong day")
    file = paper_of(Edition.objects.get(pk=edition.pk), form)
    assert verify(file, keys(home)).is_genuine
    if form == "docx":
        assert "Withdrawn on 1 June 2023: Wrong day" in texts_in(file)[0]
    client = client_of(coordinator)
    page = client.get(f"/bulletins/{bulletin.pk}/").content.decode()
    assert "Withdrawn on 1 June 2023: Wrong day" in page
    page = client.get(f"/bulletins/{correction.pk}/").content.decode()
    assert "Correction: this takes the place of B-0001" in page


def written_again(bulletin, draft):
    from guantong.bulletins.operations import BulletinDraft, write_bulletins

    again = BulletinDraft(
        **draft,
        title="更正",
        as_of=bulletin.as_of,
        signatory=bulletin.signatory,
        text_zh="更正。",
        corrects=bulletin,
    )
    return write_bulletins(drafts=[again], actor=bulletin.signatory, now=NOW)[0]


def client_of(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


@needs_font
def test_papers_are_served_to_who_may_read_the_bulletin(edition, home):
    bulletin = edition.bulletin
    client = client_of(bulletin.signatory)
    answer = client.get(f"/bulletins/{bulletin.pk}/en.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert verify(answer.content, keys(home)).is_genuine
    assert client.get(f"/bulletins/{bulletin.pk}/en.odt").status_code == 404
    assert client.get(f"/bulletins/{bulletin.pk}/fr.pdf").status_code == 404


@needs_font
def test_a_draft_is_given_unsealed_and_to_its_coordinators_only(home):
    w = studied()
    bulletin = written(w)
    answer = client_of(w.people["coordinator"]).get(f"/bulletins/{bulletin.pk}/en.docx")
    assert "no seal" in sentences(verify(answer.content, []))
    assert any("draft" in text for text in texts_in(answer.content))
    other = client_of(w.people["liaison_d1"])
    assert other.get(f"/bulletins/{bulletin.pk}/en.docx").status_code == 404


def test_without_a_chinese_font_the_page_is_there_and_says_what_to_install(edition, monkeypatch):
    monkeypatch.setattr(fonts, "chinese_fonts", lambda: None)
    client = client_of(edition.bulletin.signatory)
    assert client.get(f"/bulletins/{edition.bulletin_id}/en.html").status_code == 200
    answer = client.get(f"/bulletins/{edition.bulletin_id}/en.pdf", follow=True)
    assert "fonts-noto-cjk" in answer.content.decode()
    with override_settings(), pytest.raises(NoChineseFont):
        paper_of(edition, "pdf")
