"""My work holds what has its day, and what can only be sent back."""

import datetime

import pytest

from guantong.overview.queries import waiting_for
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.operations import correct_records
from guantong.records.queries import moves_of
from guantong.research.tests.factories import LATER, World, days
from guantong.study.operations import SessionDraft, plan_sessions
from guantong.units.tests.factories import NOW
from guantong.visits.operations import CannotMakeVisits, VisitDraft, make_visits, plan_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return World()


def steps(here: World, person: Person, record: Record, on: datetime.date) -> list[str]:
    person.forget_grants()
    waiting = waiting_for(person, campaign=here.campaign, on=on)
    return [step.name for one in waiting if one.record == record for step in one.steps]


def test_a_visit_is_entered_as_made_from_its_first_day_on(here: World) -> None:
    researcher = here.people["researcher_d1"]
    today = here.campaign.day_of(NOW)
    day = today + days(7)
    draft = VisitDraft(
        campaign=here.campaign,
        unit=here.units["D1"],
        title="Castings",
        site=here.sites["A1"],
        occasion=here.approved().record,
        starts_on=day,
        team=[researcher],
    )
    [visit] = plan_visits(drafts=[draft], actor=researcher, now=NOW)
    assert visit.record.state == "cleared"
    assert steps(here, researcher, visit.record, day - days(1)) == []
    assert steps(here, researcher, visit.record, day) == ["make"]
    moves = {move.transition.name: move for move in moves_of(visit, person=researcher, on=today)}
    assert "8 June 2023" in str(moves["make"].refusal), "it stands greyed, with its day"
    with pytest.raises(CannotMakeVisits, match="8 June 2023"):
        make_visits(visits=[visit], actor=researcher, now=NOW)


def test_a_session_waits_for_the_day_it_is_planned_for(here: World) -> None:
    liaison, today = here.people["liaison_d1"], here.campaign.day_of(NOW)
    drafts = [
        SessionDraft(
            campaign=here.campaign,
            unit=here.units["D1"],
            title="Reading",
            format="reading_class",
            planned_on=day,
        )
        for day in (today + days(3), None)
    ]
    coming, without_day = plan_sessions(drafts=drafts, actor=liaison, now=NOW)
    assert steps(here, liaison, coming.record, today) == []
    assert steps(here, liaison, coming.record, today + days(3)) == ["hold"]
    assert steps(here, liaison, without_day.record, today) == ["hold"]


def test_a_finding_that_concludes_nothing_waits_to_be_sent_back(here: World) -> None:
    finding = here.finding(here.approved().record, accept=False, finding_kind="problem")
    liaison, today = here.people["liaison_d1"], here.campaign.day_of(NOW)
    correct_records(
        details=[finding], actor=liaison, now=LATER, changes={finding.pk: {"concluded": ""}}
    )
    assert steps(here, here.people["head_d1"], finding.record, today) == [
        "return_finding",
        "reject",
    ]
    assert steps(here, here.people["researcher_d1"], finding.record, today) == []


def test_a_visit_to_be_cleared_stands_by_its_day_and_not_behind_all_that_is_due(
    here: World,
) -> None:
    researcher, coordinator = here.people["researcher_d1"], here.people["coordinator"]
    today = here.campaign.day_of(NOW)
    occasion = here.approved().record
    [project] = here.propose(here.draft(due_on=today + days(40)))
    later = project.record
    drafts = [
        VisitDraft(
            campaign=here.campaign,
            unit=here.units["D1"],
            title="Castings",
            site=here.sites["A1"],
            occasion=occasion,
            starts_on=today + days(7),
            team=[researcher],
        )
        for _time in range(2)
    ]
    crowded = plan_visits(drafts=drafts, actor=researcher, now=NOW)[1].record
    assert crowded.state == "draft"
    waiting = waiting_for(coordinator, campaign=here.campaign, on=today)
    assert [one.record for one in waiting] == [crowded, later]
    cut_off = waiting_for(coordinator, campaign=here.campaign, on=today, limit=1)
    assert [one.record for one in cut_off] == [crowded]
