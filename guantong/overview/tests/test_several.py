"""Several records moved on together: what is asked once, what is told of each."""

import re

import pytest
from django.test import Client

from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.records.models import Record
from guantong.rectification.models import Problem
from guantong.rectification.operations import ProblemDraft, identify_problems, void_problems
from guantong.study.tests.factories import World, world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def problems(here: World) -> list[Problem]:
    drafts = [
        ProblemDraft(campaign=here.campaign, unit=here.units[unit], title=f"Part {number}")
        for number, unit in enumerate(("D1", "D1", "D2"))
    ]
    return identify_problems(drafts=drafts, actor=here.people["coordinator"], now=NOW)


def states() -> list[str]:
    return list(
        Record.objects.filter(kind="problem").order_by("pk").values_list("state", flat=True)
    )


def ids_in(page: str) -> list[str]:
    return re.findall(r'type="hidden" name="id" value="(\d+)"', page)


def assign(client: Client, here: World, problems: list[Problem], **more: str):
    return client.post(
        "/problems/several/",
        {
            "move": "assign",
            "id": [problem.pk for problem in problems],
            "owner": "liaison_d1",
            "due_on": "2027-06-30",
            **more,
        },
    )


def test_problems_are_assigned_together_and_each_keeps_its_unit(
    here: World, problems: list[Problem]
):
    answer = assign(client_of(here.people["coordinator"]), here, problems)
    assert answer.status_code == 200
    assert states() == ["assigned"] * 3
    units = (
        Record.objects.filter(kind="problem").order_by("pk").values_list("unit__code", flat=True)
    )
    assert list(units) == ["D1", "D1", "D2"]


def test_what_cannot_be_moved_is_told_with_its_reason_and_the_rest_is_moved(
    here: World, problems: list[Problem]
):
    coordinator = here.people["coordinator"]
    void_problems(problems=problems[:1], actor=coordinator, now=NOW, reason="None at all.")
    client = client_of(coordinator)
    asked = client.get("/problems/several/", {"move": "assign", "id": [p.pk for p in problems]})
    page = asked.content.decode()
    assert set(ids_in(page)) == {str(problem.pk) for problem in problems[1:]}
    answer = assign(client, here, problems)
    assert answer.status_code == 200
    assert states() == ["void", "assigned", "assigned"]
    assert problems[0].record.reference in answer.content.decode()


def test_an_operation_that_refuses_some_does_the_rest(here: World, problems: list[Problem]):
    # Without a person the operation itself refuses, after the lifecycle has let them pass.
    coordinator = here.people["coordinator"]
    client = client_of(coordinator)
    assign(client, here, problems[:1])
    answer = client.post(
        "/problems/several/", {"move": "assign", "id": [p.pk for p in problems[1:]]}
    )
    assert answer.status_code == 422
    assert states() == ["assigned", "identified", "identified"]


def test_all_of_a_list_is_what_its_filters_show(here: World, problems: list[Problem]):
    client = client_of(here.people["coordinator"])
    page = client.get(
        "/problems/several/", {"move": "void", "which": "all", "list": "unit=D2"}
    ).content.decode()
    assert ids_in(page) == [str(problems[2].pk)]


def test_what_cant_be_seen_cant_be_moved_by_its_number(here: World, problems: list[Problem]):
    client = client_of(here.people["head_d1"])
    answer = client.post(
        "/problems/several/",
        {"move": "decline", "id": [p.pk for p in problems], "reason": "Not ours."},
    )
    assert answer.status_code == 200
    assert states() == ["declined", "declined", "identified"]


def test_nothing_chosen_leads_back_to_the_list_with_a_word(here: World, problems: list[Problem]):
    client = client_of(here.people["coordinator"])
    answer = client.get("/problems/several/", {"move": "void", "list": "unit=D1"}, follow=True)
    assert answer.redirect_chain[0][0] == "/problems/?unit=D1"
    answer = client.get("/problems/several/", {"id": problems[0].pk}, follow=True)
    assert answer.redirect_chain[0][0] == "/problems/?"
    # A determination is written for each problem by itself.
    answer = client.get("/problems/several/", {"move": "close", "id": problems[0].pk})
    assert answer.status_code == 302


def test_who_can_move_nothing_is_offered_nothing(here: World, problems: list[Problem]):
    page = client_of(here.people["auditor"]).get("/problems/").content.decode()
    assert 'name="move"' not in page
    assert 'type="checkbox"' not in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_are_well_formed(here: World, problems: list[Problem], language: str):
    client = client_of(here.people["coordinator"], language)
    chosen = {"move": "assign", "id": [p.pk for p in problems]}
    for page in (client.get("/problems/"), client.get("/problems/several/", chosen)):
        assert Markup(page.content.decode()).faults == []


def test_it_asks_as_much_for_many_as_for_few(
    here: World, problems: list[Problem], django_assert_max_num_queries: object
):
    drafts = [
        ProblemDraft(campaign=here.campaign, unit=here.units["D1"], title=f"More {number}")
        for number in range(30)
    ]
    identify_problems(drafts=drafts, actor=here.people["coordinator"], now=NOW)
    client = client_of(here.people["coordinator"])
    with django_assert_max_num_queries(20):
        client.get("/problems/several/", {"move": "assign", "which": "all", "list": ""})
