"""Sends many rows to the database at once, past the ORM's cost for each row."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models

# Below this many rows a COPY's extra turns cost more than it saves.
COPY_FROM = 100


def next_ids(model: type[models.Model], count: int) -> range | list[int]:
    """Reserve `count` ids for rows of `model`, within the transaction that will insert them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # The write lock is held (BEGIN IMMEDIATE), so nobody else can take the same ids. The
            # sequence, not max(id), so that a row deleted by force leaves a gap that shows.
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            found = cursor.fetchone()
            first = (found[0] if found else 0) + 1
            return range(first, first + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows whose values are already in the database's own forms."""
    if not rows:
        return
    quote = connection.ops.quote_name
    names = ", ".join(quote(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= COPY_FROM:
            with cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        statement = f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})"
        cursor.executemany(statement, rows)


def update_rows(
    model: type[models.Model],
    fields: Sequence[models.Field],
    rows: Sequence[tuple[Any, Sequence[Any]]],
    *,
    bumps_revision: bool,
) -> None:
    """Set `fields` of each (pk, values), and count its revision up where wanted."""
    quote: Callable[[Any], str] = connection.ops.quote_name
    sets = [f"{quote(column.column)} = %s" for column in fields]
    if bumps_revision:
        revision = quote(model._meta.get_field("revision").column)  # type: ignore[union-attr]
        sets.append(f"{revision} = {revision} + 1")
    if not sets or not rows:
        return
    pk = model._meta.pk
    statement = (
        f"UPDATE {quote(model._meta.db_table)} SET {', '.join(sets)} WHERE {quote(pk.column)} = %s"
    )
    parameters = [
        [
            *(
                column.get_db_prep_save(value, connection)
                for column, value in zip(fields, values, strict=True)
            ),
            pk.get_db_prep_save(key, connection),
        ]
        for key, values in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, parameters)
