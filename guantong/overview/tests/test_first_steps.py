"""A campaign without records says to those who set it up what to do first."""

import pytest

from guantong.overview.queries import first_steps
from guantong.overview.tests.factories import client_of
from guantong.study.tests.factories import World, planned, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_who_sets_up_reads_what_to_do_first_and_each_link_opens(here: World):
    for name in ("coordinator", "administrator"):
        client = client_of(here.people[name])
        assert "What to do first" in client.get("/").content.decode(), name
        for step in first_steps(here.campaign, coordinates=name == "coordinator"):
            assert client.get(step.url).status_code == 200, (name, step.url)
            book = client.get(step.template_url)
            assert book.status_code == 200, (name, step.template_url)
            assert book["Content-Type"].endswith("sheet"), step.template_url


def test_what_is_there_is_marked_as_begun(here: World):
    begun = [step.is_begun for step in first_steps(here.campaign, coordinates=True)]
    # Units, people and areas are there; sites and records are not.
    assert begun == [True, True, True, False, False]


def test_others_are_told_how_to_begin_and_records_end_the_advice(here: World):
    page = client_of(here.people["liaison_d1"]).get("/").content.decode()
    assert "What to do first" not in page
    assert "No records yet that you can see." in page
    planned(here, "D1", held_on=None)
    assert "What to do first" in client_of(here.people["coordinator"]).get("/").content.decode()
