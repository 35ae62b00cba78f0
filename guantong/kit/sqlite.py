"""What Django writes for SQLite that SQLite can't take, written otherwise."""

from typing import Any

from django.db.models.fields.tuple_lookups import TupleIn
from django.db.models.lookups import In


def ask_by_one_column(self: TupleIn, compiler: Any, connection: Any) -> Any:
    """Write rows that are asked for by a single column as `IN (…)`.

    Django 5.2 prefetches what rows refer to by a chain of ORs, of which SQLite takes a thousand:
    the units of some thousand records could not be read at once.
    """
    columns = list(self.lhs)
    if len(columns) == 1 and self.rhs_is_direct_value():
        return compiler.compile(In(columns[0], [value for (value,) in self.rhs]))
    return self.as_sql(compiler, connection)
