"""The editor: text beside its page, figures to pick, nothing typed is ever lost."""

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from guantong.bulletins.models import Bulletin
from guantong.bulletins.operations import (
    CannotRewriteBulletin,
    rewrite_bulletin,
    withdraw_bulletins,
)
from guantong.bulletins.operations.papers import paper_of
from guantong.bulletins.queries import build, draft_page, preview_of
from guantong.bulletins.queries.offering import offers, pieces_of
from guantong.bulletins.queries.shipped import NAMES, shipped_text
from guantong.bulletins.rules import read, written
from guantong.bulletins.tests.factories import published, signed, studied
from guantong.bulletins.tests.factories import written as kept
from guantong.bulletins.tests.test_views import client_of
from guantong.figures.queries import UnknownKey
from guantong.figures.registry import Scope
from guantong.study.tests.factories import held
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    local = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": local}}
    cache.clear()
    with translation.override("en"):
        yield tmp_path


def said(w, **values):
    return {
        "title": "学习情况",
        "title_en": "How it goes",
        "as_of": TODAY.isoformat(),
        "signatory": w.people["coordinator"].pk,
        "language": "en",
        **values,
    }


def preview(w, text, **values):
    client = client_of(w, "coordinator")
    answer = client.post("/bulletins/new/", said(w, text_en=text, preview="1", **values))
    return answer.status_code, answer.content.decode()


# The page beside the text.


def test_the_preview_shows_the_figures_and_keeps_nothing():
    w = studied()
    status, page = preview(w, 'Held: {{ figure "study.sessions_held" }}.')
    assert status == 200
    assert 'data-figure="1" value="12"' in page
    assert "Nothing in the text stands in the way." in page
    assert not Bulletin.objects.exists()


def test_a_mistake_is_told_with_its_line_and_the_text_stays():
    text = 'Fine.\n\n{{ figure "study.sessions_hold" }} and 12'
    status, page = preview(studied(), text)
    assert status == 200
    assert page.count('data-line="3"') == 2
    assert "nearest to it are: study.sessions_held" in page
    assert "{{ figure &quot;study.sessions_hold&quot; }} and 12</textarea>" in page


def test_what_is_missing_is_no_fault_before_one_keeps_it():
    w = studied()
    none = {"title": "", "title_en": ""}
    _status, page = preview(w, "Hello", **none)
    assert 'class="errorlist"' not in page
    answer = client_of(w, "coordinator").post("/bulletins/new/", said(w, text_en="Hello", **none))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count('class="errorlist"') == 2
    assert "Hello</textarea>" in page


def test_one_language_alone_will_do_and_the_other_is_said_to_be_not_yet_written():
    w = studied()
    client = client_of(w, "coordinator")
    answer = client.post("/bulletins/new/", said(w, title="", text_en="All went well"))
    assert answer.status_code == 302
    [bulletin] = Bulletin.objects.all()
    assert (bulletin.record.title, bulletin.languages) == ("How it goes", ["en"])
    editor = client.get(answer["location"]).content.decode()
    # What is said in English isn't put in the place of the Chinese title.
    assert editor.count('value="How it goes"') == 1
    assert re.search(r'id="written-zh"[^>]*>not yet written<', editor)
    assert re.search(r'id="written-en"[^>]*><', editor)
    chinese = client.get(f"/bulletins/{bulletin.pk}/edit/?language=zh").content.decode()
    assert "Nothing is written in this language yet" in chinese
    assert "中文: not yet written" in client.get(f"/bulletins/{bulletin.pk}/").content.decode()


def test_a_text_without_a_title_of_its_own_is_told():
    sentence = "This text has no title of its own"
    w = studied()
    assert sentence in preview(w, "Hello", title_en="")[1]
    assert sentence not in preview(w, "Hello")[1]
    chinese = preview(w, "", title="", text_zh="你好", language="zh")[1]
    assert sentence in chinese


def test_a_fault_in_the_other_language_turns_the_editor_to_it():
    w = studied()
    said_wrong = said(w, title="长" * 501, text_en="Hello")
    page = client_of(w, "coordinator").post("/bulletins/new/", said_wrong).content.decode()
    assert re.search(r'name="language" value="zh" checked', page)
    assert "to be mended" in page


def test_markup_that_somebody_typed_stays_text():
    _status, page = preview(studied(), "<script>alert(1)</script> <img src=x onerror=y>")
    assert "<script>alert" not in page
    assert "<img" not in page


