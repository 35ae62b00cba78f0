"""`guantong work`: the worker that does the recurring jobs."""

import os
import signal
import socket
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connections
from django.utils import timezone, translation
from django.utils.translation import gettext

from guantong.routine.operations import log, tick

MINUTE = 60


class Command(BaseCommand):
    """Ticks each minute until it is stopped; what it has begun it brings to its end."""

    help = gettext("Do the recurring jobs, each minute what is due (guantong serve does it too)")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help=gettext("one tick, then leave"))
        parser.add_argument(
            "--parent", type=int, default=0, help=gettext("leave when this process has ended")
        )

    def handle(self, *, once: bool, parent: int, **_: Any) -> None:
        """Tick now, then at the beginning of each minute."""
        self.is_stopping = False
        self.parent = parent
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        worker = f"{socket.gethostname()[:60]}:{os.getpid()}"
        while not self.should_leave():
            for line in self.tick(worker):
                self.stdout.write(line)
            self.stdout.flush()
            if once:
                return
            self.sleep()

    def tick(self, worker: str) -> list[str]:
        """Take one tick; whatever goes wrong with it, there is a next one."""
        close_old_connections()
        try:
            # What jobs say and write is for everybody, in the installation's own language.
            with translation.override(settings.LANGUAGE_CODE):
                ended = tick(now=timezone.now(), worker=worker, clock=timezone.now)
        except Exception:
            log.exception("the tick failed")
            connections.close_all()
            return []
        return [f"{run.job}: {run.said}" for run in ended if run.said]

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def should_leave(self) -> bool:
        return self.is_stopping or bool(self.parent and os.getppid() != self.parent)

    def sleep(self) -> None:
        """Wait for the next minute, but look up each second whether to leave."""
        until = (time.time() // MINUTE + 1) * MINUTE
        while time.time() < until and not self.should_leave():
            time.sleep(min(1, max(until - time.time(), 0.01)))
