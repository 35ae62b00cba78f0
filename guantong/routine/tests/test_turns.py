"""Turns are taken once, survive a crash, and are made good after downtime."""

import datetime
import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from guantong.routine import registry
from guantong.routine.models import Outcome, Run
from guantong.routine.operations import ATTEMPTS, LeaseLost, perform, retake, take, tick
from guantong.routine.queries import failed_runs, is_working, job_lines
from guantong.routine.registry import Job, Turn, add_job
from guantong.routine.rules import CatchUp, Every
from guantong.units.models import Unit

NOW = datetime.datetime(2026, 3, 10, 2, 0, tzinfo=datetime.UTC)
DAY, MINUTE = datetime.timedelta(1), datetime.timedelta(minutes=1)


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> dict[str, Job]:
    """Let a test's own jobs be the only ones."""
    known: dict[str, Job] = {}
    monkeypatch.setattr(registry, "_jobs", known)
    return known


def job(work: Callable[[Turn], str], **values: object) -> Job:
    values.setdefault("every", Every.DAY)
    return add_job(Job("test.job", "A job", work=work, **values))


def seen(turns: list[Turn], said: str = "") -> Callable[[Turn], str]:
    def work(turn: Turn) -> str:
        turns.append(turn)
        return said

    return work


def seen_days(days: list[int]) -> Callable[[Turn], str]:
    def work(turn: Turn) -> str:
        days.append(turn.day.day)
        return ""

    return work


def days_done() -> list[int]:
    done = Run.objects.filter(outcome=Outcome.DONE).order_by("begins_at")
    zone = datetime.timezone(datetime.timedelta(hours=8))
    return [run.begins_at.astimezone(zone).day for run in done]


@pytest.mark.django_db
def test_a_period_is_done_once_however_often_it_ticks(own: dict):
    turns: list[Turn] = []
    job(seen(turns, "done"))
    for minute in range(5):
        tick(now=NOW + minute * MINUTE, worker="a")
        tick(now=NOW + minute * MINUTE, worker="b")
    assert [turn.day.day for turn in turns] == [10]
    assert Run.objects.get().said == "done"


@pytest.mark.django_db
@pytest.mark.parametrize(("catch_up", "days"), [(CatchUp.EACH, [10, 11, 12, 13]),
                                                (CatchUp.ONCE, [10, 13])])  # fmt: skip
def test_downtime_is_made_good(own: dict, catch_up: CatchUp, days: list[int]):
    order: list[int] = []
    job(seen_days(order), catch_up=catch_up)
    tick(now=NOW, worker="a")
    tick(now=NOW + 3 * DAY, worker="a")
    assert order == days
    assert days_done() == days


@pytest.mark.django_db
def test_what_a_worker_left_is_taken_again_when_its_lease_is_over(own: dict):
    turns: list[Turn] = []
    known = job(seen(turns))
    take(job=known, begins_at=NOW - 4 * MINUTE * 60, now=NOW, worker="died")
    tick(now=NOW + MINUTE, worker="b")
    assert turns == [], "the other may still be at it"
    tick(now=NOW + known.lease + MINUTE, worker="b")
    assert len(turns) == 1
    run = Run.objects.get()
    assert (run.worker, run.attempts, run.outcome) == ("b", 2, Outcome.DONE)


@pytest.mark.django_db
def test_a_lost_turn_of_a_job_done_at_once_is_made_good_by_the_present_one(own: dict):
    order: list[int] = []
    known = job(seen_days(order))
    take(job=known, begins_at=NOW - 4 * MINUTE * 60, now=NOW, worker="died")
    tick(now=NOW + DAY, worker="b")
    assert order == [11]
    assert Run.objects.order_by("begins_at").first().outcome == Outcome.OVERTAKEN


@pytest.mark.django_db
def test_where_each_counts_later_turns_wait_for_an_older_one(own: dict):
    order: list[int] = []
    known = job(seen_days(order), catch_up=CatchUp.EACH,
                lease=2 * DAY)  # fmt: skip
    take(job=known, begins_at=NOW - 4 * MINUTE * 60, now=NOW, worker="slow")
    tick(now=NOW + DAY, worker="b")
    assert order == []
    tick(now=NOW + 2 * DAY + MINUTE, worker="b")
    assert order == [10, 11, 12]


