"""Who judges is shown all verdicts and none before the others; who gets back is told why."""

import re
from pathlib import Path
from typing import Any

import pytest

from guantong.overview.queries import waiting_for
from guantong.overview.rules import needs_no_more
from guantong.overview.tests.factories import client_of
from guantong.records.models import Record
from guantong.records.registry import kinds
from guantong.records.rules import Who, is_forward, possible_from
from guantong.rectification import operations
from guantong.rectification.models import Problem, Verification
from guantong.rectification.tests.factories import World, fresh, world
from guantong.research.tests.factories import World as Researched
from guantong.units.tests.factories import NOW, TODAY
from guantong.visits.tests.factories import World as Visited

# Which steps judge, by kind and state: from the domain's table, where somebody else decides.
VERDICTS = {
    ("project", "proposed"): {"approve", "approve_delegated", "return_proposal"},
    ("project", "reported"): {"convert", "return_report"},
    ("finding", "draft"): {"accept", "return_finding", "reject"},
    ("problem", "claimed"): {"return"},
    ("problem", "verified"): {"close", "return"},
    ("measure", "claimed"): {"accept", "return"},
    ("verification", "requested"): {"pass", "pass_partly", "fail"},
    ("revisit", "made"): {"sustain", "recur"},
    ("proposal", "proposed"): {"accept", "dismiss"},
    ("observation", "reported"): {"validate", "reject"},
}


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


@pytest.fixture
def verification(here: World) -> Verification:
    return here.requested(here.claimed())[0]


def steps(here: Any, name: str, record: Record) -> list[str]:
    waiting = waiting_for(here.people[name], campaign=here.campaign, on=TODAY)
    return [step.name for one in waiting if one.record == record for step in one.steps]


def page(here: Any, name: str, address: str) -> str:
    return client_of(here.people[name]).get(address).content.decode()


def buttons(text: str, address: str) -> list[tuple[str, bool]]:
    """The moves of a record that a page offers, and whether each is marked as the one to take."""
    found = re.findall(rf'class="button( primary)?" href="{address}(\w+)/[?"]', text)
    return [(move, bool(primary)) for primary, move in found]


def test_which_steps_are_verdicts() -> None:
    found: dict[tuple[str, str], set[str]] = {}
    for kind in kinds():
        for state in kind.lifecycle.open_states:
            verdicts = [t for t in possible_from(kind.lifecycle, state) if t.is_verdict]
            if verdicts:
                found[kind.name, state] = {one.name for one in verdicts}
    assert found == VERDICTS


def test_nobody_has_more_usual_steps_before_them_than_they_take_in_at_a_glance() -> None:
    for kind in kinds():
        for state in kind.lifecycle.states:
            for capacity in Who:
                usual = [
                    one.name
                    for one in possible_from(kind.lifecycle, state.name)
                    if capacity in one.by and not (one.is_rare or one.is_answer)
                ]
                assert len(usual) <= 5, (kind.name, state.name, capacity, usual)


def test_a_favourable_verdict_always_has_one_that_is_not() -> None:
    for kind in kinds():
        for state in kind.lifecycle.open_states:
            verdicts = [t for t in possible_from(kind.lifecycle, state) if t.is_verdict]
            if any(map(is_forward, verdicts)):
                assert len({one.target for one in verdicts}) > 1, (kind.name, state)


def test_what_is_known_of_one_verdict_is_known_of_those_that_need_no_more() -> None:
    steps = {(kind.name, one.name): one for kind in kinds() for one in kind.lifecycle.transitions}
    for first, other, open_too in (
        (("verification", "pass"), ("verification", "fail"), True),
        (("finding", "accept"), ("finding", "reject"), True),
        (("problem", "close"), ("problem", "return"), True),
        (("problem", "return"), ("problem", "close"), False),
        (("measure", "return"), ("measure", "accept"), False),
        (("project", "return_proposal"), ("project", "approve"), False),
    ):
        assert needs_no_more(steps[other], steps[first]) is open_too, (first, other)


