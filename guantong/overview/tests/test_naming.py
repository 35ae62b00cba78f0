"""Persons and units are named in forms of moves by typing, out of those who fit there."""

import re
from html import unescape
from typing import Any

import pytest

from guantong.overview.tests.factories import client_of
from guantong.people.operations import PersonDraft, register_people
from guantong.records.models import Record
from guantong.rectification.operations import ProblemDraft, identify_problems
from guantong.study.tests.factories import World, world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def problem(here: World) -> Record:
    draft = ProblemDraft(campaign=here.campaign, unit=here.units["D1"], title="Pumps leak")
    return identify_problems(drafts=[draft], actor=here.people["coordinator"], now=NOW)[0].record


def assign(here: World, problem: Record, **said: Any) -> Any:
    said = {"unit": "D1", "owner": "owner_d1", "due_on": "2099-06-30", **said}
    return client_of(here.people["coordinator"]).post(f"/r/{problem.pk}/assign/", said)


def error_of(answer: Any, name: str) -> str:
    found = re.search(rf'id="id_{name}_error"><li>(.*?)</li>', answer.content.decode())
    assert answer.status_code == 422
    assert found, answer.content.decode()
    return unescape(found[1])


def offers(here: World, problem: Record, move: str, **asked: str) -> list[str]:
    answer = client_of(here.people["coordinator"]).get(f"/r/{problem.pk}/{move}/", asked)
    return re.findall(r'<option value="([^"]*)">', answer.content.decode())


@pytest.mark.parametrize("owner", ["owner_d1", "Owner D1", "  Owner D1 "])
def test_a_person_is_named_by_user_name_or_name(here: World, problem: Record, owner: str):
    assert assign(here, problem, owner=owner, unit=here.units["D1"].name).status_code == 302
    problem.refresh_from_db()
    assert problem.owner == here.people["owner_d1"]


def test_what_names_nobody_is_answered_with_the_nearest_names(here: World, problem: Record):
    said = error_of(assign(here, problem, owner="liaison"), "owner")
    assert "There is no “liaison” here." in said
    assert "Liaison D1 (liaison_d1 · Alloy Department)" in said
    assert "Owner D1" in error_of(assign(here, problem, owner="Ownr D1"), "owner")
    assert "There is no “D9”" in error_of(assign(here, problem, unit="D9"), "unit")


def test_a_name_that_two_have_asks_which_of_them(here: World, problem: Record):
    twin = PersonDraft("owner_d2", "Owner D1", unit=here.units["D2"])
    register_people(drafts=[twin], actor=None, now=NOW)
    said = error_of(assign(here, problem, owner="Owner D1"), "owner")
    assert "names several" in said
    assert "owner_d1 (Owner D1 · Alloy Department), owner_d2 (Owner D1 · Zinc Department)" in said
    page = client_of(here.people["coordinator"]).get(f"/r/{problem.pk}/assign/").content.decode()
    assert '<option value="owner_d2">Owner D1 · ' in page


def test_who_is_here_but_does_not_fit_is_refused_as_such(here: World, problem: Record):
    person = here.people["owner_d1"]
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert "“owner_d1” can't be chosen here." in error_of(assign(here, problem), "owner")


def test_the_unit_s_own_people_are_offered_first_and_letters_narrow_them(
    here: World, problem: Record
):
    page = client_of(here.people["coordinator"]).get(f"/r/{problem.pk}/assign/").content.decode()
    owners = re.search(r'<datalist id="id_owner_offered">(.*?)</datalist>', page)
    assert owners
    named = re.findall(r'value="([^"]*)"', owners[1])
    assert {name.rsplit(" ", 1)[1] for name in named[:5]} == {"D1"}
    assert offers(here, problem, "assign", offer="owner", q="Liaison D") == [
        "Liaison D1",
        "Liaison D2",
    ]
    assert offers(here, problem, "assign", offer="unit", q="D2") == [here.units["D2"].name]
    answer = client_of(here.people["coordinator"]).get(
        f"/r/{problem.pk}/assign/", {"offer": "due_on"}
    )
    assert answer.status_code == 404


def test_only_inspectors_over_the_unit_are_offered_to_verify(here: World, problem: Record):
    found = offers(here, problem, "request_verification", offer="inspector", q="")
    assert sorted(found) == ["Inspector", "Inspector2"]
    assert offers(here, problem, "request_verification", offer="inspector", q="liaison") == []


def test_names_are_offered_on_paper_only_of_those_who_may_decide(here: World, problem: Record):
    found = offers(here, problem, "assign", paper="1", offer="paper-by", q="")
    assert "Head D1" in found
    assert "Head D2" not in found
    assert "Liaison D1" not in found


def test_who_cannot_see_a_record_is_offered_nobody_on_it(here: World, problem: Record):
    client = client_of(here.people["liaison_d2"])
    assert client.get(f"/r/{problem.pk}/assign/", {"offer": "owner"}).status_code == 404
