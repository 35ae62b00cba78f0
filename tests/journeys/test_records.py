"""What all records share, tried on problems: who sees, who corrects, what goes and what stays."""

from pathlib import Path

import pytest

from guantong.ledger.models import Entry, Text
from guantong.ledger.queries import story_of
from guantong.people.models import Person
from guantong.records.models import LinkKind, Record, StatePeriod
from guantong.records.operations import (
    CannotCorrectRecord,
    CannotEscalate,
    CannotLinkRecords,
    CannotNameParticipant,
    CannotRedact,
    answer_escalations,
    comment_on,
    correct_records,
    escalate_records,
    link_records,
    name_participants,
    name_partners,
    redact_record,
    unlink_records,
)
from guantong.records.queries import moves_of, thread_of
from guantong.records.refusals import Refused
from guantong.rectification.operations import (
    CannotAssignProblem,
    assign_problems,
)
from guantong.rectification.tests.factories import DUE, World, world
from guantong.units.tests.factories import NOW, TODAY


@pytest.fixture
def here(db: None, settings: object, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return world()


def seers(here: World, record: Record) -> set[str]:
    return {
        name
        for name, person in here.people.items()
        if Record.objects.visible_to(person, TODAY).filter(pk=record.pk).exists()
    }


ABOVE_D1 = {"coordinator", "auditor", "head_m"}
OF_D1 = {"head_d1", "liaison_d1", "liaison2_d1"}


def test_a_record_is_seen_by_its_unit_and_above(here: World) -> None:
    [problem] = here.identified()
    assert seers(here, problem.record) == ABOVE_D1 | OF_D1


def test_the_person_responsible_and_the_partner_unit_see_it_too(here: World) -> None:
    [problem] = here.assigned()
    name_partners(named=[(problem.record, here.units["D2"])], actor=here.coordinator, now=NOW)
    assert seers(here, problem.record) == ABOVE_D1 | OF_D1 | {
        "owner_d1",
        "head_d2",
        "liaison_d2",
    }


def test_a_unit_beneath_does_not_see_what_is_above_it(here: World) -> None:
    [problem] = here.identified(unit=here.units["O1"])
    assert seers(here, problem.record) == ABOVE_D1 | OF_D1 | {"head_o1", "liaison_o1"}


def test_a_restricted_record_is_for_named_persons_and_coordinators(here: World) -> None:
    [problem] = here.identified(is_restricted=True)
    assert seers(here, problem.record) == {"coordinator"}
    name_participants(
        named=[(problem.record, here.people["researcher_d2"])],
        part="reader",
        actor=here.coordinator,
        now=NOW,
    )
    assert seers(here, problem.record) == {"coordinator", "researcher_d2"}


def test_an_inspector_sees_what_is_assigned(here: World) -> None:
    [problem] = here.claimed()
    assert "inspector" not in seers(here, problem.record)
    here.requested([problem])
    assert "inspector" in seers(here, problem.record)
    assert "inspector2" not in seers(here, problem.record)


def test_visibility_asks_no_more_for_a_thousand_than_for_one(
    here: World, django_assert_max_num_queries: object
) -> None:
    here.identified(30)
    for name in ("liaison_d1", "researcher_d1", "auditor", "coordinator"):
        person = Person.objects.get(username=name)
        person.grants(TODAY)
        # One for the records; the tree is asked whether a role reaches from its top.
        with django_assert_max_num_queries(3):  # type: ignore[operator]
            list(Record.objects.visible_to(person, TODAY))


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("liaison_d1", True),
        ("coordinator", True),
        ("head_d1", False),
        ("auditor", False),
        ("liaison_d2", False),
        ("administrator", False),
    ],
)
def test_corrections_are_by_the_liaison_or_the_coordinator(
    here: World, name: str, may: bool
) -> None:
    [problem] = here.identified()
    before = Entry.objects.count()

    def correct() -> None:
        correct_records(
            details=[problem],
            actor=here.people[name],
            now=NOW,
            changes={problem.pk: {"title": "Furnace logs are lost"}},
        )

    if may:
        correct()
        told = next(iter(story_of(problem.pk)))
        assert Entry.objects.count() == before + 1
        assert "Furnace logs are lost" in str(told)
        assert "Problem 0" in str(told)
    else:
        with pytest.raises(CannotCorrectRecord):
            correct()
        assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("state", "state"),
        ("due_on", "due day"),
        ("original_due_on", "original due day"),
        ("reference", "reference"),
        ("author", "author"),
        ("escalation_level", "escalation level"),
    ],
)
def test_a_correction_is_no_way_around_a_decision(here: World, field: str, said: str) -> None:
    [problem] = here.identified()
    with pytest.raises(CannotCorrectRecord, match=f"“{said}”"):
        correct_records(
            details=[problem],
            actor=here.coordinator,
            now=NOW,
            changes={problem.pk: {field: None}},
        )


def test_redaction_takes_the_words_and_keeps_the_proof(here: World) -> None:
    [problem] = here.identified(root_cause="Told by Mr Example of the night shift")
    before = Text.objects.filter(value__contains="Mr Example").count()
    assert before == 1
    with pytest.raises(CannotRedact):
        redact_record(
            detail=problem,
            fields=["root_cause"],
            actor=here.people["administrator"],
            now=NOW,
            reason="a name",
        )
    with pytest.raises(CannotRedact, match="why"):
        redact_record(
            detail=problem, fields=["root_cause"], actor=here.coordinator, now=NOW, reason=" "
        )
    with pytest.raises(CannotRedact, match="severity"):
        redact_record(
            detail=problem, fields=["severity"], actor=here.coordinator, now=NOW, reason="a name"
        )
    redacted = redact_record(
        detail=problem,
        fields=["root_cause"],
        actor=here.coordinator,
        now=NOW,
        reason="A person's name",
    )
    assert redacted.root_cause == ""
    assert not Text.objects.filter(value__contains="Mr Example").exists()
    assert Text.objects.filter(value__contains="A person's name").count() == 1


