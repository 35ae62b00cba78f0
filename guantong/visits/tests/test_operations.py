import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guantong.campaigns.operations import set_thresholds
from guantong.ledger.models import Entry
from guantong.records.models import Link, Part, Participant, Record, StatePeriod
from guantong.records.operations import link_records
from guantong.units.tests.factories import NOW, TODAY
from guantong.visits.models import Visit
from guantong.visits.operations import (
    CannotCancelVisits,
    CannotChangeVisits,
    CannotClearVisits,
    CannotMakeVisits,
    CannotMergeVisits,
    CannotPlanVisits,
    CannotRegisterVisitsLate,
    CannotWriteUpVisits,
    adopt_visits,
    cancel_visits,
    change_visits,
    clear_visits,
    clear_visits_over_limits,
    enter_late_visits,
    enter_visits_not_made,
    make_visits,
    merge_visits,
    plan_visits,
    register_visits_late,
    write_up_visits,
)
from guantong.visits.queries import teams_of
from guantong.visits.tests.factories import MONDAY, World, days

pytestmark = pytest.mark.django_db

LATER = NOW + days(5)


@pytest.fixture
def world() -> World:
    return World()


def states(*visits: Visit) -> list[str]:
    return [Record.objects.get(pk=visit.pk).state for visit in visits]


def test_under_the_limits_a_visit_clears_itself(world: World) -> None:
    (visit,) = world.plan()
    assert (visit.record.reference, states(visit)) == ("V-0001", ["cleared"])
    codes = Entry.objects.filter(record=visit.pk).order_by("pk").values_list("code", flat=True)
    assert list(codes) == [
        "visits.visit.planned",
        "records.participant.named",
        "records.link.made",
        "visits.visit.cleared",
    ]
    # Nobody decided it.
    assert StatePeriod.objects.get(record=visit.pk, state="cleared").by is None
    assert Link.objects.get(target=visit.pk).source == world.project


def test_over_the_limits_it_waits_for_the_coordinator(world: World) -> None:
    coordinator, liaison = world.people["coordinator"], world.people["liaison_d1"]
    one, two = world.plan(world.draft(), world.draft())
    assert states(one, two) == ["cleared", "draft"]
    with pytest.raises(CannotClearVisits, match="would have 2 visits on 5 June 2023"):
        clear_visits(visits=[two], actor=liaison, now=NOW)
    with pytest.raises(CannotClearVisits, match="is for the coordinator"):
        clear_visits_over_limits(visits=[two], actor=liaison, now=NOW, reason="It is urgent.")
    with pytest.raises(CannotClearVisits, match="needs a written reason"):
        clear_visits_over_limits(visits=[two], actor=coordinator, now=NOW, reason=" ")
    clear_visits_over_limits(visits=[two], actor=coordinator, now=NOW, reason="It is urgent.")
    assert states(two) == ["cleared"]


def test_a_coordinator_clears_nothing_over_the_limits_that_is_their_own(world: World) -> None:
    coordinator = world.people["coordinator"]
    world.plan()
    (entered,) = world.plan(world.draft(), by="coordinator")
    (joined,) = world.plan(world.draft(team=[coordinator]))
    for visit in (entered, joined):
        with pytest.raises(CannotClearVisits, match="second person"):
            clear_visits_over_limits(visits=[visit], actor=coordinator, now=NOW, reason="So.")


def test_room_that_comes_free_clears_what_waited(world: World) -> None:
    coordinator = world.people["coordinator"]
    one, two = world.plan(world.draft(), world.draft())
    cancel_visits(visits=[one], actor=coordinator, now=NOW, reason="The works is closed.")
    clear_visits(visits=[two], actor=world.people["liaison_d1"], now=NOW)
    assert states(one, two) == ["cancelled", "cleared"]


def test_the_campaign_sets_the_limits(world: World) -> None:
    set_thresholds(
        campaign=world.campaign, thresholds={"site_visits_a_day": 2}, actor=None, now=NOW
    )
    visits = world.plan(world.draft(), world.draft(), world.draft())
    assert states(*visits) == ["cleared", "cleared", "draft"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"occasion": None}, "has an occasion"),
        ({"day": TODAY - days(1)}, "register it late"),
        ({"ends_on": MONDAY - days(1)}, "ends on the day on which it starts"),
    ],
)
def test_a_visit_that_makes_no_sense_is_refused(world: World, values: dict, says: str) -> None:
    with pytest.raises(CannotPlanVisits, match=says):
        world.plan(world.draft(**values))
    assert Visit.objects.count() == 0


def test_who_enters_visits(world: World) -> None:
    for name in ("head_d1", "auditor", "inspector", "liaison_d2", "researcher_d2", "owner_d1"):
        with pytest.raises(CannotPlanVisits, match="Alloy Department"):
            world.plan(by=name)
    for name in ("researcher_d1", "liaison_d1", "coordinator"):
        world.plan(by=name)
    assert Visit.objects.count() == 3


