"""The small demonstration: the same from the same seed, full of variety, true to its ledger."""

import datetime
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.db import transaction
from django.db.models import F, Q

from guantong.bulletins.models import Bulletin
from guantong.bulletins.operations import publishing
from guantong.campaigns.models import Campaign
from guantong.campaigns.queries import current_campaign
from guantong.demonstration.building import build
from guantong.demonstration.building.bulletins import publish
from guantong.demonstration.building.stage import moment
from guantong.demonstration.sizes import SIZES
from guantong.demonstration.tests.showing import (
    GREYED,
    LEFT_AGAIN,
    NEVER_REACHED,
    RULES,
    TOLD_OTHERWISE,
)
from guantong.demonstration.words.around import around_in
from guantong.directives.models import RequestItem
from guantong.exchange.models import ImportRun, RunState
from guantong.exchange.operations import may_release
from guantong.industry.models import Site
from guantong.ledger.models import Entry, Text
from guantong.overview.queries import waiting_for_handover
from guantong.overview.queries.weeks import FOLDER, WEEKS
from guantong.people.models import Appointment, Deputyship, Person, Role
from guantong.records.models import (
    Comment,
    Follow,
    Link,
    LinkKind,
    PaperDecision,
    Record,
    StatePeriod,
)
from guantong.records.queries import details_of, refusals_of
from guantong.records.registry import Kind, kinds
from guantong.records.rules import Transition
from guantong.study.models import Session
from guantong.units.models import Unit
from guantong.visits.models import Visit

TODAY = datetime.date(2024, 1, 12)
TINY = replace(
    SIZES["small"],
    departments=3,
    affiliated=2,
    universities=1,
    provinces=2,
    offices=4,
    projects=12,
    visits=16,
    findings=20,
    problems=24,
    measures=40,
    pace=40,
    office_pace=20,
)


def fingerprint() -> str:
    """What all entries say, without what is random in each: operation ids and salts."""
    texts: dict[int, list[object]] = {}
    for entry, field, value in Text.objects.order_by("entry_id", "field").values_list(
        "entry_id", "field", "value"
    ):
        texts.setdefault(entry, []).append([field, value])
    digest = hashlib.sha256()
    first = Entry.objects.order_by("pk").values_list("pk", flat=True)[0]
    for row in Entry.objects.order_by("pk").values_list(
        "pk", "recorded_at", "effective_on", "actor", "code", "subject_kind", "changes"
    ):
        entry, *said, changes = row
        plain = {
            name: value
            for name, value in changes.items()
            # Which operation carried an import's rows in is as random as the operations' ids.
            if not isinstance(value, dict) and not _is_id(value) and name != "operation"
        }
        digest.update(
            json.dumps(
                [
                    entry - first,
                    [str(each) for each in said[:2]],
                    said[3:],
                    plain,
                    texts.get(entry),
                ],
                default=str,
                sort_keys=True,
            ).encode()
        )
    return digest.hexdigest()


def _is_id(value: object) -> bool:
    """Whether a change is of keys, of one thing or of several: a sequence never gives one twice."""
    return isinstance(value, list) and any(
        type(each) is int or (isinstance(each, list) and _is_id(each)) for each in value
    )


@pytest.fixture(scope="module")
def demonstration(lasting):
    """Build it once for all tests of this module."""
    with pytest.MonkeyPatch.context() as patched:
        # Within this one transaction no checkpoint can cover the seals' entries.
        patched.setattr(publishing, "covering_checkpoint", lambda _one, _now: "")
        campaign = build(size=SIZES["small"], language="zh", seed=1, today=TODAY)
        publish(words=around_in("zh"), now=moment(TODAY))
    return campaign


def test_everything_is_marked_as_invented(demonstration):
    assert demonstration.is_demonstration
    assert "演示" in demonstration.name
    assert "示范" in Unit.objects.get(parent=None).name
    assert not Person.objects.exclude(name__contains="示").exists()


def test_there_is_one_person_for_each_role(demonstration):
    named = {
        (a.person.username, a.role)
        for a in Appointment.objects.filter(person__username__in=Role.values)
    }
    assert named == {(role, role) for role in Role.values}


def test_it_says_what_the_report_says(demonstration):
    held = Session.objects.filter(record__state="held")
    reading = held.filter(format="reading_class")
    assert reading.count() == 14
    assert reading.values("series").distinct().count() == 1
    assert sorted(
        reading.exclude(sitting_kind="ordinary").values_list("sitting_kind", flat=True)
    ) == [
        "closing",
        "exchange",
        "opening",
    ]
    groups = held.filter(format="study_group", mode="guided_seminar")
    assert groups.count() == held.filter(format="study_group").count() == 3
    lessons = held.filter(format="training_course", contributions__cohort="young_cadres")
    assert lessons.filter(contributions__sort="shared_experience").exists()
    led = Visit.objects.filter(
        is_led=True, record__state__in=["made", "written_up"], site__is_lead=True
    )
    assert led.values("site__sector").distinct().count() == 5
    projects = Record.objects.filter(
        kind="project", state__in=["approved", "reported", "converted", "completed"]
    )
    assert set(projects.values_list("unit__kind", flat=True)) == {
        "department",
        "affiliated",
        "university",
    }
    assert demonstration.areas.count() == 8
    assert demonstration.goals.count() == 4
    assert demonstration.session_formats.filter(sessions__record__state="planned").exists()
    assert demonstration.study_requirements.exists()


