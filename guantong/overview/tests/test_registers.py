"""Registers: units, people, areas and sites are kept on pages as they are by sheets."""

import datetime
import re
from html import unescape

import pytest

from guantong.kit.sheets.offering import cells_of
from guantong.ledger.models import Entry
from guantong.overview import views
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.overview.views.registers import registers
from guantong.people.models import Person
from guantong.study.tests.factories import World, world
from guantong.units.models import ParentPeriod, Unit, parents_on
from guantong.units.tests.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_a_unit_is_entered_and_corrected_with_its_entries(here: World):
    client = client_of(here.people["administrator"])
    said = {"code": "D9", "name": "Nickel Department", "kind": "department", "parent": "M"}
    assert client.post("/registers/units/new/", said)["location"] == "/registers/units/"
    unit = Unit.objects.get(code="D9")
    assert unit.parent == here.units["M"]
    page = client.get("/registers/units/?q=nickel").content.decode()
    assert re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page) == ["D9"]
    changed = {**said, "name": "Department of Nickel"}
    assert client.post(f"/registers/units/{unit.pk}/", changed).status_code == 302
    unit.refresh_from_db()
    assert unit.name == "Department of Nickel"
    assert Entry.objects.filter(subject_kind="unit", subject_id=unit.pk).count() == 2


def test_a_unit_begins_under_the_campaigns_and_the_next_one_where_the_last_was(here: World):
    client = client_of(here.people["administrator"])
    page = client.get("/registers/units/new/").content.decode()
    top = cells_of([here.units["M"]])[0]
    assert f'value="{top}"' in page
    said = {"code": "D9", "name": "Nickel", "kind": "department", "parent": "D1", "another": "1"}
    answer = client.post("/registers/units/new/", said, follow=True)
    again = answer.content.decode()
    assert 'value="D1"' in again
    assert '<option value="department" selected>' in again
    assert "Nickel is entered." in again
    assert 'value="D9"' not in again


def test_a_unit_is_moved_from_a_day_on_by_its_form(here: World):
    client = client_of(here.people["administrator"])
    unit = here.units["O1"]
    address = f"/registers/units/{unit.pk}/"
    said = {"name": unit.name, "kind": unit.kind, "position": unit.position}
    moved = TODAY - datetime.timedelta(20)
    assert client.post(address, {**said, "parent": "D2", "since": moved}).status_code == 302
    assert parents_on(moved - datetime.timedelta(1))[unit.pk] == here.units["D1"].pk
    assert parents_on(moved)[unit.pk] == here.units["D2"].pk
    # The day alone is corrected, too.
    later = moved + datetime.timedelta(5)
    assert client.post(address, {**said, "parent": "D2", "since": later}).status_code == 302
    assert parents_on(moved)[unit.pk] == here.units["D1"].pk
    assert parents_on(later)[unit.pk] == here.units["D2"].pk
    assert ParentPeriod.objects.filter(unit=unit).count() == 2
    refused = client.post(address, {**said, "parent": "D1", "since": moved})
    assert refused.status_code == 422
    assert "move it on that day or later" in refused.content.decode()


def test_a_unit_is_closed_when_nothing_hangs_from_it_any_more(here: World):
    client = client_of(here.people["administrator"])
    said = {"name": "Zinc", "kind": "department", "parent": "M", "closed_on": TODAY}
    full, empty = here.units["D1"], here.units["D2"]
    refused = client.post(f"/registers/units/{full.pk}/", {**said, "position": full.position})
    assert (
        "Beneath Alloy Department there are still: Office of Foundries" in refused.content.decode()
    )
    said = {**said, "position": empty.position}
    assert client.post(f"/registers/units/{empty.pk}/", said).status_code == 302
    empty.refresh_from_db()
    assert empty.closed_on == TODAY
    assert Entry.objects.filter(code="units.unit.closed", subject_id=empty.pk).count() == 1


