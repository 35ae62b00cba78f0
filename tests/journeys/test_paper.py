"""Decisions taken on paper (代录): every step of a head or somebody above, through the page."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guantong.campaigns.operations import take_files
from guantong.ledger.models import Entry
from guantong.overview.tests.factories import client_of
from guantong.people.models import Appointment
from guantong.people.operations import end_appointment
from guantong.records.models import PaperDecision, StatePeriod
from guantong.records.operations import CannotMoveRecord, move_records
from guantong.records.registry import Kind, kinds
from guantong.records.rules import ANYBODY_APPOINTED, Paper, Transition, Who
from guantong.records.views.moves import takes_paper
from guantong.rectification.tests.factories import World, fresh_state, world
from guantong.units.tests.factories import NOW, TODAY

LEADERS = {Who.HEAD, Who.HEAD_ABOVE, Who.ABOVE}
# What the head of a unit does with the rest of it, what is looked at and what is answered, is no
# decision that waits for a signature.
NOT_DECISIONS = {
    ("measure", "note_progress"),
    ("problem", "review"),
    ("instruction", "carry_out"),
    *(
        (kind, step)
        for kind in ("problem", "measure")
        for step in ("escalate", "answer_escalation")
    ),
}


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
        "paper-by": here.people[by].pk,
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
