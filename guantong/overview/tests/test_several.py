"""Several records moved on together: what is asked once, what is told of each."""

import re

import pytest
from django.test import Client

from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.records.models import Comment, Follow, Record
from guantong.rectification.models import Problem
from guantong.rectification.operations import ProblemDraft, identify_problems, void_problems
from guantong.research.tests.factories import World as ResearchWorld
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
            "due_on": "2099-06-30",
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


def test_who_can_move_nothing_is_offered_no_move(here: World, problems: list[Problem]):
    page = client_of(here.people["auditor"]).get("/problems/").content.decode()
    offered = page[page.index('name="move"') : page.index("</select>")]
    assert re.findall(r'value="(\w+)"', offered) == ["remark", "follow"]


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
    with django_assert_max_num_queries(21):
        client.get("/problems/several/", {"move": "assign", "which": "all", "list": ""})


def test_an_extension_that_needs_a_paper_on_one_is_given_to_the_others(
    here: World, problems: list[Problem]
):
    drafts = [ProblemDraft(campaign=here.campaign, unit=here.units["M"], title="Ours")]
    own = identify_problems(drafts=drafts, actor=here.people["coordinator"], now=NOW)
    client = client_of(here.people["coordinator"])
    assign(client, here, [*problems, *own])
    said = {"move": "extend", "due_on": "2099-09-30", "reason": "Late rules"}
    ids = [problem.pk for problem in (*problems, *own)]
    page = client.post("/problems/several/", {**said, "id": ids}).content.decode()
    assert "takes a decision on paper here" in page
    due = Record.objects.filter(kind="problem", due_on="2099-09-30")
    assert set(due.values_list("pk", flat=True)) == {problem.pk for problem in problems}


def test_several_are_reminded_of_by_one_remark_and_followed(here: World, problems: list[Problem]):
    client = client_of(here.people["auditor"])
    ids = [problem.pk for problem in problems]
    listed = client.get("/problems/").content.decode()
    assert 'value="remark"' in listed
    assert 'value="follow"' in listed
    empty = client.post("/problems/several/", {"move": "remark", "id": ids, "text": ""})
    assert empty.status_code == 422
    page = client.post("/problems/several/", {"move": "remark", "id": ids, "text": "By Friday"})
    assert 'Done <span class="quiet number">3</span>' in page.content.decode()
    assert [c.text for c in Comment.objects.filter(record__in=ids)] == ["By Friday"] * 3
    asked = client.get("/problems/several/", {"move": "follow", "id": ids}).content.decode()
    assert set(ids_in(asked)) == {str(pk) for pk in ids}
    client.post("/problems/several/", {"move": "follow", "id": ids})
    followed = Follow.objects.filter(person=here.people["auditor"], is_on=True)
    assert followed.count() == 3


def test_what_one_does_not_see_is_neither_written_on_nor_followed(
    here: World, problems: list[Problem]
):
    client = client_of(here.people["liaison_d1"])
    ids = [problem.pk for problem in problems]
    client.post("/problems/several/", {"move": "remark", "id": ids, "text": "By Friday"})
    client.post("/problems/several/", {"move": "follow", "id": ids})
    assert Comment.objects.count() == Follow.objects.count() == 2


def offered(page: str) -> list[str]:
    [choice] = re.findall(r'<select id="move".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]+)">', choice)


def test_a_list_of_some_states_offers_the_steps_that_start_from_them(
    here: World, problems: list[Problem]
):
    client = client_of(here.people["coordinator"])
    whole = offered(client.get("/problems/").content.decode())
    assert {"assign", "reopen", "remark"} < set(whole)
    some = offered(client.get("/problems/?state=identified").content.decode())
    assert "reopen" not in some
    assert {"assign", "remark"} < set(some)
    assert some == [name for name in whole if name in some], "in the same order"


def test_several_findings_are_taken_up_by_one_problem():
    here = ResearchWorld()
    origin = here.approved()
    found = [here.finding(origin.record, title=f"Mould {number}") for number in range(3)]
    client = client_of(here.people["liaison_d1"])
    page = client.get("/findings/").content.decode()
    assert "Enter one for all of them: Problem" in page
    chosen = {"move": "enter:problem", "id": [one.pk for one in found[:2]]}
    answer = client.get("/findings/several/", chosen)
    form = client.get(answer["Location"]).content.decode()
    first, second, third = (one.record.reference for one in found)
    assert first in form
    assert second in form
    assert third not in form
    [said] = re.findall(r'<input[^>]*name="findings"[^>]*value="([^"]+)"', form)
    client.post(
        answer["Location"],
        {"title": "One mould maker", "unit": "D1", "severity": "low", "findings": said},
    )
    problem = Record.objects.get(kind="problem")
    taken = problem.inbound.order_by("source").values_list("source", flat=True)
    assert list(taken) == [one.pk for one in found[:2]]


def test_nothing_ticked_opens_no_form_and_who_may_enter_none_is_offered_none():
    here = ResearchWorld()
    here.finding(here.approved().record)
    client = client_of(here.people["liaison_d1"])
    answer = client.get("/findings/several/", {"move": "enter:problem"}, follow=True)
    assert "Tick the records first." in answer.content.decode()
    auditor = client_of(here.people["auditor"])
    assert "enter:problem" not in auditor.get("/findings/").content.decode()
