"""A deputy acts as the absent person, says so, and is no second pair of eyes."""

import datetime

import pytest
from django.test import Client

from guantong.ledger.verification import verify
from guantong.people.models import Person
from guantong.people.operations import AppointmentDraft, appoint, name_deputy
from guantong.records.models import Record
from guantong.records.operations import correct_records
from guantong.records.queries import are_doers
from guantong.records.views.story import story_of
from guantong.rectification import operations
from guantong.rectification.operations import CannotApproveMeasure, CannotClaimProblem
from guantong.rectification.tests.factories import World, fresh, world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

WEEK = datetime.timedelta(7)


@pytest.fixture
def here() -> World:
    return world()


def stands_in(here: World, deputy: str, person: str, *, days: int = 7) -> Person:
    name_deputy(
        person=here.people[person],
        deputy=here.people[deputy],
        starts_on=TODAY,
        ends_on=TODAY + datetime.timedelta(days),
        actor=None,
        now=NOW,
    )
    return here.people[deputy]


def steps(here: World, record: Record) -> list[tuple[str, str]]:
    story = story_of(record, person=here.coordinator, on=TODAY)
    return [(step.actor, step.acting_for) for step in story.steps]


def test_a_deputy_approves_as_the_head_and_the_story_says_for_whom(here: World):
    problem = here.assigned()[0]
    [measure] = here.proposed([problem])
    deputy = here.people["liaison2_d1"]
    with pytest.raises(CannotApproveMeasure, match="unit head"):
        operations.approve_measures(measures=[measure], actor=deputy, now=NOW)
    stands_in(here, "liaison2_d1", "head_d1")
    operations.approve_measures(measures=[measure], actor=deputy, now=NOW)
    assert steps(here, measure.record)[0] == ("Liaison2 D1", "Head D1")
    # As liaison they act for nobody but themselves.
    correct_records(
        details=fresh([problem]),
        actor=deputy,
        now=NOW,
        changes={problem.pk: {"root_cause": "No reading was asked for"}},
    )
    assert steps(here, problem.record)[0] == ("Liaison2 D1", "")
    assert verify().is_clean


def test_a_deputy_claims_and_sees_what_the_absent_person_is_responsible_for(here: World):
    problem = here.planned()[0]
    for measure in here.measures([problem]):
        here.attach(measure)
    stranger = here.people["researcher_d2"]
    with pytest.raises(Exception, match="person responsible"):
        operations.claim_measures(measures=here.measures([problem]), actor=stranger, now=NOW)
    assert not Record.objects.visible_to(stranger, TODAY).filter(pk=problem.pk).exists()
    stands_in(here, "researcher_d2", "owner_d1")
    assert Record.objects.visible_to(stranger, TODAY).filter(pk=problem.pk).exists()
    operations.claim_measures(measures=here.measures([problem]), actor=stranger, now=NOW)
    operations.claim_problems(problems=fresh([problem]), actor=stranger, now=NOW)
    assert steps(here, problem.record)[0] == ("Researcher D2", "Owner D1")
    after = TODAY + WEEK
    assert not Record.objects.visible_to(stranger, after).filter(pk=problem.pk).exists()


def test_the_days_over_a_deputy_has_no_say(here: World):
    problem = here.planned()[0]
    stranger = stands_in(here, "researcher_d2", "owner_d1")
    late = NOW + WEEK
    with pytest.raises(CannotClaimProblem):
        operations.claim_problems(problems=[problem], actor=stranger, now=late)


def test_a_deputy_of_the_author_is_no_second_person(here: World):
    problem = here.assigned()[0]
    [measure] = here.proposed([problem])  # by liaison_d1
    stands_in(here, "head_d1", "liaison_d1")
    with pytest.raises(CannotApproveMeasure, match="second person"):
        operations.approve_measures(measures=[measure], actor=here.people["head_d1"], now=NOW)
    later = NOW + WEEK
    operations.approve_measures(measures=fresh([measure]), actor=here.people["head_d1"], now=later)


def test_whoever_was_stood_for_does_not_judge_what_the_deputy_did(here: World):
    problem = here.assigned()[0]
    stands_in(here, "liaison2_d1", "head_d1")
    drafts = [operations.MeasureDraft("By the deputy", problem)]
    [measure] = operations.propose_measures(
        drafts=drafts, actor=here.people["liaison2_d1"], now=NOW
    )
    back = NOW + WEEK
    with pytest.raises(CannotApproveMeasure, match="second person"):
        operations.approve_measures(measures=[measure], actor=here.people["head_d1"], now=back)
    # What the former deputy does afterwards is nobody's but their own.
    [own] = operations.propose_measures(drafts=drafts, actor=here.people["liaison2_d1"], now=back)
    operations.approve_measures(measures=[own], actor=here.people["head_d1"], now=back)


def test_the_unit_of_the_absent_person_counts_for_priority_records(here: World):
    problem = here.claimed(is_priority=True)[0]
    judge = stands_in(here, "auditor", "researcher_d1")
    assert are_doers([problem.record], judge, TODAY)[problem.pk]
    assert not are_doers([problem.record], judge, TODAY + WEEK)[problem.pk]


def test_a_deputy_enters_records_for_the_unit(here: World):
    deputy = here.people["researcher_d2"]
    stands_in(here, "researcher_d2", "liaison_d1")
    [problem] = operations.identify_problems(drafts=[here.draft()], actor=deputy, now=NOW)
    assert steps(here, problem.record)[-1] == ("Researcher D2", "Liaison D1")


def test_what_waits_for_the_absent_waits_for_the_deputy(here: World):
    [measure] = here.proposed(here.assigned())
    person = here.people["researcher_d2"]
    client = Client()
    client.force_login(person)
    assert measure.record.title not in client.get("/my-work/").content.decode()
    name_deputy(
        person=here.people["head_d1"],
        deputy=person,
        starts_on=datetime.date(2020, 1, 1),
        ends_on=datetime.date(2100, 1, 1),
        actor=None,
        now=datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
    )
    assert measure.record.title in client.get("/my-work/").content.decode()


def test_a_deputy_has_no_part_in_single_records(here: World):
    verifications = here.requested(here.claimed())
    deputy = stands_in(here, "auditor", "inspector")
    appoint(
        drafts=[AppointmentDraft(deputy, "inspector", here.units["M"])],
        actor=None,
        now=NOW,
        starts_on=TODAY,
    )
    with pytest.raises(operations.CannotVerify, match="inspector assigned"):
        operations.pass_verifications(
            verifications=verifications, items=here.items(verifications), actor=deputy, now=NOW
        )
