"""Holds one view of the database still while it is checked, and checks that its triggers stand."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from guantong.ledger.triggers import TABLES, expected
from guantong.ledger.verification.findings import Difference, Verification


@contextmanager
def one_view() -> Iterator[None]:
    """Read everything as of one moment, without keeping writers waiting."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Not atomic(): with BEGIN IMMEDIATE nobody could write for as long as the check takes.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def check_triggers(found: Verification) -> None:
    """Find triggers that were dropped, changed or switched off."""
    wanted = expected(connection.vendor)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            standing = dict(cursor.fetchall())
            missing = [name for name, sql in wanted.items() if standing.get(name) != sql]
        else:
            cursor.execute(
                "SELECT tgname, pg_get_triggerdef(pg_trigger.oid, true) FROM pg_trigger"
                " JOIN pg_class ON pg_class.oid = tgrelid"
                " WHERE tgenabled = 'A' AND relname = ANY(%s)",
                [list(TABLES)],
            )
            standing = {name: _bare(sql) for name, sql in cursor.fetchall()}
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'ledger_refuse'")
            bodies = [row[0] for row in cursor.fetchall()]
            missing = [
                name
                for name, sql in wanted.items()
                if (name == "ledger_refuse" and not all(body in sql for body in bodies))
                or (name != "ledger_refuse" and standing.get(name) != _bare(sql))
            ]
    for name in missing:
        found.found(Difference.TRIGGER_MISSING, name=name)


def _bare(sql: str) -> str:
    """Return a statement without what PostgreSQL adds to or takes from it when it tells it."""
    return re.sub(r"[\s()\"]|::\w+", "", sql).lower()
