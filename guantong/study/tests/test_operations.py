import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guantong.ledger.models import Entry
from guantong.records.models import Link, Record, StatePeriod
from guantong.records.rules import Paper
from guantong.study.models import Attendance, Contribution, Session
from guantong.study.operations import (
    AttendanceDraft,
    CannotCancelSession,
    CannotDeclineIdea,
    CannotEnterContribution,
    CannotHoldSession,
    CannotLinkIdea,
    CannotOpenSeries,
    CannotPlanSession,
    CannotRaiseIdea,
    ContributionDraft,
    IdeaDraft,
    SeriesDraft,
    cancel_sessions,
    decline_ideas,
    enter_contributions,
    hold_sessions,
    link_ideas,
    name_attendances,
    open_series,
    plan_sessions,
    raise_ideas,
    remove_contributions,
)
from guantong.study.tests.factories import draft, held, planned, world
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - datetime.timedelta(1)


def test_a_liaison_plans_for_the_own_unit_and_below_and_nobody_elses():
    w = world()
    liaison = w.people["liaison_d1"]
    made = plan_sessions(drafts=[draft(w), draft(w, "O1")], actor=liaison, now=NOW)
    assert [s.record.reference for s in made] == ["S-0001", "S-0002"]
    assert [s.record.state for s in made] == ["planned", "planned"]
    with pytest.raises(CannotPlanSession, match="Zinc Department"):
        plan_sessions(drafts=[draft(w), draft(w, "D2")], actor=liaison, now=NOW)
    for name in ("head_d1", "researcher_d1", "auditor", "administrator", "inspector"):
        with pytest.raises(CannotPlanSession, match="Liaison or Coordinator"):
            plan_sessions(drafts=[draft(w)], actor=w.people[name], now=NOW)
    assert Session.objects.count() == 2


def test_a_session_is_held_on_its_own_day_with_its_head_count():
    w = world()
    session = planned(w, planned_on=YESTERDAY)
    with pytest.raises(CannotHoldSession, match="head count"):
        hold_sessions(sessions=[session], actor=w.people["liaison_d1"], now=NOW, held_on=YESTERDAY)
    hold_sessions(
        sessions=[session],
        actor=w.people["liaison_d1"],
        now=NOW,
        held_on=YESTERDAY,
        head_count=32,
    )
    session = Session.objects.get(pk=session.pk)
    assert (session.held_on, session.head_count, session.record.state) == (YESTERDAY, 32, "held")
    assert StatePeriod.objects.get(record=session.pk, state="held").starts_on == YESTERDAY
    entry = Entry.objects.get(code="study.session.held")
    assert entry.record == session.pk
    assert entry.effective_on == YESTERDAY
    assert entry.changes["head_count"] == [None, 32]


def test_no_session_is_held_tomorrow():
    w = world()
    session = planned(w)
    with pytest.raises(CannotHoldSession, match="future"):
        hold_sessions(
            sessions=[session],
            actor=w.people["liaison_d1"],
            now=NOW,
            held_on=TODAY + datetime.timedelta(1),
            head_count=5,
        )
    session.refresh_from_db()
    assert session.record.state == "planned"


def test_a_session_of_the_past_is_entered_as_held_in_one_go():
    w = world()
    session = held(w, on=YESTERDAY, planned_on=None)
    periods = list(StatePeriod.objects.filter(record=session.pk).order_by("pk"))
    assert [(p.state, p.starts_on) for p in periods] == [
        ("planned", YESTERDAY),
        ("held", YESTERDAY),
    ]
    assert len(set(Entry.objects.filter(record=session.pk).values_list("operation"))) == 1


def test_cancelling_needs_a_reason_and_ends_it():
    w = world()
    session = planned(w)
    liaison = w.people["liaison_d1"]
    with pytest.raises(CannotCancelSession, match="reason"):
        cancel_sessions(sessions=[session], actor=liaison, now=NOW, reason=" ")
    cancel_sessions(sessions=[session], actor=liaison, now=NOW, reason="The hall was flooded")
    assert Record.objects.get(pk=session.pk).state == "cancelled"
    with pytest.raises(CannotHoldSession):
        hold_sessions(sessions=[session], actor=liaison, now=NOW, head_count=3)


def test_a_series_has_each_sitting_once():
    w = world()
    liaison = w.people["liaison_d1"]
    series = open_series(
        drafts=[SeriesDraft(w.campaign, w.units["D1"], "Reading class")], actor=liaison, now=NOW
    )[0]
    with pytest.raises(CannotOpenSeries, match="Add sittings"):
        open_series(
            drafts=[SeriesDraft(w.campaign, w.units["D1"], "Reading class")],
            actor=liaison,
            now=NOW,
        )
    with pytest.raises(CannotOpenSeries, match="over Zinc Department"):
        open_series(
            drafts=[SeriesDraft(w.campaign, w.units["D2"], "Class")], actor=liaison, now=NOW
        )
    planned(w, series=series, sitting_number=1, sitting_kind="opening")
    with pytest.raises(CannotPlanSession, match="has a sitting number 1"):
        planned(w, series=series, sitting_number=1)
    with pytest.raises(CannotPlanSession, match="has a sitting number 2"):
        plan_sessions(
            drafts=[draft(w, series=series, sitting_number=2)] * 2, actor=liaison, now=NOW
        )
    with pytest.raises(CannotPlanSession, match="name the series"):
        planned(w, sitting_number=3)


