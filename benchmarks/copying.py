"""Copies a home on SQLite into an empty PostgreSQL, so that both are measured with the same rows:

    GUANTONG_HOME=HOME DATABASE_URL=postgres://… python benchmarks/copying.py

HOME stays as it is; `pages.py HOME` with the same DATABASE_URL then asks PostgreSQL. What the
ledger proves of who wrote what in which transaction is not carried over: it is for measuring only.
"""

import os
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
CHUNK = 5000


def main() -> None:
    """Make the tables and fill them, each from that of the same name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guantong.project.settings")
    import django

    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.color import no_style
    from django.db import connection, models, transaction

    if connection.vendor != "postgresql":
        sys.exit("DATABASE_URL names no PostgreSQL.")
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    source = sqlite3.connect(f"file:{settings.HOME}/guantong.sqlite3?mode=ro", uri=True)
    quote = connection.ops.quote_name
    tables = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        for table in tables:
            # Only what migrations filled in by themselves: the ledger lets nothing go.
            if not table.startswith("ledger_"):
                cursor.execute(f"DELETE FROM {quote(table)}")
        for table, model in tables.items():
            columns = model._meta.local_concrete_fields
            names = ", ".join(quote(str(column.column)) for column in columns)
            truths = [isinstance(column, models.BooleanField) for column in columns]
            rows = source.execute(f"SELECT {names} FROM {quote(table)}")
            with cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy:
                while some := rows.fetchmany(CHUNK):
                    for row in some:
                        copy.write_row(
                            [
                                bool(value) if is_truth and value is not None else value
                                for value, is_truth in zip(row, truths, strict=True)
                            ]
                        )
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables.values())):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{len(tables)} tables in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