def test_preview_and_publishing_count_with_the_signatorys_rights():
    w = studied()
    head = w.people["head_m"]
    bulletin = kept(w, signatory=head)
    _page, built = preview_of(bulletin, "en", today=TODAY)
    fresh = build(bulletin, "en", today=TODAY)
    assert [one.text for one in built.shown] == [one.text for one in fresh.shown]
    assert {one.seal.scope.viewer for one in built.shown} == {head}


CHARTED = (
    'By format: {{ parts "study.sessions_held" by="format" }}.\n\n'
    '{{ chart "study.sessions_held" by="format" }}'
)


def test_a_letter_typed_counts_nothing_again(django_assert_max_num_queries, monkeypatch):
    bulletin = kept(studied(), text_en=CHARTED)
    first, _built = preview_of(bulletin, "en", today=TODAY)
    monkeypatch.setattr("guantong.bulletins.queries.counting.value_of", None)
    monkeypatch.setattr("guantong.bulletins.queries.counting.break_down", None)
    monkeypatch.setattr("guantong.bulletins.queries.counting.chart_of", None)
    bulletin.text_en += "\n\nMore."
    with django_assert_max_num_queries(40):
        again, _built = preview_of(bulletin, "en", today=TODAY)
    assert "<p>More.</p>" in again
    assert again.replace("<p>More.</p>\n", "") == first


def test_what_is_entered_shows_at_once():
    w = studied()
    bulletin = kept(w, text_en='{{ figure "study.sessions_held" }}')
    assert preview_of(bulletin, "en", today=TODAY)[1].shown[0].text == "12"
    held(w, "D1")
    assert preview_of(bulletin, "en", today=TODAY)[1].shown[0].text == "13"


def test_the_preview_says_what_the_draft_page_says():
    w = studied()
    bulletin = kept(w)
    shown, _built = preview_of(bulletin, "en", today=TODAY)
    assert shown in draft_page(bulletin, "en", today=TODAY)[0]


# Keeping it.


def test_two_people_do_not_write_over_each_other():
    w = studied()
    bulletin = kept(w)
    client = client_of(w, "coordinator")
    path = f"/bulletins/{bulletin.pk}/edit/"
    opened = bulletin.record.revision
    mine = said(w, text_en="Mine", revision=opened)
    assert client.post(path, said(w, text_en="Theirs", revision=opened)).status_code == 302
    answer = client.post(path, mine)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Somebody changed this bulletin since you opened it." in page
    assert "Mine</textarea>" in page
    assert "Theirs" in page
    assert Bulletin.objects.get().text_en == "Theirs"
    newer = Bulletin.objects.get().record.revision
    assert f'name="revision" value="{newer}"' in page
    assert client.post(path, {**mine, "revision": newer}).status_code == 302
    assert Bulletin.objects.get().text_en == "Mine"


def test_the_operation_refuses_what_was_read_before_somebody_changed_it():
    w = studied()
    bulletin = kept(w)
    opened = bulletin.record.revision
    rewrite_bulletin(bulletin=bulletin, actor=w.people["coordinator"], now=NOW, text_en="One")
    with pytest.raises(CannotRewriteBulletin, match="since you opened it"):
        rewrite_bulletin(
            bulletin=bulletin,
            actor=w.people["coordinator"],
            now=NOW,
            revision=opened,
            text_en="Two",
        )
    assert Bulletin.objects.get().text_en == "One"


def test_a_signed_one_is_not_edited_and_what_was_typed_stays():
    w = studied()
    bulletin = signed(w)
    client = client_of(w, "coordinator")
    path = f"/bulletins/{bulletin.pk}/edit/"
    assert client.get(path).headers["Location"] == f"/bulletins/{bulletin.pk}/"
    answer = client.post(path, said(w, text_en="Late words", revision=bulletin.record.revision))
    assert answer.status_code == 422
    assert "Late words</textarea>" in answer.content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_one_begins_from_a_shipped_text(name):
    w = studied()
    page = client_of(w, "coordinator").get(f"/bulletins/new/?from={name}").content.decode()
    assert shipped_text("en", name)[:40] in page
    for language in ("zh", "en"):
        text = shipped_text(language, name)
        built = build(kept(w, text_zh="", text_en=text), "en", today=TODAY)
        assert [str(one) for one in built.faults] == []


def test_there_is_no_other_text_to_begin_from():
    assert client_of(studied(), "coordinator").get("/bulletins/new/?from=../x").status_code == 404


# Figures to put in.


def scope_of(w, **values):
    return Scope(w.campaign, w.people["coordinator"], TODAY, TODAY, **values)


