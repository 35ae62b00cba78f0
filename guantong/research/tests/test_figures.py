"""Each figure against a count in Python over hand-made rows, for several viewers and days."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from guantong.figures.queries import break_down, value_of, why
from guantong.figures.registry import figure_of
from guantong.figures.scope import Scope
from guantong.records.operations import link_records
from guantong.research.operations import (
    adopt_projects,
    convert_projects,
    decide_no_action,
    propose_projects,
    reject_findings,
    report_projects,
    withdraw_projects,
)
from guantong.research.tests.factories import LATER, World, days
from guantong.units.tests.factories import NOW, START
from guantong.units.tests.factories import TODAY as FIRST

pytestmark = pytest.mark.django_db
TODAY = FIRST + days(20)


@pytest.fixture(scope="module")
def full(lasting: None) -> World:
    world = World()
    coordinator, researcher = world.people["coordinator"], world.people["researcher_d1"]
    aviation = world.sites["A1"].sector
    reported = world.approved(title="Harbours", method="tracking", sectors=[aviation])
    converted = world.approved(title="Moulds", leader=world.people["head_m"])
    withdrawn = world.approved(title="Blades")
    propose_projects(
        drafts=[world.draft("Alloys", unit=world.units["D2"])], actor=coordinator, now=NOW
    )
    adopt_projects(
        drafts=[
            world.draft("Old", unit=world.units["U1"], opened_on=START, state="closed_by_source")
        ],
        actor=coordinator,
        now=NOW,
    )
    for project in (reported, converted):
        report_projects(projects=[project], actor=researcher, now=NOW + days(10), report="So.")
    withdraw_projects(projects=[withdrawn], actor=coordinator, now=NOW + days(5), reason="No.")
    taken, declined, _open = (
        world.finding(reported.record, title=title) for title in ("One", "Two", "Three")
    )
    world.finding(reported.record, title="Four", finding_kind="request", accept=False)
    rejected = world.finding(reported.record, title="Five", accept=False)
    reject_findings(findings=[rejected], actor=coordinator, now=LATER, reason="Hearsay.")
    voided = world.finding(reported.record, title="Six", finding_kind="risk")
    link_records(
        pairs=[
            (taken.record, world.problem()),
            (voided.record, world.problem(state="void")),
        ],
        kind="taken_up",
        actor=coordinator,
        now=LATER,
    )
    decide_no_action(findings=[declined], actor=coordinator, now=LATER, reason="Small.")
    convert_projects(projects=[converted], actor=coordinator, now=NOW + days(12))
    return world


def scope(world: World, viewer: str = "coordinator", on: datetime.date = TODAY) -> Scope:
    return Scope(campaign=world.campaign, viewer=world.people[viewer], as_of=on, today=TODAY)


def amount(code: str, found: Scope) -> Any:
    return value_of(figure_of(code), found).amount


@pytest.mark.parametrize(
    ("viewer", "on", "planned", "leaders", "reported", "unconverted", "converted"),
    [
        ("coordinator", TODAY, 3, 1, 2, 1, 1),
        ("coordinator", FIRST + days(10), 3, 1, 2, 2, 0),
        ("coordinator", FIRST, 4, 1, 0, 0, 0),
        ("coordinator", START, 1, 0, 0, 0, 0),
        ("liaison_d1", TODAY, 2, 1, 2, 1, 1),
        ("liaison_d2", TODAY, 0, 0, 0, 0, 0),
        ("researcher_d2", TODAY, 3, 1, 2, 1, 1),
        ("administrator", TODAY, 0, 0, 0, 0, 0),
    ],
)
def test_projects(
    full: World,
    viewer: str,
    on: datetime.date,
    planned: int,
    leaders: int,
    reported: int,
    unconverted: int,
    converted: int,
) -> None:
    found = scope(full, viewer, on)
    assert amount("research.projects_planned", found) == planned
    assert amount("research.projects_of_leaders", found) == leaders
    assert amount("research.projects_reported", found) == reported
    assert amount("research.projects_unconverted", found) == unconverted
    assert amount("research.projects_converted", found) == converted


def test_planned_by_state_kind_of_unit_and_sector(full: World) -> None:
    figure, found = figure_of("research.projects_planned"), scope(full)

    def lines(name: str) -> dict[str, int]:
        return {line.label: line.value.amount for line in break_down(figure, found, name).lines}

    assert lines("state") == {
        "Reported": 1,
        "Converted": 1,
        "Project closed according to source": 1,
    }
    assert lines("unit_kind") == {"Department or bureau": 2, "University": 1}
    assert lines("sector")["Aviation"] == 1
    assert lines("method")["Tracking"] == 1


def test_a_project_counts_under_each_of_its_sectors(full: World) -> None:
    aviation, shipping = (full.sites[code].sector for code in ("A1", "S1"))
    full.approved(title="Hulls and wings", sectors=[aviation, shipping])
    figure, found = figure_of("research.projects_planned"), scope(full, on=TODAY)
    parts = break_down(figure, found, "sector")
    assert {line.label: line.value.amount for line in parts.lines} == {
        "Aviation": 2,
        "Shipping": 1,
        "not given": 2,
    }
    assert (parts.total.amount, parts.adds_up) == (4, False)
    assert "together they come to 5, the whole is 4" in parts.remark
    assert break_down(figure, found, "method").remark == ""
    for line in parts.lines:
        assert amount(figure.code, found.within(only=line.only)) == line.value.amount


@pytest.mark.parametrize(
    ("viewer", "on", "written", "accepted", "settled", "unsettled", "taken_up"),
    [
        ("coordinator", TODAY, 5, 4, Decimal("50.0"), 2, 1),
        ("auditor", TODAY, 5, 4, Decimal("50.0"), 2, 1),
        ("liaison_d1", TODAY, 5, 4, Decimal("50.0"), 2, 1),
        ("liaison_d2", TODAY, 0, 0, None, 0, 0),
        ("researcher_d2", TODAY, 0, 0, None, 0, 0),
        ("coordinator", TODAY - days(1), 0, 0, None, 0, 0),
    ],
)
def test_findings(
    full: World,
    viewer: str,
    on: datetime.date,
    written: int,
    accepted: int,
    settled: Decimal | None,
    unsettled: int,
    taken_up: int,
) -> None:
    found = scope(full, viewer, on)
    assert amount("research.findings", found) == written
    assert amount("research.findings_accepted", found) == accepted
    assert amount("research.findings_settled", found) == settled
    assert amount("research.findings_unsettled", found) == unsettled
    assert amount("research.findings_taken_up", found) == taken_up


def test_findings_by_kind(full: World) -> None:
    lines = break_down(figure_of("research.findings"), scope(full), "finding_kind").lines
    assert {line.label: line.value.amount for line in lines} == {
        "Problem": 3,
        "Request": 1,
        "Risk": 1,
    }


@pytest.mark.parametrize(
    "code",
    [
        "research.projects_planned",
        "research.projects_of_leaders",
        "research.findings_unsettled",
        "research.findings_taken_up",
        "research.findings_settled",
    ],
)
def test_what_is_counted_and_what_is_not_add_up(full: World, code: str) -> None:
    found = why(figure_of(code), scope(full))
    assert sum(part.count for part in found.parts) == found.total
