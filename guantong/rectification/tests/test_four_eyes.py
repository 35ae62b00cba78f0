"""Rule 1 attacked: nobody judges what is their own doing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guantong.records.operations import CannotCorrectRecord, correct_records
from guantong.records.refusals import Refused
from guantong.rectification import operations
from guantong.rectification.operations import (
    CannotApproveMeasure,
    CannotReplaceVerifier,
    CannotRequestVerification,
    CannotVerify,
    MeasureDraft,
)
from guantong.rectification.tests.factories import World, appointed, fresh
from guantong.units.tests.factories import NOW


def test_nobody_approves_a_measure_that_they_wrote_or_own(here: World) -> None:
    problem = here.assigned()[0]
    head = here.people["head_d1"]
    appointed(here, "head_d1", "liaison", "D1")
    own, owned = operations.propose_measures(
        drafts=[MeasureDraft("Own", problem), MeasureDraft("Owned", problem, owner=head)],
        actor=head,
        now=NOW,
    )
    other = operations.propose_measures(
        drafts=[MeasureDraft("Owned by the head", problem, owner=head)],
        actor=here.people["liaison_d1"],
        now=NOW,
    )
    for measure in (own, owned, *other):
        with pytest.raises(CannotApproveMeasure, match="second person"):
            operations.approve_measures(measures=[measure], actor=head, now=NOW)
    operations.approve_measures(
        measures=fresh([own]), actor=here.people["head_m"], now=NOW
    )  # the head above is another pair of eyes


@pytest.mark.parametrize("name", ["liaison_d1", "head_d1", "owner_d1", "coordinator"])
def test_who_claimed_approved_owns_or_wrote_it_does_not_verify_it(here: World, name: str) -> None:
    inspector = appointed(here, name, "inspector", "M")
    problems = here.claimed()
    actor = appointed(here, "auditor", "coordinator", "M")
    with pytest.raises(CannotRequestVerification, match="second person"):
        operations.request_verifications(
            problems=problems, inspector=inspector, actor=actor, now=NOW
        )


def test_nobody_names_themselves_inspector(here: World) -> None:
    problems = here.claimed()
    actor = appointed(here, "inspector", "coordinator", "M")
    with pytest.raises(CannotRequestVerification, match="themselves"):
        operations.request_verifications(problems=problems, inspector=actor, actor=actor, now=NOW)


def test_who_is_no_inspector_is_not_named(here: World) -> None:
    with pytest.raises(CannotRequestVerification, match="not appointed as inspector"):
        operations.request_verifications(
            problems=here.claimed(),
            inspector=here.people["auditor"],
            actor=here.coordinator,
            now=NOW,
        )


def test_the_responsible_unit_does_not_judge_its_priority_problems(here: World) -> None:
    inspector = appointed(here, "researcher_d1", "inspector", "M")
    ordinary = here.claimed()
    priority = here.claimed(is_priority=True)
    with pytest.raises(CannotRequestVerification, match="priority"):
        operations.request_verifications(
            problems=priority, inspector=inspector, actor=here.coordinator, now=NOW
        )
    operations.request_verifications(
        problems=ordinary, inspector=inspector, actor=here.coordinator, now=NOW
    )


def test_the_unit_does_not_lift_the_priority_nor_anybody_under_judgement(here: World) -> None:
    for problems, actor in (
        (here.assigned(is_priority=True), here.people["liaison_d1"]),
        (here.claimed(is_priority=True), here.coordinator),
    ):
        with pytest.raises(CannotCorrectRecord, match="“priority”"):
            correct_records(
                details=problems,
                actor=actor,
                now=NOW,
                changes={p.pk: {"is_priority": False} for p in problems},
            )


def test_another_inspector_than_the_one_named_does_not_verify(here: World) -> None:
    verifications = here.requested(here.claimed())
    with pytest.raises(CannotVerify, match="inspector assigned"):
        operations.pass_verifications(
            verifications=verifications,
            items=here.items(verifications),
            actor=here.people["inspector2"],
            now=NOW,
        )


def test_a_replaced_verifier_has_no_say_any_more(here: World) -> None:
    verifications = here.requested(here.claimed(2))
    for inspector, actor, error in (
        (here.people["liaison_d1"], here.coordinator, CannotReplaceVerifier),
        (here.people["inspector2"], here.people["head_m"], CannotReplaceVerifier),
    ):
        with pytest.raises(error):
            operations.replace_verifiers(
                verifications=fresh(verifications),
                inspector=inspector,
                actor=actor,
                now=NOW,
                reason="Away",
            )
    operations.replace_verifiers(
        verifications=fresh(verifications),
        inspector=here.people["inspector2"],
        actor=here.coordinator,
        now=NOW,
        reason="Away",
    )
    verifications = fresh(verifications)
    items = here.items(verifications)
    with pytest.raises(CannotVerify):
        operations.pass_verifications(
            verifications=verifications, items=items, actor=here.people["inspector"], now=NOW
        )
    operations.pass_verifications(
        verifications=fresh(verifications),
        items=items,
        actor=here.people["inspector2"],
        now=NOW,
    )


def test_the_administrator_has_no_say(here: World) -> None:
    administrator = here.people["administrator"]
    calls: list[Callable[[], object]] = [
        lambda: operations.identify_problems(drafts=[here.draft()], actor=administrator, now=NOW),
        lambda: operations.void_problems(
            problems=here.identified(), actor=administrator, now=NOW, reason="Mine"
        ),
        lambda: operations.close_problems(
            problems=here.verified(), actor=administrator, now=NOW, determination="Fine"
        ),
    ]
    for call in calls:
        with pytest.raises(Refused):
            call()
