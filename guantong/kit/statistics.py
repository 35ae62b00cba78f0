"""What the database knows of its own rows, by which it chooses among indexes."""

from django.db import connection, transaction

# SQLite looks at all rows of each index. Of a limit it makes an estimate: with 1,000 it takes "of
# this campaign" to be a thousand rows where they are all, and begins with them. A million entries
# take a second, each time that they have doubled.
ROWS_LOOKED_AT = 0
# Below this many rows any way to them is short.
WORTH_IT = 1024


def refresh_statistics() -> None:
    """Let the database count anew; due after many rows came at once.

    Without it SQLite takes "of this kind" to be as narrow as "with this key", and looks through all
    problems where it was asked for thirty.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {ROWS_LOOKED_AT}")
        cursor.execute("ANALYZE")


def refresh_as_it_grows(before: int, after: int) -> None:
    """Count anew once the transaction is through, if a table that all else follows has doubled."""
    if after >= WORTH_IT and before.bit_length() != after.bit_length():
        transaction.on_commit(refresh_statistics, robust=True)