def test_links_are_walked_both_ways_as_far_as_one_may_see(here: World) -> None:
    first, second = here.identified(2)
    [hidden] = here.identified(1, unit=here.units["D2"])
    pairs = [(first.record, second.record), (second.record, hidden.record)]
    link_records(pairs=pairs, kind=LinkKind.RELATED, actor=here.coordinator, now=NOW)
    again = link_records(pairs=pairs, kind=LinkKind.RELATED, actor=here.coordinator, now=NOW)
    assert again == []

    def walked(name: str, record: Record, upstream: bool) -> list[tuple[int, int]]:
        person = here.people[name]
        steps = thread_of(record, person=person, on=TODAY, upstream=upstream)
        return [(step.record.pk, step.depth) for step in steps]

    assert walked("coordinator", first.record, False) == [(second.pk, 1), (hidden.pk, 2)]
    assert walked("liaison_d1", first.record, False) == [(second.pk, 1)]
    assert walked("coordinator", hidden.record, True) == [(second.pk, 1), (first.pk, 2)]
    with pytest.raises(CannotLinkRecords, match="itself"):
        link_records(
            pairs=[(first.record, first.record)],
            kind=LinkKind.RELATED,
            actor=here.coordinator,
            now=NOW,
        )


def test_a_link_goes_only_with_a_reason_and_stays_in_the_ledger(here: World) -> None:
    first, second = here.identified(2)
    links = link_records(
        pairs=[(first.record, second.record)],
        kind=LinkKind.RELATED,
        actor=here.coordinator,
        now=NOW,
    )
    with pytest.raises(CannotLinkRecords, match="why"):
        unlink_records(links=links, actor=here.coordinator, now=NOW, reason="")
    unlink_records(links=links, actor=here.coordinator, now=NOW, reason="A slip")
    kept = Entry.objects.filter(code="records.link.removed").get()
    assert kept.changes["source"] == [first.pk, None]


def test_nobody_names_themselves_inspector(here: World) -> None:
    [problem] = here.identified()
    me = here.people["inspector"]
    with pytest.raises(CannotNameParticipant):
        name_participants(named=[(problem.record, me)], part="inspector", actor=me, now=NOW)


def test_an_escalation_is_raised_by_some_and_answered_by_the_head(here: World) -> None:
    [problem] = here.assigned()
    with pytest.raises(CannotEscalate):
        escalate_records(
            details=[problem], level=1, actor=here.people["liaison_d1"], now=NOW, reason="late"
        )
    escalate_records(details=[problem], level=2, actor=here.coordinator, now=NOW, reason="late")
    with pytest.raises(CannotEscalate, match="level 2"):
        escalate_records(details=[problem], level=1, actor=None, now=NOW, reason="late")
    with pytest.raises(CannotEscalate):
        answer_escalations(
            details=[problem], reason="soon", actor=here.people["liaison_d1"], now=NOW
        )
    answer_escalations(
        details=[problem], reason="Parts have come", actor=here.people["head_d1"], now=NOW
    )
    problem.record.refresh_from_db()
    assert problem.record.escalation_level == 0


def test_a_comment_says_something(here: World) -> None:
    [problem] = here.identified()
    with pytest.raises(Refused, match="Write something"):
        comment_on(record=problem.record, text="  ", actor=here.coordinator, now=NOW)
    question = comment_on(record=problem.record, text="Why?", actor=here.coordinator, now=NOW)
    answer = comment_on(
        record=problem.record,
        text="Because.",
        actor=here.people["liaison_d1"],
        now=NOW,
        answers=question,
    )
    assert list(problem.record.comments.all()) == [question, answer]


def test_two_who_decide_at_once_do_not_both_succeed(here: World) -> None:
    [problem] = here.identified()
    [same] = (
        type(problem)
        .objects.select_related("record__unit", "record__campaign")
        .filter(pk=problem.pk)
    )
    owner = here.people["owner_d1"]
    assign_problems(problems=[problem], owner=owner, due_on=DUE, actor=here.coordinator, now=NOW)
    with pytest.raises(CannotAssignProblem):
        assign_problems(problems=[same], owner=owner, due_on=DUE, actor=here.coordinator, now=NOW)
    states = StatePeriod.objects.filter(record=problem.record).order_by("pk")
    assert list(states.values_list("state", flat=True)) == ["identified", "assigned"]


def test_a_page_greys_what_it_will_refuse(here: World) -> None:
    [problem] = here.planned()
    liaison = here.people["liaison_d1"]
    moves = {m.transition.name: m.refusal for m in moves_of(problem, person=liaison, on=TODAY)}
    assert moves["claim"] is not None
    assert "measure" in moves["claim"].lower()
    for measure in here.measures([problem]):
        here.attach(measure)
    from guantong.rectification.operations import claim_measures

    claim_measures(measures=here.measures([problem]), actor=liaison, now=NOW)
    moves = {m.transition.name: m.refusal for m in moves_of(problem, person=liaison, on=TODAY)}
    assert moves["claim"] is None