def test_every_state_was_reached(demonstration):
    reached = set(StatePeriod.objects.values_list("record__kind", "state"))
    wanted = {(kind.name, state.name) for kind in kinds() for state in kind.lifecycle.states}
    assert wanted - reached == set(NEVER_REACHED)


def test_every_ending_is_there_to_be_looked_at(demonstration):
    there = set(Record.objects.filter(campaign=demonstration).values_list("kind", "state"))
    endings = {
        (kind.name, state.name)
        for kind in kinds()
        for state in kind.lifecycle.states
        if state.is_final
    }
    assert endings - there == set(NEVER_REACHED) | set(LEFT_AGAIN)


def test_every_kind_has_records_and_every_step_was_taken(demonstration):
    """Steps that leave the state are told by their entries, all others by where they led."""
    counted = set(Record.objects.values_list("kind", flat=True))
    reached = set(StatePeriod.objects.values_list("record__kind", "state"))
    told = set(Entry.objects.values_list("code", flat=True))
    untaken = {
        (kind.name, step.name)
        for kind in kinds()
        for step in kind.lifecycle.transitions
        if (kind.name, step.target or "") not in reached and step.code not in told
    }
    otherwise = {step for step, rows in TOLD_OTHERWISE.items() if rows().exists()}
    assert {kind.name for kind in kinds()} == counted
    assert untaken - otherwise == set()


def test_kinds_say_truly_whether_they_have_a_person_responsible_and_a_due_day(demonstration):
    for kind in kinds():
        records = Record.objects.filter(kind=kind.name)
        said = (records.exclude(owner=None).exists(), records.exclude(due_on=None).exists())
        assert (kind.has_owner, kind.has_due_day) == said, kind.name


def test_what_happens_seldom_happened_once(demonstration):
    assert Link.objects.filter(source__kind="revisit", target__kind="visit").exists()
    assert Link.objects.filter(source__kind="inspection", target__kind="visit").exists()
    for code in (
        "ledger.text.blanked",
        "overview.page.given",
        "rectification.problem.reassigned",
    ):
        assert Entry.objects.filter(code=code).exists(), code


def test_what_the_system_writes_is_in_the_language_of_the_demonstration(demonstration):
    raised = Entry.objects.filter(code="records.record.escalated", actor=None).values("pk")
    reasons = set(Text.objects.filter(entry__in=raised, field="@reason").values_list("value"))
    assert reasons
    assert not any("grace" in value for (value,) in reasons)


def test_every_kind_of_link_but_the_unused_is_there(demonstration):
    there = set(Link.objects.values_list("kind", flat=True))
    assert set(LinkKind.values) - there <= {"related"}


def test_there_is_what_makes_a_campaign_real(demonstration):
    records = Record.objects
    assert PaperDecision.objects.exists()
    assert records.filter(is_priority=True).exists()
    assert records.filter(is_restricted=True).exists()
    assert records.filter(escalation_level__gt=0).exists()
    assert Entry.objects.filter(code="records.record.escalation_answered").exists()
    assert Entry.objects.filter(code="visits.visit.cleared_over_limits").exists()
    for code in ("explained", "joined", "merged"):
        assert Entry.objects.filter(code=f"visits.visit.{code}").exists(), code
    assert RequestItem.objects.exclude(held_as="").exists()
    assert RequestItem.objects.exclude(why_new="").exists()
    assert Link.objects.filter(source__kind="instruction", target__kind="measure").exists()
    for kind in ("finding", "idea"):
        assert Link.objects.filter(source__kind=kind, target__kind="instruction").exists(), kind
    assert Entry.objects.filter(code="rectification.problem.extended").exists()
    assert Entry.objects.filter(code="rectification.problem.reopened").exists()
    assert Visit.objects.filter(is_unannounced=True, record__state="written_up").exists()
    assert records.filter(kind="visit", is_hidden=True).exists()
    assert records.filter(kind="problem", due_on__gt=F("original_due_on")).exists()
    overdue = records.filter(kind="problem").overdue(TODAY)
    assert overdue.exclude(state="closed").exists()


SUPERVISED = ("problem", "measure", "project", "drive", "instruction", "audit_query")


