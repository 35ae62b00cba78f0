"""Home narrowed to a unit or area, and what came since one was last here."""

import datetime
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from guantong.figures.scope import Scope
from guantong.overview.queries import changes_since
from guantong.overview.tests.factories import client_of
from guantong.people.models import Inbox
from guantong.people.operations import mark_here
from guantong.records.models import StatePeriod
from guantong.study.tests.factories import World, held, planned, world
from guantong.units.tests.factories import TODAY

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(1)


@pytest.fixture
def here() -> World:
    return world()


def shown(client: Client, url: str) -> int:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode().count('<th scope="row">')


def test_one_was_last_here_on_the_day_before_however_often_one_comes(here: World):
    person = here.people["coordinator"]
    assert mark_here(person=person, on=TODAY) is None
    assert mark_here(person=person, on=TODAY) is None
    assert mark_here(person=person, on=TODAY + 3 * DAY) == TODAY
    assert mark_here(person=person, on=TODAY + 3 * DAY) == TODAY
    assert Inbox.objects.count() == 1


def test_each_change_opens_exactly_the_records_that_came_to_the_state(here: World):
    for unit in ("D1", "D1", "D2"):
        held(here, unit)
    planned(here, "D2")
    for name, number in (("coordinator", 3), ("liaison_d1", 2)):
        scope = Scope(here.campaign, here.people[name], TODAY, TODAY)
        changes = {(c.kind, c.state): c for c in changes_since(scope, TODAY - DAY)}
        change = changes["Study sessions", "Held"]
        assert change.count == number
        assert shown(client_of(here.people[name]), change.url) == number
        assert changes_since(scope, TODAY) == []


def test_what_came_is_counted_on_from_what_was_counted_before(here: World):
    """Whoever sees all hears the same as if all were counted anew, after each step."""
    local = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    scope = Scope(here.campaign, here.people["coordinator"], TODAY, TODAY)
    with override_settings(CACHES=local):
        cache.clear()
        for step in (held, planned, held, planned, held):
            step(here, "D1")
            told = [(c.kind, c.state, c.count, c.url) for c in changes_since(scope, TODAY - DAY)]
            with override_settings(CACHES=anew(local)):
                whole = changes_since(scope, TODAY - DAY)
            assert told == [(c.kind, c.state, c.count, c.url) for c in whole]
        # One that went and is not counted any more, whatever was counted before.
        gone = StatePeriod.objects.filter(state="held").order_by("pk").first()
        assert gone is not None
        number = {c.state: c.count for c in changes_since(scope, TODAY - DAY)}["Held"]
        gone.delete()
        planned(here, "D2")
        counts = {c.state: c.count for c in changes_since(scope, TODAY - DAY)}
        assert counts["Held"] == number - 1
        cache.clear()


def anew(caches: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The same, where nothing is kept from before."""
    return {name: {**one, "LOCATION": str(uuid4())} for name, one in caches.items()}


def test_a_list_of_what_came_says_so_and_refuses_what_is_no_day_or_state(here: World):
    held(here, "D1")
    client = client_of(here.people["coordinator"])
    page = client.get("/sessions/?came=held&since=2023-05-31").content.decode()
    assert "came to “Held” after 31 May 2023" in page
    for wrong in ("came=held&since=soon", "came=held", "came=lost&since=2023-05-31"):
        assert client.get(f"/sessions/?{wrong}").status_code == 404, wrong


def test_home_narrowed_to_a_unit_counts_and_opens_only_what_is_beneath_it(here: World):
    for unit in ("D1", "D1", "D2"):
        held(here, unit)
    client = client_of(here.people["coordinator"])
    page = client.get("/?unit=D1").content.decode()
    assert 'href="/figures/study.sessions_held/records/?unit=D1"' in page
    assert '<option value="D1" selected>' in page
    assert shown(client, "/figures/study.sessions_held/records/?unit=D1") == 2
    assert client.get("/?unit=nowhere").status_code == 404


def test_home_on_a_past_day_says_which_and_counts_what_was_there(here: World):
    held(here, "D1", on=TODAY)
    page = client_of(here.people["coordinator"]).get("/?as_of=2023-05-31").content.decode()
    assert "This is as it stood at the end of" in page
    assert "31 May 2023" in page
    assert "There were no records yet that you can see" in page