def test_a_change_of_site_day_or_team_asks_for_clearing_anew(world: World) -> None:
    liaison, inspector = world.people["liaison_d1"], world.people["inspector"]
    world.plan()
    (two,) = world.plan(world.draft(site="A2"))
    change_visits(visits=[two], site=world.sites["A1"], actor=liaison, now=NOW)
    assert states(two) == ["draft"]
    change_visits(visits=[two], starts_on=MONDAY + days(1), actor=liaison, now=NOW)
    two = Visit.objects.get(pk=two.pk)
    assert (two.starts_on, two.ends_on) == (MONDAY + days(1), MONDAY + days(1))
    assert states(two) == ["cleared"]
    change_visits(visits=[two], team=[inspector], actor=liaison, now=NOW)
    assert [p.username for p in teams_of([two.pk])[two.pk]] == ["inspector"]
    changes = Entry.objects.filter(record=two.pk, code="visits.visit.changed").order_by("pk")
    assert changes[0].changes["state"] == ["cleared", "draft"]
    assert changes[0].changes["site"] == [world.sites["A2"].pk, world.sites["A1"].pk]


def test_changes_that_make_no_sense_are_refused(world: World) -> None:
    liaison = world.people["liaison_d1"]
    (visit,) = world.plan()
    for values, says in [
        ({}, "Nothing changes"),
        ({"starts_on": MONDAY}, "Nothing changes"),
        ({"starts_on": TODAY - days(3)}, "registered late"),
        ({"ends_on": MONDAY - days(1)}, "ends on the day"),
        ({"team": []}, "name its team"),
    ]:
        with pytest.raises(CannotChangeVisits, match=says):
            change_visits(visits=[visit], actor=liaison, now=NOW, **values)
    with pytest.raises(CannotChangeVisits, match="is for"):
        change_visits(
            visits=[visit], starts_on=MONDAY + days(1), actor=world.people["auditor"], now=NOW
        )


def test_only_its_team_makes_a_visit_and_writes_it_up(world: World) -> None:
    researcher, liaison = world.people["researcher_d1"], world.people["liaison_d1"]
    (visit,) = world.plan(world.draft(ends_on=MONDAY + days(2)))
    with pytest.raises(CannotMakeVisits, match="starts on 5 June 2023"):
        make_visits(visits=[visit], actor=researcher, now=NOW)
    with pytest.raises(CannotMakeVisits, match="a researcher on it"):
        make_visits(visits=[visit], actor=liaison, now=LATER)
    make_visits(visits=[visit], actor=researcher, now=LATER, host_hours=Decimal("3.5"))
    visit = Visit.objects.get(pk=visit.pk)
    assert (visit.visitor_days, visit.host_hours) == (Decimal(3), Decimal("3.5"))
    with pytest.raises(CannotWriteUpVisits, match="from notes"):
        write_up_visits(visits=[visit], actor=researcher, now=LATER, notes=" ")
    write_up_visits(visits=[visit], actor=researcher, now=LATER, notes="Half the moulds idle.")
    assert states(visit) == ["written_up"]
    with pytest.raises(CannotCancelVisits, match="starts from"):
        cancel_visits(visits=[visit], actor=researcher, now=LATER, reason="No.")


def test_a_leader_in_the_team_makes_it_a_visit_by_leaders(world: World) -> None:
    leader = world.people["head_m"]
    leader.is_leader = True
    leader.save()
    one, two = world.plan(world.draft(team=[leader]), world.draft("A2"))
    assert (one.is_led, two.is_led) == (True, False)
    change_visits(visits=[two], team=[leader], actor=world.people["liaison_d1"], now=NOW)
    assert Visit.objects.get(pk=two.pk).is_led


def test_registered_late_goes_straight_to_made(world: World) -> None:
    liaison = world.people["liaison_d1"]
    gone = world.draft(day=TODAY - days(3))
    with pytest.raises(CannotPlanVisits, match="needs a written reason"):
        enter_late_visits(drafts=[gone], actor=liaison, now=NOW, reason="")
    with pytest.raises(CannotPlanVisits, match="plan it instead"):
        enter_late_visits(drafts=[world.draft()], actor=liaison, now=NOW, reason="Forgot.")
    (visit,) = enter_late_visits(drafts=[gone], actor=liaison, now=NOW, reason="No network.")
    visit = Visit.objects.get(pk=visit.pk)
    assert (visit.record.state, visit.is_late) == ("made", True)
    assert StatePeriod.objects.get(record=visit.pk, ends_on=None).starts_on == TODAY


