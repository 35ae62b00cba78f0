"""The server says where it is, says why when it can't be, and two run side by side."""

import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import override_settings

from guantong.overview.queries.flows import all_flows
from guantong.project.management.commands.serve import why_not_free
from guantong.project.warming import warm_up
from guantong.records.operations import link_records
from guantong.study.tests.factories import planned, world
from guantong.units.tests.factories import NOW
from tests.architecture.order import ROOT
from tests.setup.shell import environment


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


# Seconds that a busy machine may take.
PATIENCE = 60


def guantong(*words: str) -> list[str]:
    """Return the command line."""
    return [sys.executable, "-m", "guantong.project.command", *words]


@contextmanager
def serving(home: Path, port: int) -> Iterator[str]:
    """Serve an installation, and give its address once it says so."""
    said = home.with_name(f"{home.name}.said")
    with said.open("w") as output:
        # Into a file, not a pipe: a full pipe that nobody reads would hold the server up.
        server = subprocess.Popen(
            guantong("serve", "--port", str(port), "--workers", "1"),
            cwd=ROOT, env=environment(home), stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE
        while f"Guantong is at {address} (Ctrl-C stops it)." not in said.read_text():
            assert time.monotonic() < deadline, said.read_text()
            assert server.poll() is None, said.read_text()
            time.sleep(0.1)
        yield address
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=PATIENCE)


def answer(address: str) -> tuple[int, dict[str, str]]:
    """Return status and headers of a page, waiting for the first worker to be ready."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return response.status, dict(response.headers)
        except urllib.error.HTTPError as refusal:
            return refusal.code, dict(refusal.headers)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address}")


def test_two_installations_are_served_side_by_side(migrated: Path, tmp_path: Path):
    one, other = (Path(shutil.copytree(migrated, tmp_path / name)) for name in ("one", "other"))
    with ExitStack() as stack:
        first = stack.enter_context(serving(one, free_port()))
        second = stack.enter_context(serving(other, free_port()))
        policies = [
            answer(f"{at}/no-such-page")[1]["Content-Security-Policy"] for at in (first, second)
        ]
        assert all("default-src 'self'" in policy for policy in policies)
        assert all("unsafe" not in policy for policy in policies)
        with pytest.raises(subprocess.CalledProcessError) as refused:
            subprocess.run(
                guantong("serve", "--port", first.rsplit(":", 1)[1]),
                cwd=ROOT, env=environment(one), check=True, capture_output=True, text=True,
            )  # fmt: skip
    assert refused.value.returncode == 1
    assert re.search(r"choose another port with --port \d+", refused.value.stderr)
    assert "Traceback" not in refused.value.stderr
    assert (one / "guantong.sqlite3").exists()
    assert (other / "guantong.sqlite3").exists()


def children_working(parent: int) -> list[int]:
    """Return the process ids of workers that belong to a server."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"work" in words and str(parent).encode() in words:
            found.append(int(folder.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are looked up there")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_workers_begin_anew_and_end_with_the_server(empty_home: Path, ending: signal.Signals):
    home = empty_home
    server = subprocess.Popen(
        guantong("serve", "--port", str(free_port()), "--workers", "1"),
        cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout
    assert server.stdout.readline().startswith("Guantong is at")
    deadline = time.monotonic() + 60
    while not has_turns(home) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert has_turns(home), "the worker takes its first turns at once"
    first = children_working(server.pid)
    assert len(first) == 2, "one for jobs, one for what people ask for"
    os.kill(first[0], signal.SIGKILL)
    while True:
        now = children_working(server.pid)
        if len(now) == 2 and set(now) != set(first):
            break
        assert time.monotonic() < deadline + 30, "a worker that died begins anew"
        time.sleep(0.2)
    server.send_signal(ending)
    server.wait(timeout=PATIENCE)
    while children_working(server.pid) and time.monotonic() < deadline + 60:
        time.sleep(0.2)
    assert children_working(server.pid) == []


def has_turns(home: Path) -> bool:
    with sqlite3.connect(home / "guantong.sqlite3") as database:
        [(count,)] = database.execute(
            "SELECT count(*) FROM routine_run WHERE outcome = 'done'"
        ).fetchall()
    return bool(count)


@pytest.mark.parametrize("port", [-1, 65_536, 99_999])
def test_a_port_that_there_is_not_is_said_to_be_none(port: int):
    assert why_not_free("127.0.0.1", port) == "ports are numbers from 1 to 65535"


@pytest.mark.django_db
def test_links_are_counted_before_anybody_asks(django_assert_num_queries):
    local = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with override_settings(CACHES=local):
        cache.clear()
        here = world()
        one, other = planned(here).record, planned(here).record
        coordinator = here.people["coordinator"]
        link_records(pairs=[(one, other)], kind="related", actor=coordinator, now=NOW)
        warm_up()
        # How many links there are, and which are new.
        with django_assert_num_queries(2):
            assert all_flows(here.campaign) == {("session", "session"): 1}
        cache.clear()


def test_the_demonstration_draws_its_charts_in_the_server_that_follows_on_building(tmp_path: Path):
    """What drew the bulletins while it was built kept threads, for which each chart then waited."""
    home, port = tmp_path / "one", free_port()
    said = tmp_path / "said"
    with said.open("w") as output:
        server = subprocess.Popen(
            guantong("demo", "--port", str(port)),
            cwd=ROOT, env=environment(home), stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 5 * PATIENCE
        while f"Guantong is at {address}" not in said.read_text():
            assert time.monotonic() < deadline, said.read_text()
            assert server.poll() is None, said.read_text()
            time.sleep(0.2)
        visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        door = visitor.open(f"{address}/sign-in/", timeout=PATIENCE).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', door)
        place = re.search(r'action="(/sign-in/\d+/)"', door)
        assert token is not None
        assert place is not None
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1]}).encode()
        visitor.open(address + place[1], data, timeout=PATIENCE).close()
        figure = f"{address}/figures/rectification.problems_open/"
        assert "<svg" in visitor.open(figure, timeout=PATIENCE).read().decode()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=PATIENCE)
