"""Sends many rows to the database at once, past the ORM's cost for each row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, connections, models
from django.db.models.base import ModelState

Row = TypeVar("Row", bound=models.Model)
CHUNK = 2000  # rows asked for at once; SQLite takes no more than 32,766 parameters
# Below this many rows a COPY's extra turns cost more than it saves.
COPY_FROM = 100
# On SQLite each statement on a table with triggers is a savepoint of its own, before which the
# full-text index is written out: one for many rows takes a quarter of the time.
ROWS_A_STATEMENT = 100


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
            command = f"COPY {quote(table)} ({names}) FROM STDIN"
            with connection.wrap_database_errors, cursor.copy(command) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = "({})".format(", ".join(["%s"] * len(columns)))
        statement = f"INSERT INTO {quote(table)} ({names}) VALUES "
        whole = len(rows) - len(rows) % ROWS_A_STATEMENT
        if whole:
            many = statement + ", ".join([marks] * ROWS_A_STATEMENT)
            starts = range(0, whole, ROWS_A_STATEMENT)
            cursor.executemany(
                many, [list(chain(*rows[at : at + ROWS_A_STATEMENT])) for at in starts]
            )
        cursor.executemany(statement + marks, rows[whole:])


def unsaved(model: type[Row], **values: Any) -> Row:
    """Return a new row of which fields have these values, as the model's own call makes it.

    That takes five times as long, and of registers come thousands. Signals are sent to nobody.
    """
    blank, made = _blank_row(model)
    row = model.__new__(model)
    row._state = ModelState()
    row.__dict__.update(blank)
    for attname, default in made:
        row.__dict__[attname] = default()
    for name, value in values.items():
        column: Any = model._meta.get_field(name)
        if not column.is_relation or value is None:
            row.__dict__[column.attname] = value
            continue
        row.__dict__[column.attname] = value.pk
        column.set_cached_value(row, value)
        if not column.remote_field.multiple:
            column.remote_field.set_cached_value(value, row)
    return row


@cache
def _blank_row(
    model: type[models.Model],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """Return what the columns of a new row hold, and for those that need one its maker."""
    columns = model._meta.concrete_fields
    if model._meta.parents or model.__init__ is not models.Model.__init__:
        raise TypeError(f"A {model.__name__} is made in a way of its own.")
    # That none is provided is said by a class, which could be called.
    made = [(c.attname, c.get_default) for c in columns if c.has_default() and callable(c.default)]
    return {one.attname: one.get_default() for one in columns}, made


def insert_models(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert unsaved instances as bulk_create() does, in half of its time.

    What only the database can fill in (defaults of its own, multi-table parents, some keys given
    and some not) is left to bulk_create().
    """
    meta = model._meta
    is_auto = isinstance(meta.pk, models.AutoField)
    keyed = sum(row.pk is not None for row in rows)
    by_database = any(column.generated or column.has_db_default() for column in meta.local_fields)
    if meta.parents or by_database or keyed != (0 if is_auto else len(rows)):
        model._base_manager.bulk_create(rows)
        return
    for row in _lacking_keys(meta.local_concrete_fields, rows):
        row._prepare_related_fields_for_save(operation_name="bulk_create")
    columns = [
        column for column in meta.local_concrete_fields if not (is_auto and column is meta.pk)
    ]
    keys = _insert_columns(model, columns, [_values(column, rows) for column in columns])
    if is_auto:
        for row, key in zip(rows, keys, strict=True):
            row.pk = key
    alias = connection.alias
    for row in rows:
        row._state.adding = False
        row._state.db = alias


def _lacking_keys(columns: Iterable[models.Field], rows: Sequence[Any]) -> Iterator[Any]:
    """Give the rows that refer to something whose key they don't hold: it was saved after them."""
    for column in columns:
        if column.is_relation:
            name, key = column.name, column.attname
            for row in rows:
                if row.__dict__.get(key) is None and row._state.fields_cache.get(name) is not None:
                    yield row


def insert_parents(rows: Sequence[Any], name: str, parent: type[models.Model]) -> set[Any]:
    """Insert those of the rows' parents that are not saved yet, and return their keys."""
    new = [getattr(row, name) for row in rows if getattr(row, name)._state.adding]
    insert_models(parent, new)
    for row in rows:
        setattr(row, name, getattr(row, name))  # takes over the key that the parent now has
    return {one.pk for one in new}


def insert_values(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows given as values of the named fields alone, without an instance for each."""
    if not rows:
        return
    by_name = {column.name: column for column in model._meta.local_concrete_fields}
    columns = [by_name[name] for name in names]
    by_column = zip(columns, zip(*rows, strict=True), strict=True)
    values = [_sent(column, found) for column, found in by_column]
    _insert_columns(model, columns, values)


def _insert_columns(
    model: type[models.Model], columns: Sequence[models.Field], values: list[list[Any]]
) -> Sequence[int]:
    """Insert rows of which each column is given as a list; return the keys that they were given."""
    meta = model._meta
    names, keys = [str(column.column) for column in columns], []
    if isinstance(meta.pk, models.AutoField) and meta.pk not in columns:
        keys = list(next_ids(model, len(values[0])))
        names.insert(0, str(meta.pk.column))
        values.insert(0, keys)
    insert_rows(meta.db_table, names, list(zip(*values, strict=True)))
    return keys


def _values(column: models.Field, rows: Sequence[Any]) -> list[Any]:
    """Return what one column will hold, for all rows."""
    found: Iterable[Any]
    if type(column).pre_save is models.Field.pre_save or _is_plain_day(column):
        found = map(attrgetter(column.attname), rows)
    else:
        found = (column.pre_save(row, add=True) for row in rows)
    return _sent(column, found)


def _sent(column: models.Field, values: Iterable[Any]) -> list[Any]:
    """Return values in the form in which this column sends them to the database."""
    as_is, prepare = _as_is(column), _prepared(column)
    return [v if v is None or type(v) is as_is else prepare(v) for v in values]


def _is_plain_day(column: models.Field) -> bool:
    return isinstance(column, models.DateField) and not (column.auto_now or column.auto_now_add)


def _prepared(column: models.Field) -> Callable[[Any], Any]:
    """Return the column's own way to the database, which goes through each day only once."""
    # Not the proxy, which looks for the connection each time that it is asked anything.
    database = connections[connection.alias]
    if isinstance(column, models.DateField):
        seen: dict[Any, Any] = {}

        def prepare(value: Any) -> Any:
            if value not in seen:
                seen[value] = column.get_db_prep_save(value, database)
            return seen[value]

        return prepare
    return lambda value: column.get_db_prep_save(value, database)


def _as_is(column: models.Field) -> type | None:
    """Return the type whose values both databases take as they are in this column."""
    while isinstance(column, models.ForeignKey):
        column = column.target_field
    if isinstance(column, models.BooleanField):
        return bool
    if isinstance(column, models.IntegerField):
        return int
    if isinstance(column, models.CharField | models.TextField):
        return str
    return None


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
    keys, given = zip(*rows, strict=True)
    by_column = zip((*fields, pk), (*zip(*given, strict=True), keys), strict=True)
    sent = [_sent(column, values) for column, values in by_column]
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*sent, strict=True)))


def chunks(rows: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Yield so many rows at a time, and in the end the rest."""
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk
