"""Turns of recurring jobs are taken, done once, given up and forgotten."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any

from django.db import IntegrityError, transaction

from guantong.kit.days import organisation_zone
from guantong.routine.models import Outcome, Run, RunQuerySet
from guantong.routine.registry import Job, Turn, jobs
from guantong.routine.rules import CatchUp, Every, periods_due

# A turn that failed is tried again after 1, 2, 3, 4 minutes, then given up and shown.
ATTEMPTS = 5
PAUSE = datetime.timedelta(minutes=1)
# Turns of jobs that run every minute or hour are of no interest after a day.
KEPT = {Every.DAY: datetime.timedelta(400)}
KEPT_BRIEFLY = datetime.timedelta(1)

log = logging.getLogger("guantong.routine")


class LeaseLost(Exception):
    """The turn took longer than its lease and went to another worker; what was done is undone."""


def tick(
    *, now: datetime.datetime, worker: str, clock: Callable[[], datetime.datetime] | None = None
) -> list[Run]:
    """Take and do all turns that are due, each job's oldest first; return those that were ended.

    Any number of workers may tick at once: of one job and period one of them gets the turn. A job
    that fails stops no other.
    """
    ended = []
    for job in jobs():
        for run in _turns(job, now, worker):
            if not perform(job=job, run=run, now=clock() if clock else now):
                break
            ended.append(run)
        _forget(job, now)
    return ended


def _turns(job: Job, now: datetime.datetime, worker: str) -> Iterable[Run]:
    """Give the turns of a job that this worker got, oldest first.

    Where each period counts, later ones wait for an older one that is still under way; where all
    are made good at once, the present one takes the place of those that were lost.
    """
    runs = Run.objects.of(job.name)
    due = periods_due(
        job.every,
        last=runs.order_by("-begins_at").values_list("begins_at", flat=True).first(),
        now=now,
        zone=organisation_zone(),
        at=job.at,
        catch_up=job.catch_up,
    )
    if job.catch_up is CatchUp.EACH or not due:
        for lost in runs.lost(now).order_by("begins_at"):
            if retake(run=lost, lease=job.lease, now=now, worker=worker):
                yield lost
    if job.catch_up is CatchUp.EACH and runs.filter(outcome=Outcome.TAKEN).exists():
        return
    for begins_at in due:
        run = take(job=job, begins_at=begins_at, now=now, worker=worker)
        if run is None:
            return
        yield run


def take(
    *, job: Job, begins_at: datetime.datetime, now: datetime.datetime, worker: str
) -> Run | None:
    """Take the turn of a job for one period, or return None where another worker was first."""
    run = Run(
        job=job.name,
        begins_at=begins_at,
        worker=worker,
        taken_at=now,
        lease_until=now + job.lease,
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError:
        return None
    return run


def retake(*, run: Run, lease: datetime.timedelta, now: datetime.datetime, worker: str) -> bool:
    """Take a turn whose lease ran out; say whether this worker, and no other, got it."""
    lost = Run.objects.filter(pk=run.pk, attempts=run.attempts).lost(now)
    values: dict[str, Any] = {
        "worker": worker,
        "attempts": run.attempts + 1,
        "taken_at": now,
        "lease_until": now + lease,
    }
    if lost.update(**values) != 1:
        return False
    for name, value in values.items():
        setattr(run, name, value)
    return True


def perform(*, job: Job, run: Run, now: datetime.datetime) -> bool:
    """Do one turn and say so, once; return whether it was ended by this worker."""
    day = run.begins_at.astimezone(organisation_zone()).date()
    turn = Turn(begins_at=run.begins_at, day=day, now=now)
    try:
        with transaction.atomic() if job.is_one_transaction else nullcontext():
            said = job.work(turn)
            _end(run, Outcome.DONE, said, now)
    except LeaseLost:
        log.warning("%s: the turn of %s went to another worker", job.name, run.begins_at)
        return False
    except Exception as failure:
        log.exception("%s: the turn of %s failed", job.name, run.begins_at)
        return _fail(run, f"{type(failure).__name__}: {failure}", now)
    if job.catch_up is CatchUp.ONCE:
        earlier = Run.objects.of(job.name).lost(now).filter(begins_at__lt=run.begins_at)
        earlier.update(outcome=Outcome.OVERTAKEN, ended_at=now)
    return True


def _end(run: Run, outcome: Outcome, said: str, now: datetime.datetime) -> None:
    mine = _mine(run)
    if mine.update(outcome=outcome, said=said, ended_at=now) != 1:
        raise LeaseLost(run)
    run.outcome, run.said, run.ended_at = outcome, said, now


def _mine(run: Run) -> RunQuerySet:
    """The turn, if it is still this worker's and not ended."""
    mine = Run.objects.of(run.job).filter(begins_at=run.begins_at, outcome=Outcome.TAKEN)
    return mine.filter(worker=run.worker, attempts=run.attempts)


def _fail(run: Run, said: str, now: datetime.datetime) -> bool:
    """Leave the turn to be tried again soon, or give it up; later turns of the job wait for it."""
    if run.attempts >= ATTEMPTS:
        _end(run, Outcome.FAILED, said, now)
        return True
    mine = _mine(run)
    mine.update(said=said, lease_until=now + PAUSE * run.attempts)
    return False


def _forget(job: Job, now: datetime.datetime) -> None:
    """Forget old turns, but never the last one, after which the next is counted."""
    kept = KEPT.get(job.every, KEPT_BRIEFLY)
    runs = Run.objects.of(job.name)
    last = runs.order_by("-begins_at").values_list("begins_at", flat=True).first()
    if last is None:
        return
    old = runs.filter(begins_at__lt=min(now - kept, last), ended_at__isnull=False)
    old.delete()
