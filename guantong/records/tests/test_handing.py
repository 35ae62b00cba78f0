"""What somebody answered for is passed on, and what they judged by stays so."""

import datetime

import pytest

from guantong.ledger.verification import verify
from guantong.overview.queries import held_by, waiting_for_handover
from guantong.people.models import Person
from guantong.people.operations import close_accounts, end_appointment
from guantong.records.models import Part, Participant
from guantong.records.operations import CannotHandOver, hand_over
from guantong.records.queries import are_doers
from guantong.rectification.tests.factories import World, appointed, fresh, world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def passed_on(here: World, details: list, to: str, by: str | None, **more: object) -> int:
    return hand_over(
        records=[(detail, here.people[to]) for detail in details],
        actor=here.people[by] if by else None,
        now=NOW,
        **{"reason": "Moves to another office", **more},
    )


@pytest.mark.parametrize(
    ("by", "may"),
    [
        ("coordinator", True),
        ("liaison_d1", True),
        ("head_d1", True),
        ("head_m", True),
        ("owner_d1", False),
        ("liaison_d2", False),
        ("head_d2", False),
        ("inspector", False),
        ("auditor", False),
        ("administrator", False),
    ],
)
def test_who_hands_over(here: World, by: str, may: bool):
    problems = here.planned(2)
    if may:
        assert passed_on(here, problems, "liaison2_d1", by) == 2
        assert {p.record.owner for p in fresh(problems)} == {here.people["liaison2_d1"]}
        assert verify().is_clean
    else:
        with pytest.raises(CannotHandOver, match="liaison or the head"):
            passed_on(here, problems, "liaison2_d1", by)
        assert {p.record.owner for p in fresh(problems)} == {here.people["owner_d1"]}


def test_records_of_several_kinds_go_to_a_successor_each(here: World):
    [problem] = here.planned()
    [measure] = here.measures([problem])
    count = hand_over(
        records=[(problem, here.people["liaison_d1"]), (measure, here.people["liaison2_d1"])],
        actor=here.coordinator,
        now=NOW,
        reason="Retires",
    )
    assert count == 2
    problem, measure = fresh([problem]) + fresh([measure])
    assert (problem.record.owner.username, measure.record.owner.username) == (
        "liaison_d1",
        "liaison2_d1",
    )


@pytest.mark.parametrize(
    ("to", "more", "sentence"),
    [
        ("liaison2_d1", {"reason": " "}, "why it is handed over"),
        ("owner_d1", {}, "has it already"),
    ],
)
def test_what_wont_do(here: World, to: str, more: dict, sentence: str):
    with pytest.raises(CannotHandOver, match=sentence):
        passed_on(here, here.planned(), to, "coordinator", **more)


def test_who_has_left_takes_nothing_over_and_what_has_ended_stays(here: World):
    close_accounts(people=[here.people["liaison2_d1"]], actor=None, now=NOW)
    with pytest.raises(CannotHandOver, match="no account"):
        passed_on(here, here.planned(), "liaison2_d1", "coordinator")
    with pytest.raises(CannotHandOver, match="has ended"):
        passed_on(here, here.closed(), "liaison_d1", "coordinator")


def test_handing_over_washes_nobody_clean(here: World):
    """Who owned it while the work was done doesn't judge it after passing it on (rule 1)."""
    [problem] = here.planned()
    passed_on(here, [problem], "liaison2_d1", "coordinator")
    record = fresh([problem])[0].record
    assert are_doers([record], here.people["owner_d1"], TODAY)[record.pk]


def test_a_part_goes_to_a_successor_who_may_have_it(here: World):
    [verification] = here.requested(here.claimed())
    parts = list(
        Participant.objects.filter(record=verification.pk).select_related(
            "record__unit", "record__campaign"
        )
    )
    assert [part.person.username for part in parts] == ["inspector"]
    appointed(here, "liaison_d1", "inspector", "M")
    for to, by, sentence in [
        ("auditor", "coordinator", "not appointed as inspector"),
        ("liaison_d1", "coordinator", "no second person"),
        ("inspector2", "head_d1", "named by the coordinator"),
    ]:
        with pytest.raises(CannotHandOver, match=sentence):
            hand_over(
                parts=[(parts[0], here.people[to])],
                actor=here.people[by],
                now=NOW,
                reason="Away",
            )
    hand_over(
        parts=[(parts[0], here.people["inspector2"])],
        actor=here.coordinator,
        now=NOW,
        reason="Away",
    )
    [part] = Participant.objects.filter(record=verification.pk)
    assert (part.person.username, part.part) == ("inspector2", Part.INSPECTOR)
    assert verify().is_clean


def test_what_a_person_answers_for_is_listed_as_far_as_one_may_see(here: World):
    problems, owner = here.planned(2), here.people["owner_d1"]
    here.closed()
    held = held_by(owner, seen_by=here.coordinator, campaign=here.campaign, on=TODAY)
    measures = here.measures(problems)
    assert {r.pk for r in held.records} == {x.pk for x in [*problems, *measures]}
    assert not held_by(owner, seen_by=here.people["liaison_d2"], campaign=here.campaign, on=TODAY)


def waiting(here: World, on: datetime.date = TODAY) -> set[str]:
    return {
        r.owner.username for r in waiting_for_handover(campaign=here.campaign, seen_by=None, on=on)
    }


def test_what_leavers_leave_waits_for_a_successor(here: World):
    problems = here.planned(2)
    assert waiting(here) == set(), "who never had an appointment is responsible by post"
    passed_on(here, problems, "liaison_d1", "coordinator")
    end_appointment(
        appointment=here.people["liaison_d1"].appointments.get(),
        ends_on=TODAY,
        actor=None,
        now=NOW,
    )
    assert waiting(here, TODAY - datetime.timedelta(1)) == set()
    assert waiting(here) == {"liaison_d1"}
    passed_on(here, fresh(problems), "liaison2_d1", "coordinator")
    assert waiting(here) == set()


def test_who_goes_on_over_a_unit_above_has_left_nothing(here: World):
    passed_on(here, here.planned(), "liaison_d1", "coordinator")
    person = Person.objects.get(username="liaison_d1")
    end_appointment(appointment=person.appointments.get(), ends_on=TODAY, actor=None, now=NOW)
    appointed(here, "liaison_d1", "liaison", "D2")
    assert waiting(here) == {"liaison_d1"}, "another unit is no such"
    appointed(here, "liaison_d1", "liaison", "M")
    assert waiting(here) == set()


def test_who_has_no_account_leaves_all(here: World):
    here.planned()
    close_accounts(people=[here.people["owner_d1"]], actor=None, now=NOW)
    assert waiting(here) == {"owner_d1"}
