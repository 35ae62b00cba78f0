"""Until made, unannounced visits are known to their team and the coordinators only (rule 5)."""

import pytest

from guantong.records.models import Record
from guantong.units.tests.factories import NOW, TODAY
from guantong.visits.models import Visit
from guantong.visits.operations import (
    CannotMergeVisits,
    CannotPlanVisits,
    make_visits,
    merge_visits,
)
from guantong.visits.queries import crowding, warnings, without_room
from guantong.visits.tests.factories import MONDAY, World, days

pytestmark = pytest.mark.django_db

OTHERS = (
    "liaison_d1",
    "head_d1",
    "auditor",
    "inspector",
    "liaison_d2",
    "researcher_d2",
    "administrator",
)


@pytest.fixture
def world() -> World:
    return World()


def seen(world: World, name: str) -> list[str]:
    found = crowding(
        site=world.sites["A1"],
        first=MONDAY,
        last=MONDAY,
        campaign=world.campaign,
        viewer=world.people[name],
        on=TODAY,
    )
    return warnings(found)


def test_before_it_is_made_only_team_and_coordinators_know(world: World) -> None:
    (hidden,) = world.plan(world.draft(is_unannounced=True), by="researcher_d1")
    assert (hidden.record.reference, hidden.record.state) == ("", "cleared")
    for name in OTHERS:
        visible = Record.objects.visible_to(world.people[name], TODAY)
        assert not visible.filter(pk=hidden.pk).exists(), name
        assert seen(world, name) == [], name
    for name in ("coordinator", "researcher_d1"):
        visible = Record.objects.visible_to(world.people[name], TODAY)
        assert visible.filter(pk=hidden.pk).exists()
        assert seen(world, name) == [
            "First Airframe would have 2 visits on 5 June 2023; the limit is 1."
        ]


def test_it_takes_nobodys_room_but_the_coordinator_is_told(world: World) -> None:
    """A visit that stood still though there is room would give the hidden one away."""
    world.plan(world.draft(is_unannounced=True), by="researcher_d1")
    (own,) = world.plan(world.draft(day=MONDAY), by="coordinator")
    assert own.record.state == "cleared"
    assert seen(world, "coordinator")[0].startswith("First Airframe would have 3 visits")
    assert seen(world, "liaison_d1")[0].startswith("First Airframe would have 2 visits")


def test_two_hidden_ones_do_not_know_of_each_other(world: World) -> None:
    drafts = [
        world.draft(is_unannounced=True),
        world.draft(is_unannounced=True, team=[world.people["researcher_d2"]]),
        world.draft(),
    ]
    visits = world.plan(*drafts, by="coordinator")
    assert [visit.record.state for visit in visits] == ["cleared"] * 3


def test_it_meets_what_everybody_knows(world: World) -> None:
    world.plan()
    (hidden,) = world.plan(world.draft(is_unannounced=True), by="researcher_d1")
    assert hidden.record.state == "draft"
    assert "would have 2 visits" in without_room([hidden])[hidden.pk]


def test_only_who_may_know_of_it_enters_it(world: World) -> None:
    with pytest.raises(CannotPlanVisits, match="one of them enters it"):
        world.plan(world.draft(is_unannounced=True), by="liaison_d1")
    assert not Visit.objects.exists()


def test_once_made_it_has_a_reference_and_counts(world: World) -> None:
    world.plan(world.draft("A2"))
    (hidden,) = world.plan(world.draft(is_unannounced=True), by="researcher_d1")
    make_visits(visits=[hidden], actor=world.people["researcher_d1"], now=NOW + days(5))
    hidden = Visit.objects.get(pk=hidden.pk)
    assert (hidden.record.reference, hidden.record.is_hidden) == ("V-0002", False)
    assert seen(world, "liaison_d1") == [
        "First Airframe would have 2 visits on 5 June 2023; the limit is 1."
    ]


def test_a_merge_never_makes_it_known(world: World) -> None:
    (hidden,) = world.plan(world.draft(is_unannounced=True), by="researcher_d1")
    (open_one,) = world.plan()
    for one, other in ((hidden, open_one), (open_one, hidden)):
        with pytest.raises(CannotMergeVisits, match="unannounced"):
            merge_visits(
                visits=[one],
                into=other,
                actor=world.people["coordinator"],
                now=NOW,
                reason="Both go there.",
            )


def test_warnings_name_only_visits_that_the_viewer_sees(world: World) -> None:
    draft = world.draft(is_restricted=True, team=[world.people["researcher_d2"]])
    world.plan(draft, by="coordinator")
    assert seen(world, "liaison_d1") == [
        "First Airframe would have 2 visits on 5 June 2023; the limit is 1."
    ]
    assert len(seen(world, "coordinator")) == 2
