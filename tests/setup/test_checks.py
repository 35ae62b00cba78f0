"""The look over an installation finds what is wrong, says what to do, and is silent otherwise."""

import datetime
import re

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from guantong.campaigns.operations import close_campaign
from guantong.ledger.operations import sequence_entries, sign_checkpoint
from guantong.people.models import Appointment
from guantong.people.operations import close_accounts, end_appointment
from guantong.project.checks import Severity, look_over
from guantong.records.operations import comment_on
from guantong.rectification.tests.factories import World, world
from guantong.routine.models import Outcome, Run
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    made = world()
    Run.objects.create(job="a.job", begins_at=NOW, worker="w", taken_at=NOW, lease_until=NOW,
                       outcome=Outcome.DONE)  # fmt: skip
    with override_settings(
        EMAIL_URL="console:", ADDRESS="https://guantong.example", ALLOWED_HOSTS=["127.0.0.1"]
    ):
        yield made


def found() -> dict[str, Severity]:
    return {one.sentence: one.severity for one in look_over(NOW)}


def only(words: str, severity: Severity) -> None:
    sentences = found()
    assert [s for s in sentences if re.search(words, s)] == list(sentences), sentences
    assert set(sentences.values()) == {severity}


def test_all_is_well(here: World):
    sequence_entries()
    assert found() == {}


def test_a_worker_that_is_not_there(here: World):
    sequence_entries()
    Run.objects.all().delete()
    only("No worker", Severity.WARNING)


def test_a_job_that_was_given_up(here: World):
    sequence_entries()
    Run.objects.create(job="b.job", begins_at=NOW, worker="w", taken_at=NOW, lease_until=NOW,
                       outcome=Outcome.FAILED, ended_at=NOW, said="No paper")  # fmt: skip
    only("b.job was given up: No paper", Severity.ERROR)


def test_entries_that_nobody_signs(here: World):
    only("under no checkpoint", Severity.WARNING)
    sequence_entries()
    sign_checkpoint(now=NOW)
    assert found() == {}


def test_an_installation_without_anything_says_how_to_begin():
    sentences = found()
    assert sentences["Nothing is set up yet: run “guantong init”."] == Severity.ERROR
    assert not any("administrator" in sentence for sentence in sentences)


def test_nobody_in_office(here: World):
    for role in ("administrator", "coordinator"):
        [appointment] = Appointment.objects.filter(role=role)
        end_appointment(appointment=appointment, ends_on=TODAY, actor=None, now=NOW)
    sequence_entries()
    only("system administrator|no coordinator", Severity.ERROR)


def test_what_waits_for_a_successor_or_an_answer(here: World):
    [problem] = here.planned()
    comment_on(record=problem.record, text="Why?", actor=here.coordinator, is_question=True,
               now=NOW - datetime.timedelta(8))  # fmt: skip
    close_accounts(people=[here.people["owner_d1"]], actor=None, now=NOW)
    sequence_entries()
    sentences = found()
    assert any("wait for a successor: 2" in s for s in sentences)
    assert any("Questions in" in s for s in sentences)
    close_campaign(campaign=here.campaign, actor=None, now=NOW)
    sequence_entries()
    only("which is closed", Severity.WARNING)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"DEBUG": True}, "GUANTONG_DEBUG"),
        ({"ALLOWED_HOSTS": ["guantong.example"], "IS_BEHIND_HTTPS": False}, "without HTTPS"),
    ],
)
def test_what_a_deployment_must_not_be(here: World, values: dict, words: str):
    sequence_entries()
    with override_settings(**values):
        only(words, Severity.ERROR)
    with override_settings(EMAIL_URL=""):
        only("No e-mail", Severity.NOTE)


def test_the_command_leaves_with_one_where_there_is_an_error(here: World, capsys):
    Run.objects.update(taken_at=timezone.now())
    with override_settings(DEBUG=True), pytest.raises(SystemExit) as left:
        call_command("check", "--jobs")
    assert left.value.code == 1
    said = capsys.readouterr().out
    assert said.startswith("error: GUANTONG_DEBUG")
    assert "ledger.sequence" in said
    Run.objects.update(taken_at=timezone.now())
    call_command("check", "--json")
    assert capsys.readouterr().out.startswith("[")
