"""Rule 2 attacked: no close without criterion, evidence, verification and determination."""

from __future__ import annotations

import pytest

from guantong.evidence.models import Attachment
from guantong.evidence.operations import withdraw_attachment
from guantong.records.operations import CannotCorrectRecord, correct_records
from guantong.rectification import operations
from guantong.rectification.models import Closure
from guantong.rectification.operations import (
    CannotAcceptMeasure,
    CannotClaimMeasure,
    CannotClaimProblem,
    CannotCloseProblem,
    CannotEndMeasure,
    CannotPlanProblem,
    CannotReopenProblem,
    CannotRequestVerification,
    CannotReturnProblem,
    CannotVerify,
    MeasureDraft,
)
from guantong.rectification.tests.factories import World, fresh, fresh_state
from guantong.units.tests.factories import NOW


def test_a_problem_that_is_only_claimed_is_not_closed(here: World) -> None:
    with pytest.raises(CannotCloseProblem, match="Verified"):
        operations.close_problems(
            problems=here.claimed(), determination="Done", actor=here.coordinator, now=NOW
        )


def test_a_determination_is_written(here: World) -> None:
    problems = here.verified()
    with pytest.raises(CannotCloseProblem, match="determination"):
        operations.close_problems(
            problems=problems, determination=" ", actor=here.coordinator, now=NOW
        )
    assert fresh_state(problems[0]) == "verified"
    assert not Closure.objects.exists()


def test_evidence_withdrawn_since_stops_the_closing(here: World) -> None:
    problems = here.verified()
    for attachment in Attachment.objects.all():
        withdraw_attachment(
            attachment=attachment, actor=here.coordinator, now=NOW, reason="Another furnace"
        )
    with pytest.raises(CannotCloseProblem, match="evidence"):
        operations.close_problems(
            problems=problems, determination="Done", actor=here.coordinator, now=NOW
        )


def test_the_criterion_stands_fast_once_the_problem_is_claimed(here: World) -> None:
    for problems in (here.claimed(), here.verified(), here.closed()):
        for name in ("closure_criterion", "root_cause", "severity"):
            with pytest.raises(CannotCorrectRecord, match=name.replace("_", " ")):
                correct_records(
                    details=problems,
                    actor=here.coordinator,
                    now=NOW,
                    changes={p.pk: {name: "low"} for p in problems},
                )


@pytest.mark.parametrize(
    ("missing", "word"), [("closure_criterion", "criterion"), ("root_cause", "root cause")]
)
def test_a_plan_needs_criterion_and_cause(here: World, missing: str, word: str) -> None:
    problems = here.assigned(**{missing: ""})
    head = here.people["head_d1"]
    operations.approve_measures(measures=here.proposed(problems), actor=head, now=NOW)
    with pytest.raises(CannotPlanProblem, match=word):
        operations.plan_problems(problems=problems, actor=head, now=NOW)
    operations.plan_problems(problems=problems, actor=head, now=NOW, **{missing: "Now written"})
    assert getattr(fresh(problems)[0], missing) == "Now written"


def test_at_low_severity_the_cause_may_wait(here: World) -> None:
    assert here.planned(root_cause="", severity="low")


def test_a_plan_needs_an_approved_measure(here: World) -> None:
    problems = here.assigned()
    head = here.people["head_d1"]
    for lacking in ("Propose one", "Approve one"):
        with pytest.raises(CannotPlanProblem, match=lacking):
            operations.plan_problems(problems=problems, actor=head, now=NOW)
        here.proposed(problems)


def test_a_claim_needs_every_live_measure_claimed(here: World) -> None:
    problems = here.planned()
    liaison = here.people["liaison_d1"]
    with pytest.raises(CannotClaimProblem, match="M-0001"):
        operations.claim_problems(problems=problems, actor=liaison, now=NOW)
    operations.withdraw_measures(
        measures=here.measures(problems), actor=here.people["head_d1"], now=NOW, reason="Too dear"
    )
    with pytest.raises(CannotClaimProblem, match="no measure"):
        operations.claim_problems(problems=problems, actor=liaison, now=NOW)


def test_a_measure_is_claimed_on_evidence_only(here: World) -> None:
    problems = here.planned()
    with pytest.raises(CannotClaimMeasure, match="evidence"):
        operations.claim_measures(
            measures=here.measures(problems), actor=here.people["liaison_d1"], now=NOW
        )


