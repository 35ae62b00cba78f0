"""The pages of bulletins: written, signed and published there, and read by those appointed."""

import html
import re

import pytest
from django.test import Client
from django.utils import translation

from guantong.bulletins.models import Bulletin
from guantong.bulletins.rules import BULLETIN
from guantong.bulletins.tests.factories import published, studied, written
from guantong.bulletins.verification import verify
from guantong.ledger.signing import verifiers
from guantong.study.tests.factories import held

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    with translation.override("en"):
        yield tmp_path


def client_of(w, name):
    client = Client(headers={"accept-language": "en"})
    client.force_login(w.people[name])
    return client


def test_a_draft_is_its_coordinators(home):
    w = studied()
    bulletin = written(w)
    page = client_of(w, "coordinator").get(f"/bulletins/{bulletin.pk}/")
    assert "sessions" in page.content.decode()
    for name in ("liaison_d1", "researcher_d1", "inspector"):
        client = client_of(w, name)
        assert client.get(f"/bulletins/{bulletin.pk}/").status_code == 404
        assert client.get(f"/bulletins/{bulletin.pk}/en.html").status_code == 404
        assert client.get("/bulletins/new/").status_code == 404


def test_a_step_taken_on_its_page_comes_back_to_it(home):
    w = studied()
    bulletin = written(w)
    client = client_of(w, "coordinator")
    page = client.get(f"/bulletins/{bulletin.pk}/").content.decode()
    [step] = re.findall(r'href="(/r/\d+/submit/[^"]*)"', page)
    answer = client.post(html.unescape(step))
    assert answer.headers["Location"] == f"/bulletins/{bulletin.pk}/"


def test_the_published_file_is_served_byte_by_byte(home):
    w = studied()
    bulletin = published(w)
    answer = client_of(w, "liaison_d1").get(f"/bulletins/{bulletin.pk}/en.html")
    assert verify(answer.content, verifiers(home / "keys")).is_genuine
    assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]


def test_drift_is_shown(home):
    w = studied()
    bulletin = published(w)
    held(w, "D2")
    page = client_of(w, "coordinator").get(f"/bulletins/{bulletin.pk}/").content.decode()
    assert "1 more, 0 fewer, 0 changed" in page


def test_one_is_written_and_changed_on_the_page(home):
    w = studied()
    client = client_of(w, "coordinator")
    shown = client.get("/bulletins/new/")
    assert "study.sessions_held" in shown.content.decode()
    values = {
        "title": "A",
        "as_of": "2023-06-01",
        "signatory": w.people["coordinator"].pk,
        "text_en": "Hello",
    }
    answer = client.post("/bulletins/new/", values)
    bulletin = Bulletin.objects.get()
    assert answer.headers["Location"] == f"/bulletins/{bulletin.pk}/edit/"
    values["text_en"] = 'Held: {{ figure "study.sessions_held" }}'
    assert client.post(f"/bulletins/{bulletin.pk}/edit/", values).status_code == 302
    assert Bulletin.objects.get().text_en == values["text_en"]
    late = client.post(f"/bulletins/{bulletin.pk}/edit/", {**values, "as_of": "2999-01-01"})
    assert late.status_code == 422


def test_lists_show_them(home):
    w = studied()
    published(w)
    written(w)
    assert client_of(w, "coordinator").get("/bulletins/").content.decode().count("B-000") == 2
    assert client_of(w, "liaison_d1").get("/bulletins/").content.decode().count("B-000") == 1


def test_the_records_page_leads_to_the_bulletin_and_tells_of_no_seal_in_code(home):
    w = studied()
    bulletin = published(w)
    page = client_of(w, "coordinator").get(f"/r/{bulletin.pk}/").content.decode()
    assert f'<a href="/bulletins/{bulletin.pk}/">' in page
    assert "sealed the bulletin" in page
    assert "denominator" not in page
    assert bulletin.sealed_digest not in page


def test_a_bulletin_that_is_taken_back_is_no_project_that_is_given_up():
    state = BULLETIN.state("withdrawn")
    with translation.override("zh-hans"):
        assert translation.gettext(state.label) == "已撤回"


def test_each_figure_of_a_draft_leads_to_what_is_behind_it(home):
    w = studied()
    text = 'Held: {{ figure "study.sessions_held" }}'
    bulletin = written(w, text_zh=text, text_en=text)
    for language in ("zh", "en"):
        address = f"/bulletins/{bulletin.pk}/?language={language}"
        page = client_of(w, "coordinator").get(address).content.decode()
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'<a href="#([df]\d+)"', page)) <= set(ids)
        assert 'href="/figures/study.sessions_held/records/' in page


def test_the_language_at_hand_stays_at_hand_when_the_draft_is_saved(home):
    w = studied()
    client = client_of(w, "coordinator")
    said = {"title": "A", "as_of": "2023-06-01", "signatory": w.people["coordinator"].pk}
    answer = client.post("/bulletins/new/", {**said, "text_zh": "你好", "language": "zh"})
    assert answer.headers["Location"].endswith("/edit/?language=zh")


def test_a_correction_begins_from_the_page_of_what_it_corrects(home):
    w = studied()
    bulletin = published(w)
    client = client_of(w, "coordinator")
    begin = f"/bulletins/new/?corrects={bulletin.pk}"
    assert f'href="{begin}"' in client.get(f"/bulletins/{bulletin.pk}/").content.decode()
    page = client.get(begin).content.decode()
    assert f'<option value="{bulletin.pk}" selected>' in page
    assert html.escape(bulletin.text_en.strip().splitlines()[0]) in page
    assert client.get("/bulletins/new/?corrects=0").status_code == 404
    reader = client_of(w, "liaison_d1").get(f"/bulletins/{bulletin.pk}/").content.decode()
    assert begin not in reader
    correction = published(w, corrects=bulletin)
    for one, other, label in (
        (bulletin, correction, "Corrected by"),
        (correction, bulletin, "Corrects"),
    ):
        page = client.get(f"/r/{one.pk}/").content.decode()
        assert re.search(rf"<dt>{label}</dt>\s*<dd[^>]*><a href=\"/r/{other.pk}/", page), label


def test_what_was_altered_is_quoted_as_it_is_read(home):
    w = studied()
    edition = published(w).editions.get(language="en")
    text = re.search(r'data-figure="1"[^>]*><a[^>]*>(\d+)<', edition.html)
    altered = edition.html.replace(text[0], text[0].replace(f">{text[1]}<", ">99<"))
    faults = " ".join(str(f) for f in verify(altered.encode(), verifiers(home / "keys")).faults)
    assert "“99”" in faults
    assert f"{text[1]} {text[1]}" not in faults
    assert not re.search(r"\b(\d+) \1\b", faults)
