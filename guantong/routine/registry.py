"""What a recurring job is, and the jobs that apps declare in their `jobs.py`."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