def test_a_measure_of_a_problem_is_accepted_by_its_verification_only(here: World) -> None:
    problems = here.claimed()
    with pytest.raises(CannotAcceptMeasure, match="verification of its problem"):
        operations.accept_measures(
            measures=here.measures(problems), actor=here.people["auditor"], now=NOW
        )


def test_a_measure_of_an_area_is_accepted_by_a_second_person(here: World) -> None:
    area = here.campaign.areas.first()
    measure = operations.propose_measures(
        drafts=[MeasureDraft("Build a test bench", area=area, unit=here.units["D1"])],
        actor=here.people["liaison_d1"],
        now=NOW,
    )
    operations.approve_measures(measures=measure, actor=here.people["head_d1"], now=NOW)
    here.attach(measure[0])
    operations.claim_measures(measures=measure, actor=here.people["liaison2_d1"], now=NOW)
    for name in ("liaison_d1", "liaison2_d1", "head_d1"):
        with pytest.raises(CannotAcceptMeasure, match="second person"):
            operations.accept_measures(measures=fresh(measure), actor=here.people[name], now=NOW)
    with pytest.raises(CannotAcceptMeasure):
        operations.accept_measures(measures=fresh(measure), actor=here.people["head_d2"], now=NOW)
    operations.accept_measures(measures=fresh(measure), actor=here.people["auditor"], now=NOW)
    assert fresh_state(measure[0]) == "accepted"


def test_what_is_being_judged_is_not_withdrawn(here: World) -> None:
    measures = here.measures(here.claimed())
    with pytest.raises(CannotEndMeasure, match="being judged"):
        operations.withdraw_measures(
            measures=measures, actor=here.people["head_d1"], now=NOW, reason="Inconvenient"
        )


@pytest.mark.parametrize("wrong", ["none", "criterion only", "empty text", "stranger", "unmet"])
def test_a_verdict_needs_a_finding_for_criterion_and_each_measure(here: World, wrong: str) -> None:
    verifications = here.requested(here.claimed())
    stranger = here.measures(here.planned())[0]
    items = here.items(verifications)
    pk = verifications[0].pk
    items[pk] = {
        "none": [],
        "criterion only": items[pk][:1],
        "empty text": [items[pk][0], operations.Item(" ", True, items[pk][1].measure)],
        "stranger": [*items[pk], operations.Item("seen", True, stranger.pk)],
        "unmet": [items[pk][0], operations.Item("not there", False, items[pk][1].measure)],
    }[wrong]
    with pytest.raises(CannotVerify):
        operations.pass_verifications(
            verifications=verifications, items=items, actor=here.people["inspector"], now=NOW
        )
    assert fresh_state(verifications[0]) == "requested"


def test_without_evidence_no_verdict(here: World) -> None:
    verifications = here.requested(here.claimed())
    items = here.items(verifications)
    for attachment in Attachment.objects.all():
        withdraw_attachment(
            attachment=attachment, actor=here.coordinator, now=NOW, reason="Another furnace"
        )
    with pytest.raises(CannotVerify, match="evidence"):
        operations.pass_verifications(
            verifications=verifications, items=items, actor=here.people["inspector"], now=NOW
        )


def test_a_problem_returned_meanwhile_is_not_verified(here: World) -> None:
    problems = here.claimed()
    verifications = here.requested(problems)
    items = here.items(verifications)
    operations.return_problems(
        problems=fresh(problems), actor=here.coordinator, now=NOW, reason="Logs are missing"
    )
    with pytest.raises(CannotVerify, match="nothing to judge"):
        operations.pass_verifications(
            verifications=verifications, items=items, actor=here.people["inspector"], now=NOW
        )


def test_one_verification_at_a_time(here: World) -> None:
    problems = here.claimed()
    here.requested(problems)
    with pytest.raises(CannotRequestVerification, match="under way"):
        here.requested(fresh(problems))


def test_who_claims_does_not_return_or_reopen(here: World) -> None:
    with pytest.raises(CannotReturnProblem):
        operations.return_problems(
            problems=here.claimed(), actor=here.people["liaison_d1"], now=NOW, reason="Oops"
        )
    with pytest.raises(CannotReopenProblem):
        operations.reopen_problems(
            problems=here.closed(), actor=here.people["head_d1"], now=NOW, reason="Oops"
        )
