"""A campaign without records says to those who set it up what to do first."""

import pytest

from guantong.overview.queries import first_steps, kept_by
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.rectification.tests.factories import appointed
from guantong.study.tests.factories import World, planned, world
from guantong.units.operations import UnitDraft, register_units
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_who_sets_up_reads_what_to_do_first_and_each_link_opens(here: World):
    for name in ("coordinator", "administrator"):
        client = client_of(here.people[name])
        assert "What to do first" in client.get("/").content.decode(), name
        for step in first_steps(here.campaign, roles={name}, on=TODAY):
            assert client.get(step.url).status_code == 200, (name, step.url)
            if not step.template_url:
                continue
            book = client.get(step.template_url)
            assert book.status_code == 200, (name, step.template_url)
            assert book["Content-Type"].endswith("sheet"), step.template_url


def test_who_gives_roles_is_sent_to_give_them_and_who_does_not_is_told_who_does(here: World):
    for name, said in (
        ("administrator", "then make their sign-in links there."),
        ("coordinator", "Their roles and sign-in links are given by the system administrator."),
    ):
        assert said in client_of(here.people[name]).get("/").content.decode(), name
    form = client_of(here.people["coordinator"]).get("/registers/people/new/").content.decode()
    assert "Given by the system administrator; others leave it empty." in form


def test_what_is_there_is_counted(here: World):
    steps = first_steps(here.campaign, roles={"coordinator"}, on=TODAY)
    # Units, people and areas are there; settings, sites and records are not.
    assert [bool(step.count) for step in steps] == [True, True, False, True, False, False]
    assert steps[0].count == 4


def test_what_still_wants_doing_is_named(here: World):
    def wanting() -> list[str]:
        found = first_steps(here.campaign, roles={"administrator"}, on=TODAY)
        return [step.wanting for step in found]

    assert wanting() == ["", "Without a liaison: University of Casting"]
    loose = UnitDraft("X", "Loose Works")
    register_units(drafts=[loose], actor=None, now=NOW, starts_on=TODAY)
    assert wanting()[0] == "Under no unit, so no part of this campaign: Loose Works"


def test_others_are_told_how_to_begin_and_records_end_the_advice(here: World):
    page = client_of(here.people["liaison_d1"]).get("/").content.decode()
    assert "What to do first" not in page
    assert "No records yet that you can see." in page
    planned(here, "D1", held_on=None)
    assert "What to do first" in client_of(here.people["coordinator"]).get("/").content.decode()


def test_an_administrator_of_a_full_campaign_sees_what_they_keep_and_no_record(here: World):
    planned(here, "D1", title="Reading class in the hall", held_on=None)
    administrator = here.people["administrator"]
    client = client_of(administrator)
    page = client.get("/").content.decode()
    assert Markup(page).faults == []
    assert "What you keep" in page
    assert "What to do first" not in page
    assert "Where the thread is cut" not in page
    assert "Reading class in the hall" not in page
    kept = {one.label: one for one in kept_by(administrator, on=TODAY, now=NOW)}
    assert kept["Units"].count == 5
    assert kept["People with an account"].count == len(here.people)
    assert kept["People with an account"].note == "1 hold no role today."
    assert kept["Roles held"].count == len(here.people) - 1
    for one in kept.values():
        assert client.get(one.url).status_code == 200, one.label


def test_who_administers_and_sees_records_sees_the_thread(here: World):
    planned(here, "D1", held_on=None)
    for name in ("coordinator", "liaison_d1", "auditor"):
        assert "What you keep" not in client_of(here.people[name]).get("/").content.decode()
    person = appointed(here, "administrator", "liaison", "D1")
    assert "Where the thread is cut" in client_of(person).get("/").content.decode()


def test_a_past_day_without_records_says_nothing_of_what_to_do_first(here: World):
    page = client_of(here.people["coordinator"]).get("/?as_of=2023-05-02").content.decode()
    assert "What to do first" not in page


def test_changes_beside_records_say_whom_and_what_they_concern(here: World):
    client = client_of(here.people["administrator"])
    said = {"code": "D9", "name": "Nickel Works", "parent": "M"}
    client.post("/registers/units/new/", said)
    for address in ("/", "/ledger/"):
        assert "Nickel Works" in client.get(address).content.decode(), address
