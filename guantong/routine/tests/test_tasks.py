"""Tasks are done once, told of, stopped, and taken again when their worker died."""

import datetime
import os
from collections.abc import Callable

import pytest
from django.test import Client

from guantong.people.models import Person
from guantong.people.tests.factories import cast
from guantong.project.checks import routine
from guantong.routine import progress, registry
from guantong.routine.models import Task, TaskState
from guantong.routine.operations import (
    CannotStopTask,
    ask_for,
    forget_tasks,
    perform_task,
    stop_task,
    take_task,
)
from guantong.routine.operations.tasks import is_lost, this_worker
from guantong.routine.queries import has_waited
from guantong.routine.registry import Done, Undertaking, Work, add_work
from guantong.units.models import Unit
from guantong.units.tests.factories import organisation

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 10, 2, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test's own work be the only one."""
    monkeypatch.setattr(registry, "_works", {})


def asked(run: Callable[[Undertaking], Done], asked_by: int | None = None) -> Task:
    add_work(Work("test.work", "Work", run))
    return ask_for(work="test.work", title="Count", asked_by=asked_by, now=NOW, arguments={"to": 3})


def perform(task: Task | None) -> Task:
    assert task is not None
    return perform_task(task=task, clock=lambda: NOW)


def counting(undertaking: Undertaking) -> Done:
    for number in range(undertaking.arguments["to"]):
        undertaking.tell("counting", number + 1, undertaking.arguments["to"])
    return Done("Counted.", "/there/")


def test_it_is_done_once_and_says_where_its_result_is():
    asked(counting)
    done = perform(take_task(now=NOW))
    assert (done.state, done.said, done.url) == (TaskState.DONE, "Counted.", "/there/")
    assert take_task(now=NOW) is None


def test_the_oldest_comes_first_and_one_worker_gets_it():
    first = asked(counting)
    second = ask_for(work="test.work", title="2", asked_by=None, now=NOW, arguments={"to": 1})
    taken = [take_task(now=NOW, worker="elsewhere:1"), take_task(now=NOW)]
    assert [task.pk for task in taken if task] == [first.pk, second.pk]


def test_how_far_it_is_shows_while_it_runs_and_is_forgotten_after():
    seen = []

    def run(undertaking: Undertaking) -> Done:
        undertaking.tell("half way", 1, 2)
        seen.append(progress.told(undertaking.task))
        return Done("")

    task = asked(run)
    perform(take_task(now=NOW))
    assert (seen[0].step, seen[0].percent) == ("half way", 50)
    assert progress.told(task.pk) is None
    assert progress.last_beat(task.pk) is None


def test_the_time_that_is_left_is_told_once_enough_is_known():
    said = progress.Progress("x", 50, 200, since=100.0)
    assert said.seconds_left(110.0) == 30
    assert progress.Progress("x", 1, 200, since=100.0).seconds_left(110.0) is None
    assert progress.Progress("x", 0, 0, since=100.0).seconds_left(110.0) is None


def test_what_waits_is_stopped_at_once():
    task = asked(counting)
    assert stop_task(task=task, now=NOW)
    assert take_task(now=NOW) is None
    with pytest.raises(CannotStopTask, match="ended already"):
        stop_task(task=task, now=NOW)


def test_what_runs_is_stopped_at_its_next_step():
    def run(undertaking: Undertaking) -> Done:
        undertaking.tell("one")
        stop_task(task=Task.objects.get(), now=NOW)
        undertaking.tell("two")
        raise AssertionError("it went on")

    asked(run)
    done = perform(take_task(now=NOW))
    assert done.state == TaskState.STOPPED
    assert not progress.is_to_stop(done.pk)


