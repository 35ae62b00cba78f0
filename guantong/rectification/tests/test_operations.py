"""What the operations do: verdicts, notes, links, levels, and how few queries they need."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guantong.campaigns.operations import set_days
from guantong.ledger.models import Entry
from guantong.people.operations import end_appointment
from guantong.records.models import LinkKind, Participant, Record
from guantong.records.operations import answer_escalations
from guantong.rectification import operations
from guantong.rectification.models import Closure, ProgressNote, VerificationItem
from guantong.rectification.operations import (
    CannotNoteProgress,
    CannotPlanProblem,
    CannotVerify,
    Ending,
    MeasureDraft,
)
from guantong.rectification.queries import reminders_due
from guantong.rectification.tests.factories import DUE, World, fresh, fresh_state
from guantong.units.tests.factories import NOW, TODAY


def days_after(day: datetime.date, number: int) -> datetime.datetime:
    return NOW + (day - TODAY) + datetime.timedelta(number)


def with_two_measures(here: World):
    """One claimed problem with two claimed measures, and its verification."""
    problems = here.assigned()
    here.proposed(problems)
    here.proposed(problems)
    measures = here.measures(problems)
    head, liaison = here.people["head_d1"], here.people["liaison_d1"]
    operations.approve_measures(measures=measures, actor=head, now=NOW)
    operations.plan_problems(problems=problems, actor=head, now=NOW)
    for measure in measures:
        here.attach(measure)
    operations.claim_measures(measures=measures, actor=liaison, now=NOW)
    operations.claim_problems(problems=problems, actor=liaison, now=NOW)
    return problems, measures, here.requested(problems)


def test_a_partial_pass_returns_only_what_failed(here: World) -> None:
    problems, (good, bad), verifications = with_two_measures(here)
    operations.pass_verifications_partly(
        verifications=verifications,
        items=here.items(verifications, unmet=[bad.pk]),
        actor=here.people["inspector"],
        now=NOW,
    )
    assert [fresh_state(one) for one in (good, bad, problems[0], verifications[0])] == [
        *("accepted", "returned", "returned", "partial")
    ]
    met = dict(VerificationItem.objects.values_list("measure", "is_met"))
    assert met == {None: True, good.pk: True, bad.pk: False}

    # The second time only what was returned is looked at again.
    liaison, head = here.people["liaison_d1"], here.people["head_d1"]
    operations.plan_problems(problems=fresh(problems), actor=head, now=NOW)
    operations.claim_measures(measures=fresh([bad]), actor=liaison, now=NOW)
    operations.claim_problems(problems=fresh(problems), actor=liaison, now=NOW)
    again = here.requested(fresh(problems))
    items = here.items(again)
    assert [item.measure for item in items[again[0].pk]] == [None, bad.pk]
    operations.pass_verifications(
        verifications=again, items=items, actor=here.people["inspector"], now=NOW
    )
    assert fresh_state(problems[0]) == "verified"


def test_a_failure_returns_what_failed_and_accepts_nothing(here: World) -> None:
    problems, (good, bad), verifications = with_two_measures(here)
    operations.fail_verifications(
        verifications=verifications,
        items=here.items(verifications, criterion=False, unmet=[bad.pk]),
        actor=here.people["inspector"],
        now=NOW,
    )
    assert [fresh_state(one) for one in (good, bad, problems[0], verifications[0])] == [
        *("claimed", "returned", "returned", "failed")
    ]


def test_a_return_from_verified_asks_for_another_measure(here: World) -> None:
    problems = here.verified()
    operations.return_problems(
        problems=problems, actor=here.coordinator, now=NOW, reason="June is missing"
    )
    head = here.people["head_d1"]
    with pytest.raises(CannotPlanProblem, match="still to be accepted"):
        operations.plan_problems(problems=fresh(problems), actor=head, now=NOW)
    new = here.proposed(fresh(problems))
    operations.approve_measures(measures=new, actor=head, now=NOW)
    operations.plan_problems(problems=fresh(problems), actor=head, now=NOW)
    assert fresh_state(problems[0]) == "planned"


def test_a_problem_closed_twice_keeps_both_closures(here: World) -> None:
    problems = here.closed()
    later = NOW + datetime.timedelta(10)
    operations.reopen_problems(
        problems=fresh(problems), actor=here.coordinator, now=later, reason="Stopped"
    )
    assert fresh(problems)[0].closed_on == TODAY
    problems = fresh(problems)
    head, liaison = here.people["head_d1"], here.people["liaison_d1"]
    new = here.proposed(problems)
    operations.approve_measures(measures=new, actor=head, now=later)
    operations.plan_problems(problems=problems, actor=head, now=later)
    here.attach(new[0])
    operations.claim_measures(measures=fresh(new), actor=liaison, now=later)
    operations.claim_problems(problems=fresh(problems), actor=liaison, now=later)
    verifications = operations.request_verifications(
        problems=fresh(problems),
        inspector=here.people["inspector"],
        actor=here.coordinator,
        now=later,
    )
    operations.pass_verifications(
        verifications=verifications,
        items=here.items(verifications),
        actor=here.people["inspector"],
        now=later,
    )
    operations.close_problems(
        problems=fresh(problems), determination="Now it is", actor=here.people["head_m"], now=later
    )
    closures = Closure.objects.order_by("pk").values_list("determination", "undone_on")
    assert list(closures) == [
        ("Logs seen, complete since May", TODAY + datetime.timedelta(10)),
        ("Now it is", None),
    ]


def test_the_inspector_gets_to_see_what_is_to_be_judged(here: World) -> None:
    problems = here.claimed()
    verification = here.requested(problems)[0]
    seen = Record.objects.visible_to(here.people["inspector"], TODAY)
    measures = here.measures(problems)
    assert {r.pk for r in seen} == {verification.pk, problems[0].pk, *(m.pk for m in measures)}
    operations.replace_verifiers(
        verifications=[verification],
        inspector=here.people["inspector2"],
        actor=here.coordinator,
        now=NOW,
        reason="Away",
    )
    assert not Record.objects.visible_to(here.people["inspector"], TODAY).exists()
    assert Participant.objects.filter(person=here.people["inspector2"]).count() == 3


def test_progress_is_noted_by_the_day(here: World) -> None:
    measures = here.measures(here.planned())
    day = TODAY - datetime.timedelta(3)
    operations.note_progress(
        measures=measures, text="Ordered", noted_on=day, actor=here.people["owner_d1"], now=NOW
    )
    note = ProgressNote.objects.get()
    assert (note.text, note.noted_on, note.author) == ("Ordered", day, here.people["owner_d1"])
    for text, on, name in (
        (" ", day, "owner_d1"),
        ("Later", TODAY + datetime.timedelta(1), "owner_d1"),
        ("Not mine", day, "liaison_d2"),
    ):
        with pytest.raises(CannotNoteProgress):
            operations.note_progress(
                measures=measures, text=text, noted_on=on, actor=here.people[name], now=NOW
            )


def test_links_are_those_of_the_thread(here: World) -> None:
    values = {"campaign": here.campaign, "unit": here.units["D1"], "title": "x"}
    finding = Record.objects.create(kind="finding", state="accepted", opened_on=TODAY, **values)
    visit = Record.objects.create(kind="visit", state="made", opened_on=TODAY, **values)
    indicator = Record.objects.create(kind="indicator", state="active", opened_on=TODAY, **values)
    problem = operations.identify_problems(
        drafts=[here.draft(raised_by=[finding, visit], partners=[here.units["D2"]])],
        actor=here.coordinator,
        now=NOW,
    )[0]
    measure = operations.propose_measures(
        drafts=[MeasureDraft("Do", problem, moves=[indicator], taken_up=[finding])],
        actor=here.coordinator,
        now=NOW,
    )[0]
    assert set(problem.record.inbound.values_list("kind", "source")) == {
        (LinkKind.TAKEN_UP, finding.pk),
        (LinkKind.RAISED, visit.pk),
    }
    assert set(measure.record.inbound.values_list("kind", "source")) == {
        (LinkKind.ANSWERED_BY, problem.pk),
        (LinkKind.TAKEN_UP, finding.pk),
    }
    assert measure.record.outbound.get().kind == LinkKind.MOVES
    assert problem.record.partners.get().unit == here.units["D2"]


def test_overdue_problems_rise_level_by_level(here: World) -> None:
    problems = here.planned(2)  # due on Saturday 1 July 2023; measures have no day
    closed = here.closed()
    expected = {0: 0, 1: 0, 2: 1, 6: 1, 8: 1, 9: 2, 15: 2, 16: 3, 60: 3}
    for number, level in expected.items():
        now = days_after(DUE, number)
        operations.escalate_overdue(campaign=here.campaign, now=now)
        assert operations.escalate_overdue(campaign=here.campaign, now=now) == 0
        levels = {one.record.escalation_level for one in fresh(problems)}
        assert levels == {level}, number
    assert fresh(closed)[0].record.escalation_level == 0
    entries = Entry.objects.filter(code="records.record.escalated", record=problems[0].pk)
    assert [entry.actor for entry in entries] == [None, None, None]


def test_holidays_are_no_days_of_grace(here: World) -> None:
    monday = DUE + datetime.timedelta(2)
    set_days(campaign=here.campaign, days={monday: False}, actor=None, now=NOW)
    problems = here.planned()
    operations.escalate_overdue(campaign=here.campaign, now=days_after(DUE, 2))
    assert fresh(problems)[0].record.escalation_level == 0
    operations.escalate_overdue(campaign=here.campaign, now=days_after(DUE, 3))
    assert fresh(problems)[0].record.escalation_level == 1


def test_who_is_reminded_of_what(here: World) -> None:
    problem = here.planned()[0]
    here.identified()

    def reminded(number: int) -> dict[str, list[tuple[int, int]]]:
        due = reminders_due(here.campaign, DUE + datetime.timedelta(number))
        return {p.username: [(r.record.pk, r.level) for r in rs] for p, rs in due.items()}

    assert reminded(-10) == {}
    assert reminded(-2) == {"owner_d1": [(problem.pk, 0)]}
    assert reminded(0) == {"owner_d1": [(problem.pk, 0)]}
    assert reminded(2) == {"head_d1": [(problem.pk, 1)]}
    assert reminded(9) == {"head_m": [(problem.pk, 2)]}
    assert reminded(20) == {"coordinator": [(problem.pk, 3)]}


def test_the_command_raises_what_is_overdue(here: World, capsys: Any) -> None:
    problems = here.planned()  # due in 2023, so that any real day is far past it
    for expected in ("Theme campaign: 1", "Theme campaign: 0"):
        call_command("escalate", campaign=here.campaign.code)
        assert expected in capsys.readouterr().out
    assert fresh(problems)[0].record.escalation_level == 3


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("words", [["escalate"], ["systemic", "propose"]])
def test_a_command_takes_no_other_campaign_for_one_that_is_not_there(words: list[str]) -> None:
    with pytest.raises(CommandError, match="There is no"):
        call_command(*words, campaign="nope")


def test_an_answered_level_is_not_raised_again_before_the_next(here: World) -> None:
    problems = here.planned()

    def level_after(number: int) -> int:
        operations.escalate_overdue(campaign=here.campaign, now=days_after(DUE, number))
        return fresh(problems)[0].record.escalation_level

    assert level_after(3) == 1
    answer_escalations(
        details=fresh(problems),
        reason="Parts come",
        actor=here.people["head_d1"],
        now=days_after(DUE, 3),
    )
    assert [level_after(number) for number in (3, 4, 8, 9)] == [0, 0, 0, 2]


def test_an_answer_counts_for_its_due_day_only(here: World) -> None:
    problems = here.planned()
    now = days_after(DUE, 3)
    operations.escalate_overdue(campaign=here.campaign, now=now)
    answer_escalations(
        details=fresh(problems), reason="Parts come", actor=here.people["head_d1"], now=now
    )
    later = DUE + datetime.timedelta(20)
    operations.extend_problems(
        problems=fresh(problems),
        due_on=later,
        actor=here.people["head_m"],
        now=now,
        reason="Parts",
    )
    operations.escalate_overdue(campaign=here.campaign, now=days_after(later, 3))
    assert fresh(problems)[0].record.escalation_level == 1


def queries_of(here: World, count: int) -> dict[str, int]:
    """How many queries each step takes for `count` problems."""
    c, head, liaison = here.coordinator, here.people["head_d1"], here.people["liaison_d1"]
    inspector = here.people["inspector"]
    taken: dict[str, int] = {}

    def step(name, operation, **values):
        for person in here.people.values():
            person.forget_grants()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            found = operation(now=NOW, **values)
        taken[name] = len(captured)
        return found

    drafts = [
        here.draft(f"P{n}", closure_criterion="c", root_cause="r", source_name="s")
        for n in range(count)
    ]
    problems = step("identify", operations.identify_problems, drafts=drafts, actor=c)
    problems = fresh(problems)
    step(
        "assign",
        operations.assign_problems,
        problems=problems,
        actor=c,
        owner=here.people["owner_d1"],
        due_on=DUE,
    )
    measures = step(
        "propose",
        operations.propose_measures,
        drafts=[MeasureDraft("M", problem) for problem in problems],
        actor=liaison,
    )
    step("approve", operations.approve_measures, measures=measures, actor=head)
    step("plan", operations.plan_problems, problems=problems, actor=head)
    for measure in measures:
        here.attach(measure)
    step("claim measures", operations.claim_measures, measures=measures, actor=liaison)
    step("claim", operations.claim_problems, problems=problems, actor=liaison)
    verifications = step(
        "request",
        operations.request_verifications,
        problems=problems,
        inspector=here.people["inspector2"],
        actor=c,
    )
    step(
        "replace",
        operations.replace_verifiers,
        verifications=verifications,
        inspector=inspector,
        actor=c,
        reason="x",
    )
    step(
        "pass",
        operations.pass_verifications,
        verifications=verifications,
        items=here.items(verifications),
        actor=inspector,
    )
    problems = fresh(problems)
    step("close", operations.close_problems, problems=problems, determination="d", actor=c)
    step("reopen", operations.reopen_problems, problems=problems, reason="r", actor=c)
    step(
        "adopt",
        operations.adopt_endings,
        endings=[Ending(problem, TODAY) for problem in problems],
        source="s",
        actor=c,
    )
    return taken


def test_plural_operations_take_as_many_queries_for_many_as_for_few(here: World) -> None:
    queries_of(here, 1)  # counters and the first file come to be
    few, many = queries_of(here, 2), queries_of(here, 12)
    assert many == few
    assert max(few.values()) <= 86


def test_an_inspector_whose_appointment_has_ended_does_not_verify(here: World) -> None:
    verifications = here.requested(here.claimed())
    inspector = here.people["inspector"]
    end_appointment(appointment=inspector.appointments.get(), ends_on=TODAY, actor=None, now=NOW)
    inspector.forget_grants()
    with pytest.raises(CannotVerify, match="not appointed"):
        operations.pass_verifications(
            verifications=verifications,
            items=here.items(verifications),
            actor=inspector,
            now=NOW,
        )
