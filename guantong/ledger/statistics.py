"""Keeps the databases' statistics, from which they choose their ways to the rows."""

from django.db import connection, transaction

# Below this many entries any way is short.
FROM = 1024
# Rows of each index that SQLite looks at: some hundredths of a second, however large the file.
LOOKED_AT = 1000


def refresh_statistics() -> None:
    """Let the database look at its tables again; without it, joins of two are asked as products.

    PostgreSQL does so by itself, but a minute late, and an import is looked at right after.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA analysis_limit = {LOOKED_AT}")
        cursor.execute("ANALYZE")


def refresh_as_it_grows(first: int, last: int) -> None:
    """Refresh once the transaction is through, if the ledger has doubled by these entries."""
    if last >= FROM and (first - 1).bit_length() != last.bit_length():
        transaction.on_commit(refresh_statistics, robust=True)
