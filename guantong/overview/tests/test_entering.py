"""Records are entered and corrected one by one, by the form that their sheet makes."""

import re

import pytest

from guantong.overview.tests.factories import client_of, idea
from guantong.overview.tests.markup import Markup
from guantong.records.models import Record
from guantong.study.tests.factories import World, planned, world

pytestmark = pytest.mark.django_db
SESSION = {"title": "Reading on chains", "unit": "D1", "format": "reading_class"}


@pytest.fixture
def here() -> World:
    return world()


def test_a_liaison_enters_a_session_for_the_own_unit(here: World):
    client = client_of(here.people["liaison_d1"])
    assert 'href="/new/sessions/"' in client.get("/sessions/").content.decode()
    answer = client.post("/new/sessions/", {**SESSION, "planned_on": "2023-06-09"})
    record = Record.objects.get()
    assert answer["location"] == f"/r/{record.pk}/"
    assert (record.title, record.unit, record.state) == (
        "Reading on chains",
        here.units["D1"],
        "planned",
    )


def test_what_is_wrong_stands_by_its_field_with_what_is_taken(here: World):
    client = client_of(here.people["liaison_d1"])
    answer = client.post("/new/sessions/", {**SESSION, "unit": "D9", "sitting_number": "many"})
    assert answer.status_code == 422
    page = answer.content.decode()
    by_field = dict(re.findall(r'<ul class="errorlist" id="id_(\w+)_error"><li>(.*?)</li>', page))
    assert "There is no “D9” here. Taken is: D" in by_field["unit"]
    assert "Taken is" in by_field["sitting_number"]
    assert not Record.objects.exists()


def test_another_units_session_is_refused_in_a_sentence(here: World):
    answer = client_of(here.people["liaison_d2"]).post("/new/sessions/", SESSION)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Record.objects.exists()


def test_who_enters_nothing_finds_no_way_in(here: World):
    record = planned(here, "D1").record
    for name in ("auditor", "inspector", "administrator", "head_d1"):
        client = client_of(here.people[name])
        assert "/new/sessions/" not in client.get("/sessions/").content.decode(), name
        assert client.get("/new/sessions/").status_code == 404, name
        assert client.get(f"/r/{record.pk}/correct/").status_code == 404, name
    assert client_of(here.people["coordinator"]).get("/new/nothing/").status_code == 404


def test_a_correction_is_entered_with_old_and_new(here: World):
    raised = idea(here, "D1", title="Keep too suppliers", text="For each spare part")
    client = client_of(here.people["liaison_d1"])
    address = f"/r/{raised.pk}/correct/"
    assert f'href="{address}"' in client.get(f"/r/{raised.pk}/").content.decode()
    form = client.get(address).content.decode()
    assert 'value="Keep too suppliers"' in form
    assert 'name="unit"' not in form
    names = re.findall(r'name="(\w+)"', form.split('class="form"')[1])
    assert "title" in names
    said = {"title": "Keep two suppliers", "text": "For each spare part"}
    answer = client.post(address, said)
    assert answer.status_code == 302, re.findall("errorlist.*", answer.content.decode())
    story = client.get(f"/r/{raised.pk}/").content.decode()
    assert "<del>Keep too suppliers</del> → <ins>Keep two suppliers</ins>" in story
    again = client.post(address, said, follow=True).content.decode()
    assert "Nothing was changed." in again


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_with_a_sheet_has_a_well_formed_form(here: World, language: str):
    client = client_of(here.people["coordinator"], language)
    found = 0
    for slug in ("sessions", "ideas", "projects", "visits", "findings", "problems", "measures"):
        answer = client.get(f"/new/{slug}/")
        if answer.status_code == 200:
            found += 1
            assert Markup(answer.content.decode()).faults == [], slug
    assert found >= 3
