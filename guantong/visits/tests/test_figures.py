"""Each figure against a count in Python over hand-made rows, for several viewers and days."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from guantong.figures.queries import break_down, value_of, why
from guantong.figures.registry import figure_of
from guantong.figures.scope import Scope
from guantong.units.tests.factories import NOW
from guantong.visits.models import Visit
from guantong.visits.operations import (
    cancel_visits,
    clear_visits_over_limits,
    enter_late_visits,
    make_visits,
    plan_visits,
    write_up_visits,
)
from guantong.visits.tests.factories import MONDAY, World, days

pytestmark = pytest.mark.django_db
TODAY = MONDAY + days(20)
LATER = NOW + days(24)


@pytest.fixture
def full() -> World:
    """Made: A1 and S1 of D1 (S1 by a leader), A1 by D2 and a leader; late: X1; hidden: A2."""
    world = World()
    leader, researcher = world.people["head_m"], world.people["researcher_d1"]
    leader.is_leader = True
    leader.save()
    one, two, three, four, _five = plan_visits(
        drafts=[
            world.draft("A1", MONDAY),
            world.draft("S1", MONDAY + days(1), team=[researcher, leader]),
            world.draft("A1", MONDAY + days(9), unit=world.units["D2"], team=[leader]),
            world.draft("A2", MONDAY + days(2)),
            world.draft("A2", MONDAY + days(3), is_unannounced=True),
        ],
        actor=world.people["coordinator"],
        now=NOW,
    )
    make_visits(visits=[one], actor=researcher, now=NOW + days(4))
    make_visits(visits=[two], actor=researcher, now=NOW + days(5))
    make_visits(visits=[three], actor=leader, now=NOW + days(13))
    write_up_visits(visits=[one], actor=researcher, now=NOW + days(15), notes="Seen.")
    cancel_visits(visits=[four], actor=researcher, now=NOW + days(5), reason="Storm.")
    enter_late_visits(
        drafts=[world.draft("X1", MONDAY + days(8))],
        actor=world.people["liaison_d1"],
        now=NOW + days(14),
        reason="No network.",
    )
    return world


def scope(world: World, viewer: str = "coordinator", on: datetime.date = TODAY) -> Scope:
    return Scope(campaign=world.campaign, viewer=world.people[viewer], as_of=on, today=TODAY)


def amount(code: str, found: Scope) -> Any:
    return value_of(figure_of(code), found).amount


@pytest.mark.parametrize(
    ("viewer", "on", "made", "late", "led", "sites"),
    [
        ("coordinator", TODAY, 3, 1, 2, 3),
        ("auditor", TODAY, 3, 1, 2, 3),
        ("liaison_d1", TODAY, 2, 1, 1, 3),
        ("head_d2", TODAY, 1, 0, 1, 1),
        # Researchers see others' visits, so as not to repeat them.
        ("researcher_d2", TODAY, 3, 1, 2, 3),
        ("administrator", TODAY, 0, 0, 0, 0),
        ("coordinator", MONDAY - days(1), 0, 0, 0, 0),
        ("coordinator", MONDAY, 1, 0, 0, 1),
        ("coordinator", MONDAY + days(1), 2, 0, 1, 2),
        ("liaison_d1", MONDAY + days(9), 2, 0, 1, 2),
    ],
)
def test_counts(
    full: World, viewer: str, on: datetime.date, made: int, late: int, led: int, sites: int
) -> None:
    found = scope(full, viewer, on)
    assert amount("visits.visits_made", found) == made
    assert amount("visits.visits_registered_late", found) == late
    assert amount("visits.visits_by_leaders", found) == led
    assert amount("visits.sites_visited", found) == sites


def test_made_by_sector_leaders_and_place(full: World) -> None:
    figure, found = figure_of("visits.visits_made"), scope(full)
    for name, expected in [
        ("sector", {"Aviation": 2, "Shipping": 1}),
        ("place", {"Northmark": 2, "Port Northmark": 1}),
    ]:
        lines = break_down(figure, found, name).lines
        assert {line.label: line.value.amount for line in lines} == expected
    led = break_down(figure, found, "is_led").lines
    assert {line.value.amount for line in led} == {1, 2}
    units = {line.label: line.value.amount for line in break_down(figure, found, "unit").lines}
    assert (units["Alloy Department"], units["Zinc Department"]) == (2, 1)


def test_leaders_at_lead_enterprises(full: World) -> None:
    found = scope(full)
    assert amount("visits.lead_sites_visited_by_leaders", found) == 1
    assert amount("visits.sectors_visited_by_leaders", found) == 1
    assert amount("visits.lead_sites_visited_by_leaders", scope(full, on=MONDAY + days(1))) == 0


@pytest.mark.parametrize("viewer", ["coordinator", "liaison_d1", "head_d2", "auditor"])
def test_never_visited_is_the_same_for_all(full: World, viewer: str) -> None:
    figure = figure_of("visits.sites_never_visited")
    codes = figure.records(scope(full, viewer)).values_list("code", flat=True)
    assert sorted(codes) == ["A2", "B1"]
    early = figure.records(scope(full, viewer, MONDAY)).values_list("code", flat=True)
    assert sorted(early) == ["A2", "B1", "S1", "X1"]
    lines = break_down(figure, scope(full, viewer), "sector").lines
    assert {line.label: line.value.amount for line in lines} == {"Aviation": 2}


def test_why_names_what_is_left_out(full: World) -> None:
    parts = {
        part.label: part.count for part in why(figure_of("visits.visits_made"), scope(full)).parts
    }
    assert parts == {
        "Visits made": 3,
        "visits registered late, which are counted apart": 1,
        "at “Cleared”": 1,
        "at “Cancelled”": 1,
    }


def test_an_unannounced_visit_shows_in_no_figure_of_others(full: World) -> None:
    for viewer, total in [("coordinator", 6), ("liaison_d1", 4), ("auditor", 5)]:
        assert why(figure_of("visits.visits_made"), scope(full, viewer)).total == total, viewer


def test_crowded_is_a_site_with_more_visits_than_the_limits_allow(full: World) -> None:
    figure, coordinator = figure_of("visits.sites_crowded"), full.people["coordinator"]
    first = TODAY + days(1)
    secret = full.draft("X1", first, is_unannounced=True)
    plan_visits(drafts=[secret], actor=full.people["researcher_d1"], now=LATER)
    mine = [full.draft("B1", first), full.draft("X1", first)]
    visits = plan_visits(drafts=mine, actor=full.people["liaison_d1"], now=LATER)
    other = full.draft("B1", first, unit=full.units["D2"], team=[full.people["researcher_d2"]])
    visits += plan_visits(drafts=[other], actor=full.people["liaison_d2"], now=LATER)
    waiting = [visit for visit in visits if visit.record.state == "draft"]
    assert not figure.records(scope(full, "auditor")).exists(), "drafts don't count"
    clear_visits_over_limits(visits=waiting, actor=coordinator, now=LATER, reason="Both are small.")

    def crowded(viewer: str, on: datetime.date) -> list[str]:
        found = Scope(full.campaign, full.people[viewer], as_of=on, today=first + days(40))
        return sorted(figure.records(found).values_list("code", flat=True))

    day = LATER.date()
    # A hidden visit beside another crowds the site before nobody: the number may be passed on.
    for viewer in ("coordinator", "liaison_d2", "auditor"):
        assert crowded(viewer, day) == ["B1"], viewer
    assert crowded("coordinator", first + days(40)) == []


def test_what_visits_cost_their_sites_is_added_up(full: World) -> None:
    given = {"A1": ["2.5", "1"], "S1": ["4"], "X1": ["0"]}
    for visit in Visit.objects.filter(record__state__in=["made", "written_up"]).order_by("pk"):
        hours = Decimal(given[visit.site.code].pop(0))
        Visit.objects.filter(pk=visit.pk).update(host_hours=hours)
    hours = figure_of("visits.host_hours")
    # 2.5 + 1 + 4 + 0, and what was not made costs nothing.
    assert value_of(hours, scope(full)).amount == 8
    broken = break_down(hours, scope(full), "unit")
    assert {line.label: line.value.numerator for line in broken.lines if line.value.count} == {
        "Alloy Department": 7,
        "Zinc Department": 1,
    }
    assert value_of(figure_of("visits.visitor_days"), scope(full)).amount == 5
    assert "Added up over 4 records." in why(hours, scope(full)).basis