def test_a_refusal_is_said_in_its_words_and_a_fault_is_not():
    class CannotCount(Exception):
        pass

    def refuse(undertaking: Undertaking) -> Done:
        raise CannotCount("There is nothing to count.")

    asked(refuse)
    done = perform(take_task(now=NOW))
    assert (done.state, done.said) == (TaskState.FAILED, "There is nothing to count.")

    def break_down(undertaking: Undertaking) -> Done:
        raise ZeroDivisionError("division by zero")

    add_work(Work("test.fault", "Fault", break_down))
    ask_for(work="test.fault", title="x", asked_by=None, now=NOW, arguments={})
    done = perform(take_task(now=NOW))
    assert done.state == TaskState.FAILED
    assert "division" not in done.said
    assert "Try it once more" in done.said


def test_a_worker_is_known_to_be_dead():
    host = this_worker().rpartition(":")[0]
    workers = {
        this_worker(): True,
        f"{host}:999999999": True,
        f"{host}:{os.getppid()}": False,
        "elsewhere:1": False,
    }
    for worker, lost in workers.items():
        task = Task(pk=987654, worker=worker, state=TaskState.TAKEN, taken_at=NOW)
        assert is_lost(task, NOW) is lost, worker
        assert is_lost(task, NOW + HOUR), "after an hour without a sign of life, any is"


def test_what_its_worker_died_under_is_taken_again_and_given_up_in_the_end():
    task = asked(counting)
    for attempt in (1, 2, 3):
        taken = take_task(now=NOW + HOUR * attempt, worker="elsewhere:1")
        assert taken is not None
        assert taken.attempts == attempt
        assert take_task(now=NOW + HOUR * attempt, worker="other:1") is None
    assert take_task(now=NOW + HOUR * 9) is None
    task.refresh_from_db()
    assert task.state == TaskState.FAILED
    assert "begun 3 times" in task.said


def test_who_lost_a_task_does_not_write_its_end():
    asked(counting)
    first = take_task(now=NOW, worker="elsewhere:1")
    second = take_task(now=NOW + HOUR, worker="other:1")
    assert perform(first).state == TaskState.TAKEN
    assert perform(second).state == TaskState.DONE


def test_it_speaks_the_language_of_who_asked():
    from django.utils import translation

    def run(undertaking: Undertaking) -> Done:
        return Done(translation.get_language())

    add_work(Work("test.work", "Work", run))
    with translation.override("zh-hans"):
        ask_for(work="test.work", title="x", asked_by=None, now=NOW, arguments={})
    assert perform(take_task(now=NOW)).said == "zh-hans"


def test_what_ended_long_ago_is_forgotten():
    asked(counting)
    perform(take_task(now=NOW))
    assert forget_tasks(now=NOW + HOUR) == 0
    assert forget_tasks(now=NOW + datetime.timedelta(100)) == 1


def test_what_nobody_takes_is_said_to_wait():
    task = asked(counting)
    assert not has_waited(task, NOW)
    assert has_waited(task, NOW + HOUR)


@pytest.fixture
def people() -> dict[str, Person]:
    units: dict[str, Unit] = organisation()
    return cast(units)


def test_the_pages_are_for_who_asked(people: dict[str, Person]):
    task = asked(counting, people["liaison_d1"].pk)
    own, other = Client(headers={"accept-language": "en"}), Client()
    own.force_login(people["liaison_d1"])
    other.force_login(people["coordinator"])
    address = f"/long-work/{task.pk}/"
    assert "data-poll" in own.get(address).content.decode()
    assert other.get(address).status_code == 404
    assert other.get(f"{address}progress/").status_code == 404
    assert other.post(f"{address}stop/").status_code == 404
    perform(take_task(now=NOW))
    part = own.get(f"{address}progress/").content.decode()
    assert "data-poll" not in part
    assert 'href="/there/"' in part
    assert "Count" in own.get("/long-work/").content.decode()
    assert "Count" not in other.get("/long-work/").content.decode()
    assert own.get(f"{address}stop/").status_code == 405


def test_the_check_finds_what_no_worker_takes():
    asked(counting)
    found = [one.sentence for one in routine(NOW + HOUR)]
    assert "1 pieces of long work wait for a worker" in " ".join(found)
    assert "long work" not in " ".join(one.sentence for one in routine(NOW))
