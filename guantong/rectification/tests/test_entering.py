"""Who may enter, assign, merge and correct; the fast lane and what sources say."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from guantong.evidence.operations import Upload
from guantong.ledger.verification import verify
from guantong.records.models import Record
from guantong.records.operations import CannotCorrectRecord, correct_records
from guantong.records.rules import Paper
from guantong.records.views.story import story_of
from guantong.rectification import operations
from guantong.rectification.operations import (
    CannotAdoptEnding,
    CannotAssignProblem,
    CannotIdentifyProblem,
    CannotMergeProblem,
    CannotProposeMeasure,
    CannotReportFixed,
    CannotRequestVerification,
    Ending,
    FixedProblemDraft,
    MeasureDraft,
)
from guantong.rectification.tests.factories import DUE, World, appointed, fresh, fresh_state
from guantong.units.tests.factories import NOW, TODAY


@pytest.mark.parametrize("name", ["liaison_d2", "researcher_d1", "inspector", "liaison_o1"])
def test_problems_are_entered_by_liaison_or_coordinator_of_the_unit(here: World, name: str) -> None:
    with pytest.raises(CannotIdentifyProblem, match="isn't yours"):
        operations.identify_problems(drafts=[here.draft()], actor=here.people[name], now=NOW)
    assert not Record.objects.exists()


def test_drafts_that_will_not_do(here: World) -> None:
    tomorrow = TODAY + datetime.timedelta(1)
    for draft in (
        here.draft(" "),
        here.draft("x" * 501),
        here.draft(identified_on=tomorrow),
        here.draft(severity="dire"),
    ):
        with pytest.raises(CannotIdentifyProblem):
            operations.identify_problems(drafts=[draft], actor=here.coordinator, now=NOW)


def test_what_cannot_be_seen_or_is_not_accepted_is_not_taken_up(here: World) -> None:
    values = {"campaign": here.campaign, "kind": "finding", "title": "F", "opened_on": TODAY}
    draft = Record.objects.create(unit=here.units["D1"], state="draft", **values)
    elsewhere = Record.objects.create(unit=here.units["D2"], state="accepted", **values)
    for source in (draft, elsewhere):
        with pytest.raises(CannotIdentifyProblem):
            operations.identify_problems(
                drafts=[here.draft(raised_by=[source])], actor=here.people["liaison_d1"], now=NOW
            )


def test_assigning_needs_a_person_and_a_day_within_reach(here: World) -> None:
    with pytest.raises(CannotAssignProblem, match="responsible"):
        operations.assign_problems(problems=here.identified(), actor=here.coordinator, now=NOW)
    with pytest.raises(CannotAssignProblem, match="isn't beneath you"):
        operations.assign_problems(
            problems=here.identified(unit=here.units["O1"]),
            unit=here.units["D2"],
            owner=here.people["owner_d1"],
            due_on=DUE,
            actor=here.people["head_d1"],
            now=NOW,
        )


def test_reassigning_takes_the_verification_along(here: World) -> None:
    problems = here.claimed(is_priority=True)
    verifications = here.requested(problems)
    operations.reassign_problems(
        problems=fresh(problems),
        unit=here.units["D2"],
        owner=here.people["liaison_d2"],
        actor=here.coordinator,
        now=NOW,
        reason="Moved",
    )
    assert fresh(verifications)[0].record.unit == here.units["D2"]


def test_problems_merge_into_others_that_are_open(here: World) -> None:
    one, two = here.identified(2)
    closed = here.closed()[0]
    for into in (one, closed):
        with pytest.raises(CannotMergeProblem, match="another one"):
            operations.merge_problems(
                problems=[one], into=into, actor=here.coordinator, now=NOW, reason="Same"
            )
    operations.merge_problems(
        problems=[one], into=two, actor=here.coordinator, now=NOW, reason="Same"
    )
    assert one.record.outbound.get().target == two.record
    # Both stories name the other one, but to those only who may see it.
    for told, person, names in (
        (one, here.coordinator, True),
        (two, here.coordinator, True),
        (one, here.people["liaison_d2"], False),
    ):
        story = story_of(told.record, person=person, on=TODAY)
        said = ([one.record.reference, two.record.reference], "merged into")
        linked = [([end.name for end in step.ends], step.about) for step in story.steps]
        assert (said in linked) is names


def test_a_measure_hangs_from_something_that_can_take_it(here: World) -> None:
    liaison = here.people["liaison_d1"]
    with pytest.raises(CannotProposeMeasure, match="hangs from"):
        operations.propose_measures(drafts=[MeasureDraft("Alone")], actor=liaison, now=NOW)
    for problems in (here.claimed(), here.closed()):
        with pytest.raises(CannotProposeMeasure):
            here.proposed(problems)
    with pytest.raises(CannotProposeMeasure):
        operations.propose_measures(
            drafts=[MeasureDraft("Elsewhere", here.assigned()[0])],
            actor=here.people["liaison_d2"],
            now=NOW,
        )


@pytest.mark.parametrize(
    "name", ["unit", "unit_id", "owner", "owner_id", "closed_on", "author", "opened_on", "state"]
)
def test_what_a_decision_settles_is_not_corrected(here: World, name: str) -> None:
    problems = here.planned()
    with pytest.raises(CannotCorrectRecord):
        correct_records(
            details=problems,
            actor=here.coordinator,
            now=NOW,
            changes={p.pk: {name: None} for p in problems},
        )


def fixed(here: World, **values: object) -> FixedProblemDraft:
    values = {"severity": "low", "closure_criterion": "Lamp burns", **values}
    return FixedProblemDraft(
        here.draft("Lamp is out", **values), "Changed the lamp", [Upload("lamp.txt", [b"lit"])]
    )


def test_the_fast_lane_still_takes_a_second_person(here: World) -> None:
    liaison = here.people["liaison_d1"]
    problems = operations.report_fixed_problems(drafts=[fixed(here)], actor=liaison, now=NOW)
    assert [m.record.state for m in here.measures(problems)] == ["claimed"]
    assert fresh_state(problems[0]) == "claimed"
    appointed(here, "liaison_d1", "inspector", "M")
    with pytest.raises(CannotRequestVerification, match="second person"):
        operations.request_verifications(
            problems=problems, inspector=liaison, actor=here.coordinator, now=NOW
        )
    verifications = here.requested(fresh(problems))
    operations.pass_verifications(
        verifications=verifications,
        items=here.items(verifications),
        actor=here.people["inspector"],
        now=NOW,
    )
    assert fresh_state(problems[0]) == "verified"


def test_what_was_put_right_was_known_by_then(here: World) -> None:
    liaison, day = here.people["liaison_d1"], TODAY - datetime.timedelta(3)
    early = replace(fixed(here, identified_on=TODAY), completed_on=day)
    with pytest.raises(CannotReportFixed, match="before it was identified"):
        operations.report_fixed_problems(drafts=[early], actor=liaison, now=NOW)
    unsaid = replace(fixed(here), completed_on=day)
    [problem] = operations.report_fixed_problems(drafts=[unsaid], actor=liaison, now=NOW)
    assert (problem.identified_on, problem.record.opened_on) == (day, day)


def test_the_fast_lane_asks_for_evidence_criterion_and_above_low_the_cause(here: World) -> None:
    good = fixed(here)
    for draft in (
        FixedProblemDraft(good.problem, good.measure, []),
        FixedProblemDraft(good.problem, " ", good.uploads),
        fixed(here, closure_criterion=""),
        fixed(here, severity="high"),
    ):
        with pytest.raises(CannotReportFixed):
            operations.report_fixed_problems(
                drafts=[draft], actor=here.people["liaison_d1"], now=NOW
            )
    assert not Record.objects.exists()


def test_a_source_ends_its_own_problems_only(here: World) -> None:
    native = here.identified()
    imported = here.identified(source_name="TAIC", identified_on=datetime.date(2023, 5, 1))
    early = datetime.date(2023, 4, 30)
    for endings in (
        [Ending(native[0])],
        [Ending(imported[0], closed_on=early)],
    ):
        with pytest.raises(CannotAdoptEnding):
            operations.adopt_endings(
                endings=endings, source="TAIC", actor=here.coordinator, now=NOW
            )
    with pytest.raises(CannotAdoptEnding):
        operations.adopt_endings(
            endings=[Ending(imported[0])], source="TAIC", actor=here.people["head_d2"], now=NOW
        )
    day = datetime.date(2023, 5, 20)
    operations.adopt_endings(
        endings=[Ending(imported[0], day, "Closed acceptable", "Replied")],
        source="TAIC",
        actor=here.people["liaison_d1"],
        now=NOW,
    )
    problem = fresh(imported)[0]
    assert (problem.record.state, problem.closed_on) == ("closed_by_source", day)
    assert list(
        problem.record.periods.order_by("pk").values_list("state", "starts_on", "ends_on")
    ) == [
        ("identified", datetime.date(2023, 5, 1), day),
        ("closed_by_source", day, None),
    ]
    assert problem.record.closures.get().is_from_source


def test_the_ledger_tells_the_same_of_imported_history_and_paper(here: World) -> None:
    days = [datetime.date(2023, 5, day) for day in (1, 9, 20)]
    imported = operations.identify_problems(
        drafts=[here.draft(identified_on=day, source_name="TAIC") for day in days],
        actor=here.coordinator,
        now=NOW,
    )
    operations.adopt_endings(
        endings=[
            Ending(problem, day + datetime.timedelta(5) if day.day > 1 else None)
            for problem, day in zip(imported, days, strict=True)
        ],
        source="TAIC",
        actor=here.coordinator,
        now=NOW,
    )
    operations.report_fixed_problems(drafts=[fixed(here)], actor=here.people["liaison_d1"], now=NOW)
    problems = here.assigned()
    operations.decline_problems(
        problems=problems,
        actor=here.people["liaison_d1"],
        now=NOW,
        reason="Not ours",
        paper=Paper(on=TODAY, number="3", scan="0" * 64, by=here.people["head_d1"].pk),
    )
    assert fresh(imported)[0].closed_on is None
    assert verify(keys=[]).differences == []


def test_a_problem_given_to_another_unit_is_not_left_with_a_person_of_the_first(
    here: World,
) -> None:
    problems = here.assigned()
    said = {"actor": here.coordinator, "now": NOW, "reason": "Theirs", "unit": here.units["D2"]}
    with pytest.raises(operations.CannotAssignProblem, match="say who is responsible"):
        operations.reassign_problems(problems=fresh(problems), **said)
    owner = here.people["liaison_d2"]
    operations.reassign_problems(problems=fresh(problems), owner=owner, **said)
    assert fresh(problems)[0].record.owner == owner
    # Within what is above or beneath, the same person can go on.
    back = said | {"unit": here.units["M"]}
    operations.reassign_problems(problems=fresh(problems), **back)
    assert fresh(problems)[0].record.owner == owner
