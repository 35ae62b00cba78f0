"""A PostgreSQL of our own: made for one run of the tests in a temporary folder, gone after it."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

LINUX_PR_SET_PDEATHSIG = 1


class PostgresNotFound(Exception):
    """Why no PostgreSQL can be had here, in a sentence."""


def find_binaries() -> Path:
    """Return the folder with `initdb` and `postgres`, newest first where Debian keeps several."""
    found = sorted(
        (path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()),
        key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0,
    )
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).parent / "postgres").exists():
        return Path(on_path).parent
    raise PostgresNotFound(
        "no PostgreSQL server is installed (on Debian and Ubuntu: apt install postgresql)"
    )


def find_account() -> pwd.struct_passwd:
    """Return whose account the server runs under; PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return pwd.getpwuid(os.getuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresNotFound("PostgreSQL does not run as root, and no other account was found")


def end_with_parent() -> None:
    """Ask the kernel to stop this process when the one that started it is gone."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(LINUX_PR_SET_PDEATHSIG, signal.SIGINT)


@contextmanager
def throwaway_postgres() -> Iterator[str]:
    """Yield the DATABASE_URL of a fresh server on a socket that only this machine sees."""
    binaries, account = find_binaries(), find_account()
    other: dict[str, Any] = {}
    if os.getuid() == 0:
        other = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    # Short: a socket's whole path may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="gtpg-", dir="/tmp"))
    os.chown(folder, account.pw_uid, account.pw_gid)
    data, log = folder / "data", folder / "log"
    try:
        initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "guantong", "-A", "trust", "-N"]
        made = subprocess.run(
            [*initdb, "--encoding=UTF8", "--locale=C.UTF-8"],
            cwd=folder, capture_output=True, text=True, check=False, **other,
        )  # fmt: skip
        if made.returncode:
            raise PostgresNotFound(f"initdb failed: {made.stderr.strip()}")
        # What the tests write need not outlive the machine's power.
        swift = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off"]
        # Autovacuum would see tables empty whose rows tests take back, and tell the planner so
        # (`swept` in conftest.py). What hangs all the same is ended.
        steady = ["autovacuum=off", "statement_timeout=120s"]
        options = [f"unix_socket_directories={folder}", "listen_addresses=", *swift, *steady]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(data), *(f"-c{o}" for o in options)],
                cwd=folder, stdout=output, stderr=output, preexec_fn=end_with_parent, **other,
            )  # fmt: skip
        try:
            wait_until_ready(binaries, folder, server, log)
            yield f"postgres://guantong@{quote(str(folder), safe='')}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(
    binaries: Path, folder: Path, server: subprocess.Popen[bytes], log: Path
) -> None:
    """Return once the server answers; raise with its own last words if it does not."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        ask = [str(binaries / "pg_isready"), "-q", "-h", str(folder), "-U", "guantong"]
        if subprocess.run(ask, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise PostgresNotFound(f"the server did not start: {log.read_text('utf-8', 'replace')[-500:]}")
