"""Writes that rather don't happen than wait for somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def without_waiting() -> Iterator[None]:
    """Let writes within be refused at once (`OperationalError`) while another holds SQLite's lock.

    There is one write lock on SQLite, and an import of a large register holds it for many seconds:
    no page that is only read may wait for it. PostgreSQL locks rows, and nothing changes there.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        waits = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {waits:d}")
