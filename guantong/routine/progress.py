"""How far a task is, whether its worker lives, and whether it is to stop: in files.

The work itself is often one long transaction. What is written in it nobody else sees before its
end, and on SQLite nobody else can write meanwhile; so what is said along the way goes past the
database. Where several machines work, they share the installation's folder for its files anyway.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread

from django.conf import settings

# Seconds: how often a worker shows that it lives, how often it says how far it is.
BEAT, SAID = 2.0, 0.2


@dataclass(frozen=True)
class Progress:
    """The step at hand, how much of it is done (of `total`, 0 where nobody knows), since when."""

    step: str
    done: int
    total: int
    since: float

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0

    def seconds_left(self, now: float) -> int | None:
        """How long the rest of the step takes if it goes on as it went; None where too little is
        known."""
        spent = now - self.since
        if not self.total or self.done * 50 < self.total or spent < 1:
            return None
        return max(1, round(spent / self.done * (self.total - self.done)))


def tell(task: int, progress: Progress) -> None:
    """Say how far a task is."""
    _write(_file(task, "progress"), json.dumps(asdict(progress)))


def told(task: int) -> Progress | None:
    """Return what was said last of a task."""
    try:
        return Progress(**json.loads(_file(task, "progress").read_text("utf-8")))
    except FileNotFoundError:
        return None


def ask_to_stop(task: int) -> None:
    _write(_file(task, "stop"), "")


def is_to_stop(task: int) -> bool:
    return _file(task, "stop").exists()


def last_beat(task: int) -> float | None:
    """Return when the task's worker last showed that it lives, in seconds of the clock."""
    try:
        return _file(task, "beat").stat().st_mtime
    except FileNotFoundError:
        return None


@contextmanager
def beating(task: int) -> Iterator[None]:
    """Show that this process lives for as long as it works on a task."""
    stop = Event()

    def beat() -> None:
        _write(_file(task, "beat"), "")
        while not stop.wait(BEAT):
            _write(_file(task, "beat"), "")

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def forget(task: int) -> None:
    """Take away what was said of a task that has ended."""
    for name in ("progress", "stop", "beat"):
        _file(task, name).unlink(missing_ok=True)


def now() -> float:
    return time.time()


def _file(task: int, name: str) -> Path:
    return Path(settings.HOME) / "tasks" / f"{task}.{name}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)
