"""Questions that Django writes once: asked again, the statement goes to the database as it was.

No answer is kept, only how a question is written, which takes Django longer than it takes the
database to answer.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, connections
from django.db.models import QuerySet

Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")
Row = tuple[Any, ...]
Statement = tuple[str, tuple[Any, ...]]
# So many questions are kept by a process, of some kilobytes each; then it begins anew.
MOST = 2000
# The values that have places in a statement.
OPEN = (int, datetime.date)

_kept: dict[Hashable, Any] = {}


def asked(
    question: Hashable,
    rows: Callable[[], QuerySet[Any]],
    find: Callable[[QuerySet[Any]], Answer],
    read: Callable[[list[Row]], Answer],
) -> Answer:
    """Return what `find` finds of `rows`; asked again, what `read` makes of the database's rows.

    `question` names all that the writing depends on: what is asked, by whom with which grants, on
    which day. Where the database is asked something while `rows` are put together, or more than one
    thing while they are found, the statement may hold what was answered: then it is written anew
    each time.
    """
    key = (connection.vendor, question)
    # Taken at once: another thread may begin anew.
    statement: Statement | None = _kept.get(key)
    if statement is not None:
        with connection.cursor() as cursor:
            cursor.execute(*statement)
            return read(cursor.fetchall())
    with _noted() as before:
        wanted = rows()
    with _noted() as statements:
        answer = find(wanted)
    if not before and len(statements) == 1:
        sql, params = statements[0]
        # Many people ask in the same words, with other names.
        _keep(key, (sys.intern(sql), params))
    return answer


def written(build: Callable[Asked, QuerySet[Any]]) -> Callable[Asked, list[Any]]:
    """Let `build` write its question once for all numbers and days that it is given.

    These become places in the statement: `build` must put them into conditions as they are, else it
    is a ValueError, and ask the database nothing. Whatever else it is given tells one statement
    from another, None too. The rows are returned as a list.
    """

    @wraps(build)
    def rows(*args: Asked.args, **kwargs: Asked.kwargs) -> list[Any]:
        given = (*args, *kwargs.values())
        marks = tuple(_mark(place, value) for place, value in enumerate(given))
        key = (connection.vendor, build, *kwargs, *marks)
        question: _Question | None = _kept.get(key)
        if question is None:
            named: Any = dict(zip(kwargs, marks[len(args) :], strict=True))
            question = _Question(build(*marks[: len(args)], **named), marks)
            _keep(key, question)
        return question.rows(given)

    return rows


def forget() -> None:
    """Let everything be written anew."""
    _kept.clear()


def _keep(key: Hashable, question: Any) -> None:
    if len(_kept) >= MOST:
        forget()
    _kept[key] = question


@contextmanager
def _noted() -> Iterator[list[Statement]]:
    """Give the statements that are asked meanwhile."""
    statements: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements


def _mark(place: int, value: Any) -> Any:
    """Return what stands for a number or a day while a question is written; else the value."""
    if type(value) is int:
        # Of columns of 32 bits, too, and of those without a sign: Django asks nothing beyond them.
        return 2_000_000_000 + place
    if type(value) is datetime.date:
        return datetime.date.min + datetime.timedelta(place)
    return value


def _sent(value: Any) -> Any:
    """Return a number or a day as the database is sent it."""
    is_day = type(value) is datetime.date
    return connection.ops.adapt_datefield_value(value) if is_day else value


class _Question:
    """A question as it is written, with the places of the values that differ."""

    def __init__(self, wanted: QuerySet[Any], marks: Sequence[Any]) -> None:
        self.wanted = wanted
        self.compiler = wanted.query.get_compiler(connection=connection)
        self.sql, params = self.compiler.as_sql()
        self.params = list(params)
        places = {_sent(one): place for place, one in enumerate(marks) if type(one) in OPEN}
        self.places = [
            (at, places[one])
            for at, one in enumerate(params)
            if isinstance(one, Hashable) and one in places
        ]
        if {place for _at, place in self.places} != set(places.values()):
            raise ValueError("It puts a number or day into no condition as it is.")

    def rows(self, given: Sequence[Any]) -> list[Any]:
        """Ask it of the values `given`, and return the rows as Django makes them."""
        params = self.params.copy()
        for at, place in self.places:
            params[at] = _sent(given[place])
        compiler: Any = copy(self.compiler)
        # Another thread may have written it.
        compiler.connection = connections[connection.alias]
        compiler.as_sql = lambda: (self.sql, tuple(params))
        rows = self.wanted.all()
        query: Any = rows.query
        query.get_compiler = lambda using: compiler
        return list(rows)
