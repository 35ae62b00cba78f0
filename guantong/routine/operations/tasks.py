"""Tasks are asked for, taken, done once, stopped, and taken again where their worker died."""

from __future__ import annotations

import datetime
import os
import socket
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from guantong.routine import progress
from guantong.routine.models import OPEN, Task, TaskState
from guantong.routine.operations.turns import log
from guantong.routine.registry import Done, Stopped, Undertaking, work_called

# What kills its worker again and again isn't tried for ever.
MOST_ATTEMPTS = 3
# Seconds without a sign of life after which a worker elsewhere is held for dead.
SILENCE = 60
KEPT = datetime.timedelta(60)


class CannotStopTask(Exception):
    """The task has ended."""


class LastAttempt(Exception):
    """The task's workers died under it; it isn't taken again."""


def ask_for(
    *,
    work: str,
    title: str,
    asked_by: int | None,
    now: datetime.datetime,
    arguments: Mapping[str, Any],
) -> Task:
    """Ask for long work; workers see it once the transaction at hand is through."""
    work_called(work)
    return Task.objects.create(
        work=work,
        title=title[:300],
        asked_by=asked_by,
        language=translation.get_language() or "",
        arguments=dict(arguments),
        asked_at=now,
    )


def this_worker() -> str:
    return f"{socket.gethostname()[:60]}:{os.getpid()}"


def take_task(*, now: datetime.datetime, worker: str = "", only: Task | None = None) -> Task | None:
    """Take the task that waits longest, or whose worker died; None where there is none."""
    worker = worker or this_worker()
    tasks = Task.objects.open().order_by("pk")
    for task in tasks.filter(pk=only.pk) if only else tasks:
        if task.state == TaskState.TAKEN and not is_lost(task, now):
            continue
        if task.attempts >= MOST_ATTEMPTS:
            _give_up(task, now)
            continue
        found = Task.objects.filter(pk=task.pk, state=task.state, attempts=task.attempts)
        values = {
            "state": TaskState.TAKEN,
            "worker": worker,
            "attempts": task.attempts + 1,
            "taken_at": now,
        }
        if found.update(**values) == 1:
            for name, value in values.items():
                setattr(task, name, value)
            return task
    return None


def is_lost(task: Task, now: datetime.datetime) -> bool:
    """Whether the worker that took a task is dead: gone from this machine, or silent.

    Numbers of processes come again: one that is alive may be another's, so silence counts too.
    """
    host, _sign, number = task.worker.rpartition(":")
    is_here = host == socket.gethostname()[:60] and number.isdecimal()
    if task.worker == this_worker() or (is_here and not _is_alive(int(number))):
        return True
    beat = progress.last_beat(task.pk)
    last = beat if beat is not None else task.taken_at.timestamp() if task.taken_at else 0.0
    return now.timestamp() - last > SILENCE


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _give_up(task: Task, now: datetime.datetime) -> None:
    said = _(
        "It was begun %(count)s times and broke off each time. Nothing half-done is left. Tell the "
        "system administrator; they find more in the log."
    ) % {"count": task.attempts}
    log.error("task %s (%s): given up", task.pk, task.work, exc_info=LastAttempt())
    lost = Task.objects.mine(task)
    lost.update(state=TaskState.FAILED, said=said, ended_at=now)
    progress.forget(task.pk)


def perform_task(*, task: Task, clock: Callable[[], datetime.datetime]) -> Task:
    """Do a task that was taken, in the language of who asked, and write down what came of it."""
    with progress.beating(task.pk), translation.override(task.language or None):
        try:
            undertaking = Undertaking(task.pk, task.arguments, task.asked_by, clock())
            done = work_called(task.work).run(undertaking)
            state = TaskState.DONE
        except Stopped:
            done, state = Done(_("It was stopped. Nothing of it is left.")), TaskState.STOPPED
        except Exception as failure:
            done, state = _failed(task, failure), TaskState.FAILED
    values = {"state": state, "said": done.said, "url": done.url, "ended_at": clock()}
    mine = Task.objects.mine(task)
    if mine.update(**values) == 1:
        progress.forget(task.pk)
    task.refresh_from_db()
    return task


def _failed(task: Task, failure: Exception) -> Done:
    """Say why it failed: what was refused in its own words, all else as something for the log."""
    if type(failure).__name__.startswith("Cannot") or hasattr(failure, "refusals"):
        return Done(str(failure))
    log.error("task %s (%s) failed", task.pk, task.work, exc_info=failure)
    return Done(
        _(
            "It failed, and nothing half-done is left. Try it once more; if it fails again, tell "
            "the system administrator, who finds the cause in the log under task %(number)s."
        )
        % {"number": task.pk}
    )


def stop_task(*, task: Task, now: datetime.datetime) -> bool:
    """Stop a task at its next step; return whether it has ended already, not having begun."""
    waiting = Task.objects.filter(pk=task.pk, state=TaskState.WAITING)
    said = _("It was stopped before it began.")
    if waiting.update(state=TaskState.STOPPED, said=said, ended_at=now) == 1:
        return True
    if not Task.objects.filter(pk=task.pk, state__in=OPEN).exists():
        raise CannotStopTask(_("It has ended already; there is nothing left to stop."))
    progress.ask_to_stop(task.pk)
    return False


def forget_tasks(*, now: datetime.datetime) -> int:
    """Forget tasks that ended long ago; return how many they were."""
    with transaction.atomic():
        old = Task.objects.exclude(state__in=OPEN).filter(ended_at__lt=now - KEPT)
        count, _each = old.delete()
    return count
