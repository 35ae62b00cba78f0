"""`guantong work`: the worker that does the recurring jobs, and the long work of people."""

import os
import signal
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connections
from django.utils import timezone, translation
from django.utils.translation import gettext

from guantong.routine.operations import log, perform_task, take_task, tick
from guantong.routine.operations.tasks import this_worker

MINUTE = 60
SECOND = 1


class Command(BaseCommand):
    """Ticks each minute and looks for tasks each second until it is stopped.

    What it has begun it brings to its end.
    """

    help = gettext("Do the recurring jobs and the long work asked for (guantong serve does it too)")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help=gettext("one tick, then leave"))
        parser.add_argument(
            "--only", choices=["jobs", "tasks"], help=gettext("the other half is done elsewhere")
        )
        parser.add_argument(
            "--parent", type=int, default=0, help=gettext("leave when this process has ended")
        )

    def handle(self, *, once: bool, parent: int, only: str | None, **_: Any) -> None:
        """Tick now and at the beginning of each minute; between, do what is asked for."""
        self.is_stopping, self.is_once, self.parent = False, once, parent
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        ticked = -1.0
        while not self.should_leave():
            minute = time.time() // MINUTE
            if only != "tasks" and minute > ticked:
                ticked = minute
                self.say(self.tick(this_worker()))
            if only != "jobs":
                self.say(self.do_tasks())
            if once:
                return
            time.sleep(SECOND)

    def say(self, lines: list[str]) -> None:
        for line in lines:
            self.stdout.write(line)
        self.stdout.flush()

    def do_tasks(self) -> list[str]:
        """Do what waits, the oldest first; whatever goes wrong with it, there is more to do.

        Who asked for one tick only is told what went wrong.
        """
        done = []
        try:
            while not self.should_leave() and (task := take_task(now=timezone.now())):
                perform_task(task=task, clock=timezone.now)
                done.append(f"{task.title}: {task.said}")
        except Exception:
            if self.is_once:
                raise
            log.exception("a task could not be taken or written down")
            connections.close_all()
        return done

    def tick(self, worker: str) -> list[str]:
        """Take one tick; whatever goes wrong with it, there is a next one."""
        close_old_connections()
        try:
            # What jobs say and write is for everybody, in the installation's own language.
            with translation.override(settings.LANGUAGE_CODE):
                ended = tick(now=timezone.now(), worker=worker, clock=timezone.now)
        except Exception:
            if self.is_once:
                raise
            log.exception("the tick failed")
            connections.close_all()
            return []
        return [f"{run.job}: {run.said}" for run in ended if run.said]

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def should_leave(self) -> bool:
        return self.is_stopping or bool(self.parent and os.getppid() != self.parent)