def test_whoever_verifies_is_offered_all_verdicts_alike(
    here: World, verification: Verification
) -> None:
    assert steps(here, "inspector", verification.record) == ["pass", "pass_partly", "fail"]
    expected = [("pass", False), ("pass_partly", False), ("fail", False)]
    address = f"/r/{verification.pk}/"
    for where in ("/my-work/", "/", address):
        assert buttons(page(here, "inspector", where), address) == expected, where


def test_only_verdicts_that_can_be_given_are_offered(here: World) -> None:
    [problem] = here.verified()
    assert steps(here, "coordinator", problem.record) == ["close", "return"]
    assert steps(here, "head_m", problem.record) == ["close"]
    assert steps(here, "liaison_d1", problem.record) == []


def test_what_is_no_verdict_keeps_its_one_button(here: World) -> None:
    [problem] = here.identified()
    assert steps(here, "coordinator", problem.record) == ["assign"]
    address = f"/r/{problem.pk}/"
    assert buttons(page(here, "coordinator", "/my-work/"), address) == [("assign", True)]


@pytest.mark.django_db
def test_a_cleared_visit_waits_to_be_made_not_changed() -> None:
    here = Visited()
    [visit] = here.plan(here.draft(day=TODAY))
    assert visit.record.state == "cleared"
    assert steps(here, "researcher_d1", visit.record) == ["make"]
    assert steps(here, "liaison_d1", visit.record) == []


def failed(here: World, verification: Verification) -> Problem:
    problem = Problem.objects.get()
    unmet = [measure.pk for measure in here.measures([problem])]
    items = here.items([verification], criterion=False, unmet=unmet)
    operations.fail_verifications(
        verifications=[verification], items=items, actor=here.people["inspector"], now=NOW
    )
    return problem


def told(text: str) -> str:
    found = re.search(r'<section class="message warning"[^>]*>(.*?)</section>', text, re.S)
    return re.sub(r"<[^>]*>|\s+", " ", found[1]) if found else ""


def test_whoever_gets_back_is_told_why_above_the_form(
    here: World, verification: Verification
) -> None:
    problem = failed(here, verification)
    [measure] = here.measures([problem])
    for record in (problem.record, measure.record):
        record.refresh_from_db()
        assert record.state == "returned"
    for address in (f"/r/{measure.pk}/claim/", f"/r/{measure.pk}/", f"/r/{problem.pk}/plan/"):
        said = told(page(here, "owner_d1", address))
        # The inspector said it, though the system moved the record.
        assert "Inspector" in said, address
        assert "looked at" in said, address
    text = page(here, "owner_d1", f"/r/{measure.pk}/claim/")
    assert text.index("looked at") < text.index('<form class="form"')


def test_it_is_told_until_the_record_goes_on(here: World, verification: Verification) -> None:
    [measure] = here.measures([failed(here, verification)])
    operations.claim_measures(
        measures=fresh([measure]), actor=here.people["owner_d1"], now=NOW, completed_on=TODAY
    )
    assert told(page(here, "owner_d1", f"/r/{measure.pk}/")) == ""
    operations.return_measures(
        measures=fresh([measure]), actor=here.coordinator, now=NOW, reason="No date on it"
    )
    said = told(page(here, "owner_d1", f"/r/{measure.pk}/claim/"))
    assert "Coordinator" in said
    assert "No date on it" in said
    assert "looked at" not in said


@pytest.mark.django_db
def test_who_researches_the_same_project_is_offered_the_verdicts_on_a_finding() -> None:
    here = Researched()
    project = here.approved(team=[here.people["researcher_d1"], here.people["researcher_d2"]])
    address = f"/r/{here.finding(project.record, accept=False).pk}/"
    verdicts = {"accept", "return_finding", "reject"}
    offered = {name for name, _primary in buttons(page(here, "researcher_d2", address), address)}
    own = {name for name, _primary in buttons(page(here, "researcher_d1", address), address)}
    assert (verdicts & offered, verdicts & own) == (verdicts, set())
