"""Ids that a statement gathers by itself, written once however many statements ask for them."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Expression, F, QuerySet


class Among(Expression):
    """Whether a column holds one of the ids that `rows` come to; `rows` refer to nothing outside.

    The same as `column__in=rows`, but that Django would copy, rename and write such rows anew for
    each of the many questions of a page, which takes longer than the database takes to answer.
    """

    conditional = True

    def __init__(self, column: str, rows: QuerySet[Any]) -> None:
        super().__init__(output_field=BooleanField())
        self.column: Any = F(column)
        self.rows = rows
        # By database, since each writes a little differently; shared by all copies of this.
        self.written: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def get_source_expressions(self) -> list[Any]:
        """Return what may be renamed: the column, and never the rows."""
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        """Take the column as it is named in a query."""
        (self.column,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Write the column, and the rows as they were written the first time."""
        column, values = compiler.compile(self.column)
        if connection.alias not in self.written:
            rows = self.rows.query.get_compiler(connection=connection)
            self.written[connection.alias] = rows.as_sql()
        sql, params = self.written[connection.alias]
        return f"{column} IN ({sql})", (*values, *params)