def test_a_draft_whose_day_has_passed_is_registered_late(world: World) -> None:
    liaison = world.people["liaison_d1"]
    _one, two = world.plan(world.draft(), world.draft())
    with pytest.raises(CannotRegisterVisitsLate, match="starts on"):
        register_visits_late(visits=[two], actor=liaison, now=NOW, reason="It was made.")
    register_visits_late(visits=[two], actor=liaison, now=LATER, reason="It was made.")
    two = Visit.objects.get(pk=two.pk)
    assert (two.record.state, two.is_late) == ("made", True)


@pytest.mark.parametrize("state", ["withdrawn", "merged"])
def test_no_visit_is_planned_for_a_project_that_is_gone(world: World, state: str) -> None:
    Record.objects.filter(pk=world.project.pk).update(state=state)
    world.project.refresh_from_db()
    with pytest.raises(CannotPlanVisits, match="withdrawn or merged: plan the visit for one"):
        world.plan(world.draft())


def test_merged_visits_hand_on_team_and_occasion(world: World) -> None:
    coordinator, inspector = world.people["coordinator"], world.people["inspector"]
    other = Record.objects.create(
        campaign=world.campaign,
        kind="project",
        unit=world.units["D2"],
        title="Other",
        state="approved",
        opened_on=TODAY,
    )
    one, two = world.plan(world.draft(), world.draft(occasion=other, team=[inspector]))
    elsewhere = world.plan(world.draft("A2"))[0]
    with pytest.raises(CannotMergeVisits, match="goes elsewhere"):
        merge_visits(
            visits=[two], into=elsewhere, actor=coordinator, now=NOW, reason="Both go there."
        )
    with pytest.raises(CannotMergeVisits, match="into itself"):
        merge_visits(visits=[two], into=two, actor=coordinator, now=NOW, reason="Both.")
    merge_visits(visits=[two], into=one, actor=coordinator, now=NOW, reason="Both go there.")
    assert states(one, two) == ["cleared", "merged"]
    assert Link.objects.filter(source=two.pk, target=one.pk, kind="merged_into").exists()
    occasions = Link.objects.filter(target=one.pk, kind="fieldwork").values_list("source", flat=1)
    assert set(occasions) == {world.project.pk, other.pk}
    assert {p.username for p in teams_of([one.pk])[one.pk]} == {"researcher_d1", "inspector"}


def test_a_visit_that_was_not_made_says_why(world: World) -> None:
    (visit,) = world.plan()
    enter_visits_not_made(
        visits=[visit], actor=world.people["researcher_d1"], now=LATER, reason="Floods."
    )
    assert states(visit) == ["not_made"]


def test_history_keeps_its_own_days(world: World) -> None:
    march = datetime.date(2023, 3, 6)
    early, late = adopt_visits(
        drafts=[
            world.draft(day=march, opened_on=march - days(4), state="made"),
            world.draft("A2", day=march, state="written_up"),
        ],
        actor=world.people["liaison_d1"],
        now=NOW,
    )
    assert [Visit.objects.get(pk=v.pk).is_late for v in (early, late)] == [False, True]
    visits = Record.objects.of_kind("visit")
    assert set(visits.in_states("made", on=march)) == {early.record}
    assert set(visits.in_states("draft", on=march - days(1))) == {early.record}
    entry = Entry.objects.get(record=early.pk, code="visits.visit.adopted")
    assert entry.effective_on == march
    with pytest.raises(CannotPlanVisits, match="adopted"):
        adopt_visits(drafts=[world.draft(state="cleared")], actor=None, now=NOW)


def test_planning_is_set_wise(world: World) -> None:
    def queries(count: int, first: datetime.date) -> int:
        drafts = [world.draft(day=first + days(40 * n)) for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            plan_visits(drafts=drafts, actor=world.people["liaison_d1"], now=NOW)
        return len(captured)

    queries(1, MONDAY)
    assert queries(3, datetime.date(2030, 1, 7)) == queries(40, datetime.date(2040, 1, 2))


def test_making_is_set_wise(world: World) -> None:
    visits = world.plan(*(world.draft(day=MONDAY + days(7 * n)) for n in range(30)))
    cleared = [visit for visit in visits if visit.record.state == "cleared"]
    later = NOW + days(400)

    def queries(some: list[Visit]) -> int:
        with CaptureQueriesContext(connection) as captured:
            make_visits(visits=some, actor=world.people["researcher_d1"], now=later)
        return len(captured)

    assert len(cleared) > 20
    queries(cleared[:1])
    assert queries(cleared[1:3]) == queries(cleared[3:])


def test_the_team_is_named_once(world: World) -> None:
    (visit,) = world.plan(world.draft(team=[world.people["researcher_d1"]] * 2))
    assert Participant.objects.filter(record=visit.pk, part=Part.RESEARCHER).count() == 1
    link_records(
        pairs=[(world.project, visit.record)],
        kind="fieldwork",
        actor=world.people["liaison_d1"],
        now=NOW,
    )
    assert Link.objects.filter(target=visit.pk).count() == 1