def test_partner_units_see_the_session():
    w = world()
    session = planned(w, partners=[w.units["D2"]])
    other = planned(w)
    seen = Record.objects.visible_to(w.people["liaison_d2"], TODAY)
    assert list(seen) == [session.record]
    assert other.record not in seen


def test_contributions_belong_to_a_session_that_was_held():
    w = world()
    liaison = w.people["liaison_d1"]
    session = held(w)
    draft_of = ContributionDraft(session, "shared_experience", name="Li", cohort="young_cadres")
    rows = enter_contributions(drafts=[draft_of], actor=liaison, now=NOW)
    entry = Entry.objects.get(code="study.contribution.entered")
    assert entry.record == session.pk
    with pytest.raises(CannotEnterContribution, match="as held first"):
        enter_contributions(
            drafts=[ContributionDraft(planned(w), "spoke", name="Li")], actor=liaison, now=NOW
        )
    with pytest.raises(CannotEnterContribution, match="Name the person"):
        enter_contributions(
            drafts=[ContributionDraft(session, "spoke", name=" ")], actor=liaison, now=NOW
        )
    with pytest.raises(CannotEnterContribution, match="role"):
        enter_contributions(drafts=[draft_of], actor=w.people["liaison_d2"], now=NOW)
    with pytest.raises(CannotEnterContribution, match="why"):
        remove_contributions(contributions=rows, actor=liaison, now=NOW, reason="")
    remove_contributions(contributions=rows, actor=liaison, now=NOW, reason="It was Wang")
    assert not Contribution.objects.exists()
    assert Entry.objects.filter(code="study.contribution.removed", record=session.pk).exists()


def test_who_attended_is_named_once():
    w = world()
    session = held(w)
    names = [
        AttendanceDraft(session, person=w.people["owner_d1"]),
        AttendanceDraft(session, name="Guest"),
    ]
    for _ in range(2):
        name_attendances(drafts=names, actor=w.people["liaison_d1"], now=NOW)
    assert Attendance.objects.count() == 2


def test_an_idea_hangs_from_its_session_and_counts_from_that_day():
    w = world()
    session = held(w, on=YESTERDAY)
    idea = raise_ideas(
        drafts=[IdeaDraft(w.campaign, w.units["D1"], "A shared test bench", session=session)],
        actor=w.people["liaison_d1"],
        now=NOW,
    )[0]
    assert idea.record.opened_on == YESTERDAY
    link = Link.objects.get()
    assert (link.source_id, link.target_id, link.kind) == (session.pk, idea.pk, "raised")
    with pytest.raises(CannotRaiseIdea, match="role"):
        raise_ideas(
            drafts=[IdeaDraft(w.campaign, w.units["D1"], "Another")],
            actor=w.people["liaison_d2"],
            now=NOW,
        )


def some_idea(w):
    return raise_ideas(
        drafts=[IdeaDraft(w.campaign, w.units["D1"], "A shared test bench")],
        actor=w.people["liaison_d1"],
        now=NOW,
    )[0]


def test_an_idea_is_taken_up_only_by_something():
    w = world()
    idea, session, liaison = some_idea(w), held(w), w.people["liaison_d1"]
    with pytest.raises(CannotLinkIdea, match="takes this up"):
        link_ideas(ideas=[idea], actor=liaison, now=NOW)
    with pytest.raises(CannotLinkIdea, match="is taken up by a project"):
        link_ideas(ideas=[idea], actor=liaison, now=NOW, target=session.record)
    project = Record.objects.create(
        campaign=w.campaign,
        kind="project",
        unit=w.units["D1"],
        title="Test benches",
        state="approved",
        opened_on=TODAY,
    )
    with pytest.raises(CannotLinkIdea, match="is for"):
        link_ideas(ideas=[idea], actor=w.people["head_d1"], now=NOW, target=project)
    assert not Link.objects.exists()
    link_ideas(ideas=[idea], actor=liaison, now=NOW, target=project)
    assert Record.objects.get(pk=idea.pk).state == "linked"
    with pytest.raises(CannotDeclineIdea):
        decline_ideas(ideas=[idea], actor=w.people["head_d1"], now=NOW, reason="Late")


def test_no_action_is_a_heads_decision_with_a_reason_also_from_paper():
    w = world()
    idea = some_idea(w)
    with pytest.raises(CannotDeclineIdea, match="is for"):
        decline_ideas(ideas=[idea], actor=w.people["liaison_d1"], now=NOW, reason="No means")
    with pytest.raises(CannotDeclineIdea, match="reason"):
        decline_ideas(ideas=[idea], actor=w.people["head_d1"], now=NOW, reason="")
    paper = Paper(on=TODAY, number="7", scan="a" * 64, by=w.people["head_d1"].pk)
    decline_ideas(
        ideas=[idea],
        actor=w.people["liaison_d1"],
        now=NOW,
        reason="There is one already",
        paper=paper,
    )
    period = StatePeriod.objects.get(record=idea.pk, ends_on=None)
    assert (period.state, period.by, period.recorded_by) == (
        "no_action",
        w.people["head_d1"],
        w.people["liaison_d1"],
    )


def test_many_sessions_cost_the_queries_of_two():
    w = world()
    counts = []
    for number in (2, 40):
        drafts = [draft(w, held_on=TODAY, head_count=9) for _ in range(number)]
        coordinator = type(w.people["coordinator"]).objects.get(username="coordinator")
        with CaptureQueriesContext(connection) as queries:
            plan_sessions(drafts=drafts, actor=coordinator, now=NOW)
        counts.append(len(queries))
    assert Record.objects.filter(state="held").count() == 42
    assert counts[1] <= counts[0]
