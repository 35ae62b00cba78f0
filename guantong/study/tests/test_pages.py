"""Who contributed to a held session and who was there is entered on its page."""

import pytest
from django.test import Client

from guantong.ledger.models import Entry
from guantong.study.tests.factories import World, held, planned, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def client_of(here: World, name: str) -> Client:
    client = Client()
    client.force_login(here.people[name])
    return client


@pytest.mark.parametrize("name", ["liaison_d1", "coordinator"])
def test_a_contribution_is_entered_of_somebody_here_or_by_name(here: World, name: str) -> None:
    session = held(here)
    client, page = client_of(here, name), f"/r/{session.pk}/contribute/"
    said = {"sort": "guided_reading", "speaker": here.people["head_d1"].username}
    assert client.post(page, said).status_code == 302
    said = {"sort": "shared_experience", "name": "Invented Mei", "cohort": "young_cadres"}
    assert client.post(page, {**said, "topic": "Castings"}).status_code == 302
    found = [(one.speaker, one.sort, one.cohort, one.topic) for one in session.contributions.all()]
    assert found == [
        (str(here.people["head_d1"]), "guided_reading", "", ""),
        ("Invented Mei", "shared_experience", "young_cadres", "Castings"),
    ]
    assert client.post(page, {"sort": "spoke"}).status_code == 422


def test_names_are_written_one_on_each_line(here: World) -> None:
    session = held(here)
    client = client_of(here, "liaison_d1")
    page = f"/r/{session.pk}/name_present/"
    assert (
        client.post(page, {"names": " Invented  Mei \n\nInvented Lu\nInvented Mei"}).status_code
        == 302
    )
    assert [str(one) for one in session.attendances.order_by("pk")] == [
        "Invented Mei",
        "Invented Lu",
    ]
    assert client.post(page, {"names": "x" * 121}).status_code == 422


def test_a_name_is_taken_out_with_a_reason_and_stays_in_the_ledger(here: World) -> None:
    session, other = held(here), held(here)
    client = client_of(here, "liaison_d1")
    page = f"/r/{session.pk}/take_name_out/"
    for one in (session, other):
        client.post(f"/r/{one.pk}/name_present/", {"names": "Invented Mei"})
        client.post(f"/r/{one.pk}/contribute/", {"sort": "spoke", "name": "Invented Lu"})
    mine = session.contributions.get().pk
    assert client.post(page, {"contributions": [mine]}).status_code == 422, "no reason"
    assert client.post(page, {"reason": "Never spoke"}).status_code == 422, "nothing ticked"
    foreign = {"contributions": [other.contributions.get().pk], "reason": "x"}
    assert client.post(page, foreign).status_code == 422
    said = {"contributions": [mine], "attendances": [session.attendances.get().pk]}
    assert client.post(page, {**said, "reason": "Was on leave"}).status_code == 302
    assert not session.contributions.exists()
    assert not session.attendances.exists()
    assert other.contributions.count() == other.attendances.count() == 1
    codes = Entry.objects.filter(record=session.pk, code__endswith="removed").values_list(
        "code", flat=True
    )
    assert sorted(codes) == ["study.attendance.removed", "study.contribution.removed"]


@pytest.mark.parametrize("name", ["liaison_d2", "head_d1", "auditor", "researcher_d2"])
@pytest.mark.parametrize("move", ["contribute", "name_present", "take_name_out"])
def test_nobody_else_names_anybody(here: World, name: str, move: str) -> None:
    session = held(here)
    said = {"sort": "spoke", "name": "X", "names": "X", "reason": "x"}
    answer = client_of(here, name).post(f"/r/{session.pk}/{move}/", said)
    assert answer.status_code in (404, 422)
    assert not session.contributions.exists()
    assert not session.attendances.exists()


def test_nobody_contributed_to_what_was_not_held(here: World) -> None:
    session = planned(here)
    client = client_of(here, "liaison_d1")
    said = {"sort": "spoke", "name": "X"}
    assert client.post(f"/r/{session.pk}/contribute/", said).status_code == 422
    assert not session.contributions.exists()
