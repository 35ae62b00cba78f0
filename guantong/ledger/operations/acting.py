"""Opens one operation: a transaction, an id, an actor and a moment that all its entries share."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from django.db import transaction

from guantong.kit.days import day_of
from guantong.kit.statistics import refresh_as_it_grows
from guantong.ledger.operations.writing import Writing
from guantong.ledger.watching import tell

_current: ContextVar[Writing | None] = ContextVar("ledger_act", default=None)


@contextmanager
def act(
    *, actor: Any, now: datetime, effective_on: date | None = None, reason: str = ""
) -> Iterator[Writing]:
    """Run one operation: everything within it happens, with its entries, or nothing does.

    Inside another act it joins that one: the same operation id, actor and moment; a day or reason
    of its own holds within it. `actor` is anything with a `pk`, or None where the system acts.
    Unless a day is given, entries take effect on the day of `now`: its campaign's for what belongs
    to a record, else the organisation's.
    """
    if now.tzinfo is None:
        raise TypeError(f"{now!r} has no time zone: an act needs an aware moment.")
    outer = _current.get()
    if outer is None:
        writing = Writing(
            operation=uuid.uuid4(),
            actor=None if actor is None else actor.pk,
            now=now,
            effective_on=effective_on or day_of(now),
            reason=reason,
            is_dated=effective_on is not None,
        )
    else:
        writing = outer.within(effective_on=effective_on, reason=reason)
    # Who catches what an inner act refused has a savepoint of their own, if they have any.
    with transaction.atomic(savepoint=outer is None):
        token = _current.set(writing)
        try:
            yield writing
        finally:
            _current.reset(token)
        if outer is None:
            tell(writing.told)
            if writing.entered:
                refresh_as_it_grows(min(writing.entered) - 1, max(writing.entered))
