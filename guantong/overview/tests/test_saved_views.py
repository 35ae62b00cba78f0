"""Saved views: filters of a list under a name, one's own or for everybody."""

import pytest

from guantong.overview.tests.factories import client_of
from guantong.records.models import SavedView
from guantong.records.operations import save_view
from guantong.study.tests.factories import World, planned, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    made = world()
    planned(made, "D1")
    planned(made, "D2")
    return made


def save(here: World, person: str, **changed: str) -> str:
    typed = {"name": "Ours", "query": "unit=D1&state=planned", **changed}
    answer = client_of(here.people[person]).post("/sessions/views/", typed, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_list_is_kept_under_a_name_and_opens_again_as_it_was(here: World):
    page = save(here, "coordinator")
    assert "This list is kept as “Ours” at its top." in page
    assert 'href="?unit=D1&amp;state=planned" aria-current="true"' in page
    # One comes back to the list as it was filtered.
    assert "S-0001" in page
    assert "S-0002" not in page
    elsewhere = client_of(here.people["coordinator"]).get("/sessions/").content.decode()
    assert 'href="?unit=D1&amp;state=planned">Ours' in elsewhere


def test_the_same_name_again_takes_the_new_filters(here: World):
    save(here, "coordinator")
    save(here, "coordinator", query="unit=D2")
    assert [view.query for view in SavedView.objects.all()] == ["unit=D2"]


def test_others_are_offered_only_what_is_for_everybody_and_see_their_own_records_in_it(
    here: World,
):
    save(here, "coordinator", name="Mine alone")
    save(here, "coordinator", name="For all", is_shared="on", query="state=planned")
    page = client_of(here.people["auditor"]).get("/sessions/?state=planned").content.decode()
    assert "For all" in page
    assert "Mine alone" not in page
    assert f"shared by {here.people['coordinator']}" in page
    assert "forget this view" not in page, "only whose it is takes it away"


def test_only_whose_it_is_takes_a_view_away_and_its_records_stay(here: World):
    view = save_view(
        campaign=here.campaign,
        person=here.people["coordinator"],
        kind="session",
        name="Ours",
        query="unit=D1",
        is_shared=True,
    )
    address = f"/sessions/views/{view.pk}/forget/"
    assert client_of(here.people["auditor"]).post(address).status_code == 404
    page = client_of(here.people["coordinator"]).post(address, follow=True).content.decode()
    assert "The view “Ours” is taken away." in page
    assert "S-0001" in page
    assert not SavedView.objects.exists()


def test_without_a_name_nothing_is_kept_and_the_list_stays_filtered(here: World):
    page = save(here, "coordinator", name="  ")
    assert "Give the view a name, then save it." in page
    assert "S-0001" in page
    assert "S-0002" not in page
    assert not SavedView.objects.exists()


def test_a_list_without_filters_is_not_offered_for_saving(here: World):
    client = client_of(here.people["coordinator"])
    assert "Save as a view" not in client.get("/sessions/").content.decode()
    assert "Save as a view" in client.get("/sessions/?unit=D1").content.decode()


def test_a_view_belongs_to_the_lists_of_one_kind(here: World):
    save(here, "coordinator")
    page = client_of(here.people["coordinator"]).get("/ideas/").content.decode()
    assert "Ours" not in page
