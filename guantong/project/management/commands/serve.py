"""`guantong serve`: the web server, and beside it the workers of jobs and of long work."""

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext
from gunicorn.app.base import BaseApplication

from guantong.kit.collecting import collect_new
from guantong.kit.documents.fonts import NoChineseFont, chinese_fonts
from guantong.kit.statistics import refresh_statistics

LAST_PORT = 65535

# Seconds between two looks whether the workers live.
WATCHED = 2.0

log = logging.getLogger("guantong.serve")


class Server(BaseApplication):
    """Gunicorn, configured from here and from nowhere else."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options that were given."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Return the application."""
        from guantong.project.warming import warm_up
        from guantong.project.wsgi import application

        warm_up()
        # With preloading, connections opened so far would be shared by all workers.
        connections.close_all()
        # Nor need any worker walk what all of them have, in search of garbage.
        collect_new()
        return application


def why_not_free(host: str, port: int) -> str | None:
    """Return why nothing can listen there, or None."""
    if not 0 < port <= LAST_PORT:
        return gettext("ports are numbers from 1 to %(last)s") % {"last": LAST_PORT}
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
    except OSError as reason:
        return reason.strerror or str(reason)
    return None


def said_of_fonts() -> str:
    """Say which Chinese fonts documents and charts are drawn with, or that there is none.

    This only looks for them: what draws keeps threads, which no worker forked later would have.
    """
    found = chinese_fonts()
    if found is None:
        return str(NoChineseFont())
    return gettext("Documents are set in %(serif)s and %(sans)s.") % {
        "serif": found.serif,
        "sans": found.sans,
    }


class Beside:
    """A worker as a child process; it ends with this one, however this one ends."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.begin()

    def begin(self) -> None:
        # -P: whatever lies in the folder where somebody calls this is no module of ours.
        command = [sys.executable, "-P", "-m", "guantong.project.command", "work"]
        self.child = subprocess.Popen(
            [*command, "--only", self.part, "--parent", str(os.getpid())],
            env={**os.environ, "PYTHONPATH": str(settings.PACKAGE.parent)},
            stdout=subprocess.DEVNULL,
        )

    def end(self) -> None:
        try:
            self.child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.child.kill()


@contextmanager
def workers_beside() -> Iterator[None]:
    """Run the workers, one for jobs and one for what people ask for; one that died begins anew."""
    workers = [Beside("jobs"), Beside("tasks")]
    is_over = Event()

    def watch() -> None:
        while not is_over.wait(WATCHED):
            for worker in workers:
                if worker.child.poll() is not None and not is_over.is_set():
                    log.error("the worker of %s ended; another begins", worker.part)
                    worker.begin()

    watching = Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        is_over.set()
        watching.join()
        for worker in workers:
            worker.child.terminate()
        for worker in workers:
            worker.end()


def is_database_ready() -> bool:
    """Return whether the database has every table, in the shape that this version wants."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


class Command(BaseCommand):
    """Serves the campaign until it is stopped."""

    # Not lazy, since argparse takes texts only; read after the terminal's language was chosen.
    help = gettext("Serve the campaign to browsers")
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--workers", type=int, default=2, help=gettext("processes"))
        parser.add_argument(
            "--no-worker", action="store_true", help=gettext("“guantong work” runs elsewhere")
        )
        parser.add_argument("--threads", type=int, default=4, help=gettext("in each process"))

    def handle(
        self, *, port: int, host: str, workers: int, threads: int, no_worker: bool, **_: Any
    ) -> None:
        """Serve, saying where."""
        why = why_not_free(host, port)
        if why:
            other = port + 1 if 0 < port < LAST_PORT else 8000
            raise CommandError(
                gettext(
                    "Nothing can be served on %(host)s:%(port)s: %(why)s. Stop what runs there, "
                    "or choose another port with --port %(other)s."
                )
                % {"host": host, "port": port, "why": why, "other": other}
            )
        if not is_database_ready():
            raise CommandError(
                gettext(
                    "The database is not set up for this version: “guantong migrate” brings it "
                    "up to date, “guantong demo” makes a demonstration."
                )
            )
        refresh_statistics()
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{port}"
        said = gettext("Guantong is at %(address)s (Ctrl-C stops it).") % {"address": address}

        def say(_server: object) -> None:
            self.stdout.write(said)
            self.stdout.write(said_of_fonts())
            self.stdout.flush()

        sys.argv = ["guantong"]
        server = Server(
            {
                "bind": f"{shown}:{port}",
                "worker_class": "gthread",
                "workers": workers,
                "threads": threads,
                "preload_app": True,
                "when_ready": say,
                "loglevel": "warning",
                "proc_name": "guantong",
                "control_socket_disable": True,
                "graceful_timeout": 10,
            }
        )
        with nullcontext() if no_worker else workers_beside():
            server.run()