@pytest.mark.parametrize("words", ["sessions held", "study.sessions_held", "已开展", "SESSIONS"])
def test_figures_are_found_by_their_names_in_both_languages(words):
    found = {one.placeholder: one.text for one in offers(words, scope_of(studied()))}
    assert found['{{ figure "study.sessions_held" }}'] == "12"


def test_nothing_found_is_said():
    page = client_of(studied(), "coordinator").get("/bulletins/palette/?q=moonshine")
    assert "No figure has that in its name" in page.content.decode()


def test_every_placeholder_offered_is_one_that_can_be_written():
    w = studied()
    pieces = pieces_of("study.sessions_held", scope_of(w))
    found = [*pieces.whole, *(one for _label, group in pieces.groups for one in group)]
    assert any(one.text == "11" and 'unit="D1"' in one.placeholder for one in found)
    text = "\n\n".join(one.placeholder for one in found)
    built = build(kept(w, text_en=text), "en", today=TODAY)
    assert [str(one) for one in built.faults] == []
    texts = {one.text for one in built.shown}
    assert {one.text for one in found if one.text} <= texts


def test_there_is_no_palette_of_an_unknown_figure():
    w = studied()
    with pytest.raises(UnknownKey, match="nearest to it"):
        pieces_of("study.sessions_hold", scope_of(w))
    answer = client_of(w, "coordinator").get("/bulletins/palette/?code=study.sessions_hold")
    assert answer.status_code == 404


def test_what_is_written_is_read_again():
    placeholder = written("figure", "a.b", {"unit": "D1", "form": "over"})
    assert placeholder == '{{ figure "a.b" unit="D1" form="over" }}'
    [one] = read(placeholder).placeholders
    assert (one.verb, one.word, one.options) == ("figure", "a.b", {"unit": "D1", "form": "over"})


@pytest.mark.parametrize("name", ["liaison_d1", "researcher_d1", "inspector"])
def test_the_palette_is_for_those_who_write(name):
    w = studied()
    assert client_of(w, name).get("/bulletins/palette/").status_code == 404
    assert client_of(w, name).post("/bulletins/new/", {"preview": "1"}).status_code == 404


def test_nobody_is_counted_for_who_may_not_sign():
    w = studied()
    stranger = w.people["liaison_d1"].pk
    page = client_of(w, "coordinator").get(f"/bulletins/palette/?signatory={stranger}")
    assert f'name="signatory" value="{w.people["coordinator"].pk}"' in page.content.decode()


# Checking a file.


def checked(content, name="file.html"):
    client = Client(headers={"accept-language": "en"})
    answer = client.post("/bulletins/verify/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
def test_anybody_can_check_a_published_file(form):
    edition = (
        published(studied()).editions.select_related("bulletin__record__unit").get(language="en")
    )
    content = edition.html.encode() if form == "html" else paper_of(edition, form)
    page = checked(content, f"b.{form}")
    assert "Genuine: the file is exactly as it was published." in page
    assert "On study" in page


def test_a_changed_file_is_told_from_a_genuine_one():
    html = published(studied()).editions.get(language="en").html
    page = checked(html.replace(">12<", ">21<", 1).encode())
    assert "Not genuine: this is not what was published." in page
    assert "was published as “12”, and now it reads" in page
    assert "Genuine: the file" not in page


@pytest.mark.parametrize("content", [b"x", b"%PDF-1.7", b"PK\x03\x04", "简报".encode("gb18030")])
def test_any_other_file_is_none_of_ours(content):
    assert "Not genuine" in checked(content, "x.pdf")


def test_an_empty_file_is_asked_for_again():
    client = Client(headers={"accept-language": "en"})
    answer = client.post("/bulletins/verify/", {"file": SimpleUploadedFile("x", b"")})
    assert answer.status_code == 422


def test_a_genuine_file_of_a_withdrawn_bulletin_says_so():
    w = studied()
    bulletin = published(w)
    html = bulletin.editions.get(language="en").html
    assert "Withdrawn on" not in checked(html.encode())
    published(w, corrects=bulletin)
    withdraw_bulletins(
        bulletins=[bulletin], actor=w.people["coordinator"], now=NOW, reason="Wrong day"
    )
    assert "Wrong day" in checked(html.encode())


def test_the_style_is_one_file_for_editor_and_edition(home: Path):
    w = studied()
    bulletin = kept(w)
    client = client_of(w, "coordinator")
    page = client.get(f"/bulletins/{bulletin.pk}/en.html").content.decode()
    style = Path(__file__).parents[1] / "static" / "bulletins" / "edition.css"
    assert style.read_text("utf-8") in page
    assert "bulletins/edition.css" in client.get(f"/bulletins/{bulletin.pk}/edit/").content.decode()
