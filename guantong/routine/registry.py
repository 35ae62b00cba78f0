"""What a recurring job and long work are, and those that apps declare in their `jobs.py`."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from guantong.routine import progress
from guantong.routine.rules import CatchUp, Every

# Daily jobs are done before the offices open.
MORNING = datetime.time(6, 0)


@dataclass(frozen=True)
class Turn:
    """One turn of a job: the period that it is for, the organisation's day of it, the moment."""

    begins_at: datetime.datetime
    day: datetime.date
    now: datetime.datetime


@dataclass(frozen=True)
class Job:
    """One thing that is done again and again by nobody in particular: the system.

    `work` returns what it did, in a sentence. Within one transaction the work and the word that it
    is done hold together or not at all; a job that has transactions of its own says so, and must
    bear to be done again after a crash. `lease` is how long a turn is left to one worker.
    """

    name: str
    label: Any
    every: Every
    work: Callable[[Turn], str]
    at: datetime.time = MORNING
    catch_up: CatchUp = CatchUp.ONCE
    is_one_transaction: bool = True
    lease: datetime.timedelta = datetime.timedelta(minutes=15)


_jobs: dict[str, Job] = {}


def add_job(job: Job) -> Job:
    """Make a job known under its name, which is that of its app and itself."""
    if job.name in _jobs:
        raise ValueError(f"the job {job.name} is declared twice")
    _jobs[job.name] = job
    return job


def jobs() -> list[Job]:
    """All jobs, in the order in which they are taken within one tick."""
    return list(_jobs.values())


class Stopped(Exception):
    """Whoever asked for the task wants it stopped; what isn't whole is undone."""


@dataclass
class Undertaking:
    """One task while it is done: what is asked, by whom, when; and what is said along the way."""

    task: int
    arguments: Mapping[str, Any]
    asked_by: int | None
    now: datetime.datetime
    _said: progress.Progress | None = field(default=None, init=False)
    _said_at: float = field(default=0.0, init=False)

    def tell(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say how far the work is, and stop here where that is wanted: this raises `Stopped`."""
        at = progress.now()
        is_new = self._said is None or self._said.step != step
        if not is_new and done < total and at - self._said_at < progress.SAID:
            return
        since = at if is_new or self._said is None else self._said.since
        self._said, self._said_at = progress.Progress(step, done, total, since), at
        progress.tell(self.task, self._said)
        if progress.is_to_stop(self.task):
            raise Stopped


@dataclass(frozen=True)
class Done:
    """What came of a task, in a sentence, and the page with its result."""

    said: str
    url: str = ""


@dataclass(frozen=True)
class Work:
    """One sort of long work that people ask for from a page.

    `run` must bear to be called again for the same task after a crash, and then do nothing twice.
    A refusal that it raises (an exception whose name begins with Cannot) is told to whoever asked.
    `origin(arguments)` gives the page of what it was asked for, to go on from where it was stopped.
    """

    name: str
    label: Any
    run: Callable[[Undertaking], Done]
    origin: Callable[[Mapping[str, Any]], str] | None = None


_works: dict[str, Work] = {}


def add_work(work: Work) -> Work:
    """Make a sort of long work known under its name, which is that of its app and itself."""
    if work.name in _works:
        raise ValueError(f"the work {work.name} is declared twice")
    _works[work.name] = work
    return work


def work_called(name: str) -> Work:
    return _works[name]
