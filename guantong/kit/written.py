"""Questions that Django writes once: asked again, the statement goes to the database as it was."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection
from django.db.models import QuerySet

Answer = TypeVar("Answer")
Row = tuple[Any, ...]
Statement = tuple[str, tuple[Any, ...]]
# So many statements are kept by a process, of a few kilobytes each; then it begins anew.
MOST = 4096

_kept: dict[Hashable, Statement] = {}


def asked(
    question: Hashable,
    rows: Callable[[], QuerySet[Any]],
    find: Callable[[QuerySet[Any]], Answer],
    read: Callable[[list[Row]], Answer],
) -> Answer:
    """Return what `find` finds of `rows`; asked again, what `read` makes of the database's rows.

    No answer is kept, only how the question is written, which takes Django longer than the database
    takes to answer. So `question` names all that the writing depends on: what is asked, by whom
    with which grants, on which day. Where the database is asked something while `rows` are put
    together, or more than one thing while they are found, the statement may hold what was answered:
    then it is written anew each time.
    """
    key = (connection.vendor, question)
    if key in _kept:
        with connection.cursor() as cursor:
            cursor.execute(*_kept[key])
            return read(cursor.fetchall())
    with _noted() as before:
        wanted = rows()
    with _noted() as statements:
        answer = find(wanted)
    if not before and len(statements) == 1:
        if len(_kept) >= MOST:
            _kept.clear()
        sql, params = statements[0]
        # Many people ask in the same words, with other names.
        _kept[key] = sys.intern(sql), params
    return answer


@contextmanager
def _noted() -> Iterator[list[Statement]]:
    """Give the statements that are asked meanwhile."""
    statements: list[Statement] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield statements