@pytest.mark.django_db
def test_only_one_of_two_gets_what_was_lost(own: dict):
    known = job(lambda turn: "")
    run = take(job=known, begins_at=NOW, now=NOW, worker="died")
    assert run is not None
    assert take(job=known, begins_at=NOW, now=NOW, worker="b") is None
    one, other = Run.objects.get(), Run.objects.get()
    later = NOW + DAY
    assert retake(run=one, lease=known.lease, now=later, worker="b")
    assert not retake(run=other, lease=known.lease, now=later, worker="c")
    assert not perform(job=known, run=run, now=later), "whose lease is lost ends nothing"
    assert perform(job=known, run=one, now=later)


@pytest.mark.django_db(transaction=True)
def test_what_was_done_without_the_lease_is_undone(own: dict):
    def work(turn: Turn) -> str:
        Unit.objects.create(code="X", name="Made by a job")
        Run.objects.update(attempts=9, worker="another")
        return ""

    known = job(work)
    run = take(job=known, begins_at=NOW, now=NOW, worker="a")
    assert not perform(job=known, run=run, now=NOW)
    assert not Unit.objects.filter(code="X").exists()


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_is_tried_again_then_given_up_and_stops_no_other(own: dict):
    def fail(turn: Turn) -> str:
        Unit.objects.create(code="X", name="Half done")
        raise ValueError("no paper in the printer")

    job(fail)
    others: list[int] = []
    add_job(Job("test.other", "Another", Every.DAY, seen_days(others)))
    for minute in range(30):
        tick(now=NOW + minute * MINUTE, worker="a")
    run = Run.objects.get(job="test.job")
    assert (run.outcome, run.attempts) == (Outcome.FAILED, ATTEMPTS)
    assert "no paper in the printer" in run.said
    assert others == [10]
    assert failed_runs(NOW) == [run]
    assert not Unit.objects.filter(code="X").exists()
    tick(now=NOW + DAY, worker="a")
    assert Run.objects.filter(job="test.job").count() == 2, "tomorrow it has a turn again"


@pytest.mark.django_db
def test_old_turns_are_forgotten_but_not_the_last(own: dict):
    job(lambda turn: "", every=Every.MINUTE)
    tick(now=NOW, worker="a")
    tick(now=NOW + MINUTE, worker="a")
    assert Run.objects.count() == 2
    tick(now=NOW + 3 * DAY, worker="a")
    assert Run.objects.count() == 1
    assert is_working(NOW + 3 * DAY)
    assert not is_working(NOW + 4 * DAY)


@pytest.mark.django_db
def test_the_page_knows_what_comes_next(own: dict):
    job(lambda turn: "")
    [line] = job_lines()
    assert (line.last, line.next_at) == (None, None)
    tick(now=NOW, worker="a")
    [line] = job_lines()
    assert line.last.said == ""
    assert line.next_at == datetime.datetime(2026, 3, 10, 22, tzinfo=datetime.UTC)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_do_a_period_once(own: dict):
    done: list[int] = []
    job(seen_days(done))

    def work(name: str) -> None:
        try:
            tick(now=NOW, worker=name)
        finally:
            connections.close_all()

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        # Threads share one connection to a database in memory, which is no race at all.
        for number in range(4):
            work(f"w{number}")
    else:
        threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert done == [10]
    assert Run.objects.count() == 1


@pytest.mark.django_db
def test_work_within_its_transaction_sees_the_loss_of_the_lease(own: dict):
    known = job(lambda turn: "")
    run = take(job=known, begins_at=NOW, now=NOW, worker="a")
    Run.objects.update(worker="b")
    from guantong.routine.operations.turns import _end

    with pytest.raises(LeaseLost), transaction.atomic():
        _end(run, Outcome.DONE, "", NOW)


def test_a_job_is_declared_once(own: dict):
    job(lambda turn: "")
    with pytest.raises(ValueError, match="twice"):
        job(lambda turn: "")