def test_what_is_wrong_is_said_at_its_field(here: World):
    client = client_of(here.people["administrator"])
    answer = client.post("/registers/units/new/", {"code": "D9", "name": "X", "parent": "NONE"})
    assert answer.status_code == 422
    assert "There is no “NONE” here." in answer.content.decode()
    assert not Unit.objects.filter(code="D9").exists()


def test_a_person_is_entered_with_a_role(here: World):
    client = client_of(here.people["administrator"])
    said = {"username": "mei", "name": "Mei", "unit": "D1", "role": "liaison"}
    assert client.post("/registers/people/new/", said).status_code == 302
    person = Person.objects.get(username="mei")
    assert list(person.appointments.values_list("role", "unit__code")) == [("liaison", "D1")]


def test_what_records_refer_to_is_a_register_and_nothing_else(here: World):
    found = {sheet.kind for sheet in registers()}
    assert {"units", "people", "areas", "sectors", "places", "sites"} <= found
    assert not found & {"attendance", "weekly", "problems", "sessions"}
    assert client_of(here.people["coordinator"]).get("/registers/weekly/").status_code == 404


def test_registers_are_kept_by_whom_their_sheets_let(here: World):
    def offered(name: str) -> set[str]:
        page = client_of(here.people[name]).get("/registers/").content.decode()
        return set(re.findall(r'"/registers/(\w+)/"', page))

    cast = ("administrator", "coordinator", "liaison_d1", "auditor")
    allowed = {name: offered(name) for name in cast}
    assert "units" in allowed["administrator"]
    assert "areas" not in allowed["administrator"]
    assert {"units", "areas"} <= allowed["coordinator"]
    assert not {"units", "people", "areas"} & (allowed["liaison_d1"] | allowed["auditor"])
    client = client_of(here.people["liaison_d1"])
    assert client.get("/registers/people/").status_code == 404
    assert client.post("/registers/units/new/", {"code": "D9", "name": "X"}).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_are_well_formed(here: World, language: str):
    client = client_of(here.people["coordinator"], language)
    unit = here.units["D1"].pk
    for path in ("", "units/", "areas/", "units/new/", f"units/{unit}/"):
        assert Markup(client.get(f"/registers/{path}").content.decode()).faults == []


def test_a_register_asks_as_much_for_many_rows_as_for_few(
    here: World, django_assert_max_num_queries: object
):
    client = client_of(here.people["coordinator"])
    with django_assert_max_num_queries(8):
        client.get("/registers/areas/")


def test_units_are_listed_in_official_order_on_every_page(
    here: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(views.registers, "PAGE", 2)
    client = client_of(here.people["administrator"])
    found: list[str] = []
    url: str | None = "/registers/units/"
    while url:
        page = client.get(url).content.decode()
        found += re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)
        more = re.search(r'href="(\?after=[^"]+)"', page)
        url = "/registers/units/" + unescape(more[1]) if more else None
    assert found == list(Unit.objects.order_by("path").values_list("code", flat=True))
    assert found != sorted(found)


def test_people_are_listed_on_one_page_and_entered_from_there(here: World):
    client = client_of(here.people["administrator"])
    assert "/registers/people/" not in client.get("/registers/").content.decode()
    assert client.get("/registers/people/")["location"] == "/people/"
    assert 'href="/registers/people/new/"' in client.get("/people/").content.decode()
    person = here.people["owner_d1"].pk
    correct = f'href="/registers/people/{person}/"'
    assert correct in client.get(f"/people/{person}/").content.decode()
    other = client_of(here.people["liaison_d1"])
    assert "/registers/people/" not in other.get("/people/").content.decode()
    assert correct not in other.get(f"/people/{person}/").content.decode()


def test_a_unit_that_hangs_from_none_is_told_of(here: World):
    client = client_of(here.people["administrator"])
    said = {"code": "D9", "name": "Nickel Department", "kind": "department"}
    page = client.post("/registers/units/new/", said, follow=True).content.decode()
    assert "No unit above is named for Nickel Department" in page
    said |= {"code": "D10", "name": "Zinc Department", "parent": "M"}
    page = client.post("/registers/units/new/", said, follow=True).content.decode()
    assert "No unit above is named" not in page
