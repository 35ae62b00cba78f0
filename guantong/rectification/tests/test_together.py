"""Steps that one person takes one after the other are taken by one press, each by its own right."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guantong.ledger.models import Entry
from guantong.rectification import operations
from guantong.rectification.models import Measure, Problem
from guantong.rectification.operations import (
    CannotApproveMeasure,
    CannotClaimProblem,
    CannotPlanProblem,
    MeasureDraft,
)
from guantong.rectification.tests.factories import World, fresh, fresh_state
from guantong.units.tests.factories import NOW


def offered(page: str, name: str) -> list[tuple[str, bool]]:
    """The boxes of one name: the value of each, and whether it is ticked."""
    boxes = re.findall(rf'<input type="checkbox" name="{name}"[^>]*>', page)
    return [
        (value[1] if (value := re.search(r'value="(\d+)"', box)) else "on", "checked" in box)
        for box in boxes
    ]


@pytest.fixture
def problem(here: World) -> Problem:
    [problem] = here.assigned()
    return problem


def add(here: World, problem: Problem, owner: str = "owner_d1") -> Measure:
    drafts = [MeasureDraft("Another one", problem, owner=here.people[owner])]
    return operations.propose_measures(drafts=drafts, actor=here.people["liaison_d1"], now=NOW)[0]


def test_a_head_approves_measures_by_setting_them(
    here: World, client: Client, problem: Problem
) -> None:
    [first], second = here.proposed([problem]), add(here, problem)
    client.force_login(here.people["head_d1"])
    page = client.get(f"/r/{problem.pk}/plan/").content.decode()
    assert offered(page, "approve") == [(str(first.pk), True), (str(second.pk), True)]
    client.post(f"/r/{problem.pk}/plan/", {"approve": [first.pk]})
    assert [fresh_state(one) for one in (problem, first, second)] == [
        "planned",
        "approved",
        "proposed",
    ]
    entries = Entry.objects.filter(operation=Entry.objects.latest("pk").operation)
    assert {entry.code for entry in entries} >= {
        "rectification.measure.approved",
        "rectification.problem.planned",
    }


def test_what_a_head_is_to_carry_out_is_not_ticked_and_stays_with_somebody_else(
    here: World, client: Client, problem: Problem
) -> None:
    own, other = add(here, problem, "head_d1"), add(here, problem)
    client.force_login(here.people["head_d1"])
    page = client.get(f"/r/{problem.pk}/plan/").content.decode()
    assert offered(page, "approve") == [(str(own.pk), False), (str(other.pk), True)]
    answer = client.post(f"/r/{problem.pk}/plan/", {"approve": [own.pk, other.pk]})
    assert answer.status_code == 422
    assert [fresh_state(one) for one in (problem, own, other)] == [
        "assigned",
        "proposed",
        "proposed",
    ]


def test_nothing_is_set_without_an_approved_measure(here: World, problem: Problem) -> None:
    [measure] = here.proposed([problem])
    head, owner = here.people["head_d1"], here.people["owner_d1"]
    with pytest.raises(CannotPlanProblem, match="approved"):
        operations.plan_problems(problems=[problem], actor=head, now=NOW)
    with pytest.raises(CannotApproveMeasure):
        operations.plan_problems(problems=[problem], approve=[measure], actor=owner, now=NOW)
    assert fresh_state(measure) == "proposed"


def test_a_problem_without_a_measure_is_not_offered_to_be_set(
    here: World, client: Client, problem: Problem
) -> None:
    client.force_login(here.people["head_d1"])
    assert f"/r/{problem.pk}/plan/" not in client.get("/my-work/").content.decode()
    here.proposed([problem])
    assert f"/r/{problem.pk}/plan/" in client.get("/my-work/").content.decode()


def claim(client: Client, measure: Measure, **values: Any) -> int:
    """Send the claim of a measure's completion with its evidence."""
    shown = SimpleUploadedFile("log.txt", b"It is done.", "text/plain")
    return client.post(f"/r/{measure.pk}/claim/", {"uploads": shown, **values}).status_code


def test_the_last_measure_brings_the_application_for_closure(here: World, client: Client) -> None:
    [problem] = here.planned()
    second = add(here, problem)
    operations.approve_measures(measures=[second], actor=here.people["head_d1"], now=NOW)
    first = next(one for one in here.measures([problem]) if one.pk != second.pk)
    client.force_login(here.people["liaison_d1"])
    assert "applies_for" not in client.get(f"/r/{first.pk}/claim/").content.decode()
    claim(client, first, applies_for="on")
    assert fresh_state(problem) == "planned"
    page = client.get(f"/r/{second.pk}/claim/").content.decode()
    assert offered(page, "applies_for") == [("on", True)]
    assert problem.record.reference in page
    claim(client, second, applies_for="on")
    assert (fresh_state(second), fresh_state(problem)) == ("claimed", "claimed")


def test_who_does_not_apply_yet_only_claims_the_measure(here: World, client: Client) -> None:
    [problem] = here.planned()
    [measure] = here.measures([problem])
    client.force_login(here.people["liaison_d1"])
    claim(client, measure)
    assert (fresh_state(measure), fresh_state(problem)) == ("claimed", "planned")


def test_nothing_is_claimed_where_the_application_is_refused(here: World) -> None:
    [problem] = here.planned()
    add(here, problem)
    [measure] = [one for one in here.measures([problem]) if one.record.state == "approved"]
    here.attach(measure)
    with pytest.raises(CannotClaimProblem):
        operations.claim_measures(
            measures=fresh([measure]),
            applies_for=fresh([problem]),
            actor=here.people["liaison_d1"],
            now=NOW,
        )
    assert fresh_state(measure) == "approved"
