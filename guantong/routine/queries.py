"""Reads of when which job ran and how it went, and of the tasks that people asked for."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from guantong.kit.days import organisation_zone
from guantong.routine.models import Outcome, Run, Task, TaskQuerySet, TaskState
from guantong.routine.registry import Job, jobs
from guantong.routine.rules import next_period

# Two missed ticks may be a restart; more are a worker that isn't there.
LATE = datetime.timedelta(minutes=5)
# A worker looks for tasks each second; one that is busy with another may take a while.
UNTOUCHED = datetime.timedelta(seconds=30)


@dataclass(frozen=True)
class JobLine:
    """One job, its last turns newest first, and when the next one begins."""

    job: Job
    runs: Sequence[Run]
    next_at: datetime.datetime | None

    @property
    def last(self) -> Run | None:
        return self.runs[0] if self.runs else None


def job_lines(*, size: int = 5) -> list[JobLine]:
    """Return each job with its last `size` turns."""
    lines = []
    for job in jobs():
        runs = list(Run.objects.of(job.name).order_by("-begins_at")[:size])
        zone = organisation_zone()
        following = (
            next_period(job.every, runs[0].begins_at, zone=zone, at=job.at) if runs else None
        )
        lines.append(JobLine(job, runs, following))
    return lines


def last_tick() -> datetime.datetime | None:
    """Return when a worker last took a turn of anything."""
    return Run.objects.order_by("-taken_at").values_list("taken_at", flat=True).first()


def is_working(now: datetime.datetime) -> bool:
    """Whether a worker ticks: it takes a turn every minute."""
    ticked = last_tick()
    return ticked is not None and now - ticked < LATE


def failed_runs(since: datetime.datetime) -> Sequence[Run]:
    """Return the turns that were given up since a moment, newest first."""
    return list(
        Run.objects.filter(outcome=Outcome.FAILED, ended_at__gte=since).order_by("-ended_at")
    )


def tasks_of(person: int) -> TaskQuerySet:
    """Return what a person has asked for, the newest first."""
    return Task.objects.asked_by(person).order_by("-pk")


def has_waited(task: Task, now: datetime.datetime) -> bool:
    """Whether a task waits for longer than a worker that is there would let it."""
    return task.state == TaskState.WAITING and now - task.asked_at > UNTOUCHED


def waiting_since(moment: datetime.datetime) -> int:
    """Return how many tasks were asked for before a moment and are not begun."""
    return Task.objects.filter(state=TaskState.WAITING, asked_at__lt=moment).count()
