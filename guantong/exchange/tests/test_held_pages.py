"""Held files on their pages: who sees them, who releases or turns them down, and what is said."""

import io
import re

import pytest
from django.test import Client

from guantong.campaigns.models import Area
from guantong.exchange.models import Chunk, ImportRun, RunState
from guantong.exchange.tests.factories import bring, later
from guantong.exchange.tests.test_holding import REGISTER
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.people.models import Person
from guantong.people.operations import AppointmentDraft, appoint
from guantong.rectification.tests.factories import World, world
from guantong.routine.models import Task, TaskState

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def held(here: World) -> ImportRun:
    """A file of the coordinator's that would empty thirty areas."""
    rows = "".join(f"{n},Area {n},alloys\n" for n in range(1, 31))
    options = {"actor": here.people["coordinator"], "campaign": here.campaign}
    bring(None, "No,Title,Lead\n" + rows, mapping=REGISTER, **options)
    emptied = "No,Title,Lead\n" + rows.replace("alloys", "")
    return bring(None, emptied, mapping=REGISTER, **options, now=later(1)).run


def second_coordinator(here: World) -> Person:
    person = here.people["head_m"]
    appoint(
        drafts=[AppointmentDraft(person, "coordinator", here.units["M"])],
        actor=None,
        now=later(0),
        starts_on=here.campaign.starts_on,
    )
    return Person.objects.get(pk=person.pk)


def said(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert Markup(page).faults == []
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_who_brought_it_reads_why_and_waits_for_somebody_else(here: World, held: ImportRun):
    client = client_of(here.people["coordinator"])
    page = said(client, f"/import/results/{held.pk}/")
    assert "30 rows would be reopened or emptied" in page
    assert "You brought this file, so somebody else decides" in page
    assert client.post(f"/import/results/{held.pk}/release/").status_code == 404
    assert "sheet.csv" in said(client, "/import/")
    assert Area.objects.filter(unit=None).count() < 30


def test_another_coordinator_releases_it(here: World, held: ImportRun):
    client = client_of(second_coordinator(here))
    assert "Held until a coordinator decides" in said(client, "/import/")
    answer = client.post(f"/import/results/{held.pk}/release/")
    assert answer.headers["Location"] == f"/import/results/{held.pk}/"
    held.refresh_from_db()
    assert (held.state, held.released_by) == (RunState.DONE, here.people["head_m"])
    assert Area.objects.filter(code__startswith="R-", unit=None).count() == 30
    assert Task.objects.get().state == TaskState.DONE
    page = said(client, f"/import/results/{held.pk}/")
    assert "30 changed" in page
    assert "See what was created and changed: Priority areas" in page


def test_it_is_turned_down_with_a_reason_or_taken_back(here: World, held: ImportRun):
    client = client_of(second_coordinator(here))
    address = f"/import/results/{held.pk}/turn-down/"
    assert client.post(address, {"reason": " "}).status_code == 422
    client.post(address, {"reason": "The column of leads is missing in the register"})
    held.refresh_from_db()
    assert held.state == RunState.REFUSED
    assert not Chunk.objects.exists()
    own = client_of(here.people["coordinator"])
    assert "The column of leads is missing" in said(own, f"/import/results/{held.pk}/")
    assert client.post(address, {"reason": "again"}).status_code == 422


def test_who_brought_it_may_take_it_back(here: World, held: ImportRun):
    client = client_of(here.people["coordinator"])
    client.post(f"/import/results/{held.pk}/turn-down/", {"reason": "Wrong file"})
    held.refresh_from_db()
    assert held.state == RunState.REFUSED


@pytest.mark.parametrize("name", ["liaison_d1", "researcher_d1", "inspector", "administrator"])
def test_it_is_nobody_elses_business(here: World, held: ImportRun, name: str):
    client = client_of(here.people[name])
    assert client.get(f"/import/results/{held.pk}/").status_code == 404
    for word in ("release", "turn-down"):
        address = f"/import/results/{held.pk}/{word}/"
        assert client.post(address, {"reason": "x"}).status_code == 404
    assert "sheet.csv" not in said(client, "/import/results/")


def test_an_auditor_reads_it_and_decides_nothing(here: World, held: ImportRun):
    client = client_of(here.people["auditor"])
    page = said(client, f"/import/results/{held.pk}/")
    assert "Release it" not in page
    assert client.post(f"/import/results/{held.pk}/release/").status_code == 404
    address = f"/import/results/{held.pk}/turn-down/"
    assert client.post(address, {"reason": "x"}).status_code == 422
    held.refresh_from_db()
    assert held.state == RunState.HELD


def test_rows_that_vanished_from_a_register_are_counted_whole(here: World):
    rows = [f"{n},Area {n},alloys\n" for n in range(300)]
    options = {"actor": here.people["coordinator"], "campaign": here.campaign}
    bring(None, "No,Title,Lead\n" + "".join(rows), mapping=REGISTER, **options)
    client = client_of(here.people["coordinator"])
    file = io.BytesIO(("No,Title,Lead\n" + "".join(rows[:20])).encode())
    file.name = "again.csv"
    address = client.post("/import/", {"file": file}).headers["Location"]
    page = said(client, address)
    assert "280 that this register had before are not in the file" in page
    assert "280 no longer in the file" in page
    assert "Nothing is done to them." in page
    # So many names are enough; that there are more is said.
    assert page.count(" …") == 1
