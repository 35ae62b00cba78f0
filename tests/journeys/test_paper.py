"""Decisions taken on paper (代录): every step of a head or somebody above, through the page."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guantong.campaigns.operations import take_files
from guantong.directives.operations import InstructionDraft, issue_instructions
from guantong.ledger.models import Entry
from guantong.ledger.verification import verify
from guantong.overview.tests.factories import client_of
from guantong.people.models import Appointment
from guantong.people.operations import end_appointment
from guantong.records.models import PaperDecision, Record, StatePeriod
from guantong.records.operations import CannotMoveRecord, escalate_by_hand, move_records
from guantong.records.registry import Kind, kinds
from guantong.records.rules import ANYBODY_APPOINTED, Paper, Transition, Who
from guantong.records.views.papers import takes_paper
from guantong.rectification.models import Review
from guantong.rectification.operations import keep_long_term
from guantong.rectification.tests.factories import World, fresh_state, world
from guantong.units.tests.factories import NOW, TODAY

LEADERS = {Who.HEAD, Who.HEAD_ABOVE, Who.ABOVE}
# What the head notes as anybody of the unit does is no decision that waits for a signature.
NOT_DECISIONS = {("measure", "note_progress")}


def decisions_of_leaders() -> list[tuple[Kind, Transition]]:
    return [
        (kind, transition)
        for kind in kinds()
        for transition in kind.lifecycle.transitions
        if transition.by & LEADERS
        and not transition.by >= ANYBODY_APPOINTED
        and (kind.name, transition.name) not in NOT_DECISIONS
        and transition.name in kind.moves
    ]


@pytest.mark.parametrize(
    ("kind", "transition"), decisions_of_leaders(), ids=lambda one: getattr(one, "name", "")
)
def test_a_leader_may_have_decided_it_on_paper(kind: Kind, transition: Transition) -> None:
    assert takes_paper(kind.moves[transition.name])


def test_what_only_passes_values_on_takes_no_paper() -> None:
    [problem] = [kind for kind in kinds() if kind.name == "problem"]
    assert not takes_paper(problem.moves["propose_measures"])


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


@pytest.fixture
def client(here: World) -> Client:
    return client_of(here.people["liaison_d1"])


def paper(here: World, by: str = "head_d1", **said: Any) -> dict[str, Any]:
    return {
        "paper-by": here.people[by].username,
        "paper-on": "2023-06-01",
        "paper-number": "No. 12",
        "paper-scan": SimpleUploadedFile("page.pdf", b"%PDF-1.7 signed"),
        **said,
    }


def test_the_liaison_enters_it_and_it_counts_as_the_leaders(here: World, client: Client) -> None:
    [measure] = here.proposed(here.assigned())
    page = client.get(f"/r/{measure.pk}/").content.decode()
    assert f"/r/{measure.pk}/approve/?paper=1" in page
    done = client.post(f"/r/{measure.pk}/approve/?paper=1", paper(here))
    assert done.status_code == 302
    assert fresh_state(measure) == "approved"
    period = StatePeriod.objects.get(record=measure.pk, state="approved")
    assert period.by == here.people["head_d1"]
    assert period.recorded_by == here.people["liaison_d1"]
    decision = PaperDecision.objects.get(record=measure.pk)
    assert len(decision.scan) == 64
    page = client.get(f"/r/{measure.pk}/").content.decode()
    assert "On paper: Approve" in page
    assert "No. 12" in page


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"paper-number": ""}, "required"),
        ({"paper-scan": ""}, "required"),
        ({"paper-on": "2999-01-01"}, "on paper"),
    ],
)
def test_day_number_and_scan_are_asked(
    here: World, client: Client, said: dict[str, Any], why: str
) -> None:
    [measure] = here.proposed(here.assigned())
    page = client.post(f"/r/{measure.pk}/approve/?paper=1", paper(here, **said))
    assert page.status_code == 422
    assert why in page.content.decode()
    assert fresh_state(measure) == "proposed"


def test_a_leader_without_the_say_decides_nothing_on_paper_either(
    here: World, client: Client
) -> None:
    [measure] = here.proposed(here.assigned())
    page = client.post(f"/r/{measure.pk}/approve/?paper=1", paper(here, by="head_d2"))
    assert page.status_code == 422
    assert fresh_state(measure) == "proposed"


def test_a_campaign_without_uploads_asks_for_no_scan(here: World, client: Client) -> None:
    [measure] = here.proposed(here.assigned())
    take_files(campaign=here.campaign, takes_files=False, actor=None, now=NOW)
    page = client.get(f"/r/{measure.pk}/approve/?paper=1").content.decode()
    assert "paper-scan" not in page
    said = paper(here)
    del said["paper-scan"]
    assert client.post(f"/r/{measure.pk}/approve/?paper=1", said).status_code == 302
    assert PaperDecision.objects.get(record=measure.pk).scan == ""


def test_the_say_is_that_of_the_day_on_which_it_was_decided(here: World) -> None:
    head = here.people["head_d1"]
    [measure] = here.proposed(here.assigned())
    later = NOW + datetime.timedelta(20)
    held = Appointment.objects.get(person=head)
    end_appointment(appointment=held, ends_on=TODAY + datetime.timedelta(10), actor=None, now=NOW)
    head.forget_grants()
    liaison = here.people["liaison_d1"]
    late = Paper(on=TODAY + datetime.timedelta(12), number="1", scan="0" * 64, by=head.pk)
    with pytest.raises(CannotMoveRecord):
        move_records([measure], "approve", actor=liaison, now=later, paper=late)
    in_time = Paper(on=TODAY + datetime.timedelta(5), number="1", scan="0" * 64, by=head.pk)
    move_records([measure], "approve", actor=liaison, now=later, paper=in_time)
    assert fresh_state(measure) == "approved"
    assert Entry.objects.filter(code="records.paper.entered").count() == 1


def test_an_escalation_is_raised_and_answered_on_paper(here: World, client: Client) -> None:
    [problem] = here.planned()
    coordinator = client_of(here.coordinator)
    raised = coordinator.post(
        f"/r/{problem.pk}/escalate/?paper=1",
        paper(here, by="head_m", level="2", reason="Asked twice"),
    )
    assert raised.status_code == 302
    record = Record.objects.get(pk=problem.pk)
    assert record.escalation_level == 2
    answered = client.post(
        f"/r/{problem.pk}/answer_escalation/?paper=1", paper(here, reason="Ordered")
    )
    assert answered.status_code == 302
    record.refresh_from_db()
    assert record.escalation_level == 0
    decided = PaperDecision.objects.filter(record=problem.pk).order_by("pk")
    assert [(one.transition, one.decided_by) for one in decided] == [
        ("escalate", here.people["head_m"]),
        ("answer_escalation", here.people["head_d1"]),
    ]
    assert verify().is_clean


def test_an_answer_that_nobody_asked_for_is_not_offered_on_paper(
    here: World, client: Client
) -> None:
    [problem] = here.planned()
    page = client.get(f"/r/{problem.pk}/").content.decode()
    for answer in ("take_over", "answer_routing", "answer_escalation", "review"):
        assert f"/{answer}/?paper=1" not in page
    escalate_by_hand(details=[problem], level=1, actor=here.coordinator, now=NOW, reason="Late")
    page = client.get(f"/r/{problem.pk}/").content.decode()
    assert "/answer_escalation/?paper=1" in page


def test_a_review_on_paper_is_the_leaders_on_its_day(here: World, client: Client) -> None:
    [problem] = here.planned()
    head = here.people["head_d1"]
    keep_long_term(problems=[problem], review_on=TODAY + datetime.timedelta(9), actor=head, now=NOW)
    assert (
        client.post(f"/r/{problem.pk}/review/?paper=1", paper(here, reason="It holds")).status_code
        == 302
    )
    [review] = Review.objects.all()
    assert (review.author, review.reviewed_on) == (head, datetime.date(2023, 6, 1))


def test_which_measures_carry_an_instruction_out_is_decided_on_paper(
    here: World, client: Client
) -> None:
    [measure] = here.proposed(here.assigned())
    [instruction] = issue_instructions(
        drafts=[
            InstructionDraft(
                campaign=here.campaign,
                unit=here.units["D1"],
                title="Test every spare before it is stored",
                issued_on=TODAY,
                issued_by="The leading group",
            )
        ],
        actor=here.people["liaison_d1"],
        now=NOW,
    )
    done = client.post(
        f"/r/{instruction.pk}/carry_out/?paper=1",
        paper(here, measures=measure.record.reference, **{"paper-on": str(TODAY)}),
    )
    assert done.status_code == 302
    [decided] = PaperDecision.objects.filter(record=instruction.pk)
    assert (decided.transition, decided.decided_by) == ("carry_out", here.people["head_d1"])