def test_people_act_and_not_the_system(demonstration):
    """Only the organisation and the campaign are set up by nobody; all else somebody did."""
    nobody = set(Entry.objects.filter(actor=None).values_list("subject_kind", flat=True))
    assert nobody <= {
        "unit",
        "unit parent",
        "person",
        "appointment",
        "campaign",
        "goal",
        "area",
        "session format",
        "study requirement",
        "working day",
        "revisit",
        "draw",
        "drawn record",
        "closure",
        "link",
        *SUPERVISED,
    }
    raised = Entry.objects.filter(actor=None, subject_kind__in=SUPERVISED)
    assert set(raised.values_list("code", flat=True)) <= {
        "records.record.escalated",
        # A risk that was accepted until a day is so no longer after it.
        "rectification.problem.reopened",
    }


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_ledger():
    found = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            build(size=TINY, language="en", seed=seed, today=TODAY)
            assert Campaign.objects.filter(is_demonstration=True).count() == 2
            found.append(fingerprint())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[1] != found[2]


def test_people_are_away_leave_ask_and_follow(demonstration):
    assert Deputyship.objects.current(TODAY).exists()
    assert Entry.objects.filter(code="people.deputy.acted").exists()
    assert Entry.objects.filter(code="records.record.handed_over").exists()
    waiting = waiting_for_handover(campaign=demonstration, seen_by=None, on=TODAY)
    assert waiting
    questions = Comment.objects.filter(is_question=True)
    assert questions.filter(answered_by__isnull=False).exists()
    assert questions.filter(answered_by__isnull=True).exists()
    assert Follow.objects.exists()


def test_the_pilot_is_closed_and_what_it_left_open_goes_on(demonstration):
    pilot = Campaign.objects.get(code="pilot")
    assert pilot.closed_on is not None
    assert pilot.closed_on < demonstration.starts_on
    assert current_campaign() == demonstration
    was = Record.objects.filter(campaign=pilot, kind="problem")
    assert {"closed", "planned"} <= set(was.values_list("state", flat=True))
    carried = Link.objects.filter(kind=LinkKind.CARRIED_FORWARD, source__kind="problem")
    assert {link.source for link in carried} == set(was.unended())
    now = Record.objects.filter(pk__in=carried.values("target"))
    assert set(now.values_list("campaign", flat=True)) == {demonstration.pk}
    # They keep what they had, and went on since.
    assert all(link.source.due_on == link.target.original_due_on for link in carried)
    assert now.exclude(state__in=["identified", "assigned", "planned"]).exists()
    told = Entry.objects.filter(record__in=was).order_by("-recorded_at")
    assert told[0].code == "rectification.problem.carried_on"


def test_a_file_is_held_for_the_coordinator_who_did_not_bring_it(demonstration):
    [held] = ImportRun.objects.filter(state=RunState.HELD)
    assert held.outcome["counts"]["sites"]["turned_back"] == 30
    released = {
        name: may_release(run=held, actor=Person.objects.get(username=name), now=moment(TODAY))
        for name in Role.values
    }
    assert released == {name: name == "coordinator" for name in Role.values}
    assert not Site.objects.filter(code__in=["E0001", "E0002"], sector=None).exists()


def test_a_bulletin_was_withdrawn_for_its_correction(demonstration):
    bulletins = Bulletin.objects.select_related("record").order_by("pk")
    published, waiting = ["withdrawn", "published", "published"], ["signed", "review", "draft"]
    assert [bulletin.record.state for bulletin in bulletins] == [*published, *waiting]
    wrong, right = bulletins[:2]
    assert right.corrects == wrong
    assert [bulletin.issue for bulletin in bulletins] == ["1", "2", "3", "4", "5", "6"]
    assert Entry.objects.filter(code="bulletins.bulletin.withdrawn").count() == 1


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_seen_at_work(demonstration, rule):
    """Rule 12 stands beside every form; no record can show it."""
    assert RULES[rule]()


def _is_to_be_taken(kind: Kind, step: Transition, people: Sequence[Person]) -> bool:
    """Whether the page of some record offers one of these people the step, and not greyed."""
    waiting = Record.objects.filter(kind=kind.name, state__in=kind.lifecycle.starts_from(step))
    details = list(details_of(waiting).values())
    supplies = kind.moves[step.name].supplies
    return any(
        len(refusals_of(details, step, person=person, on=TODAY, supplied=supplies)) < len(details)
        for person in people
    )


@pytest.mark.parametrize("role", WEEKS)
def test_every_step_that_a_week_names_waits_for_somebody(demonstration, role):
    text = (FOLDER / "en" / f"{role}.md").read_text("utf-8")
    named = set(re.findall(r"\*\*(.+?)\*\*", text))
    holders = Appointment.objects.current(TODAY).filter(role=role).values("person")
    # Who reads has no role, but answers for something.
    held = Q(pk__in=holders) if role != "reader" else Q(appointments=None, parts=None)
    people = list(Person.objects.filter(held).distinct().order_by("pk"))
    steps = [(k, s) for k in kinds() for s in k.lifecycle.transitions]
    taken: set[str] = set()
    for kind, step in steps:
        if step.label in named - taken and step.name in kind.moves:
            taken |= {step.label} if _is_to_be_taken(kind, step, people) else set()
    offered = {step.label for kind, step in steps if step.name in kind.moves}
    assert (named & offered) - taken <= set(GREYED)
