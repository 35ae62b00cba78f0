"""The types with which an app declares its official lists, in its own module `lists`.

An app's `lists.py` has a tuple `LISTS`. Where the list stands, in which order and in which format
it is written is nothing it knows.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from guantong.kit.declared import declared
from guantong.kit.sheets import Context
from guantong.kit.templatetags.days import day_in_words

Said = str | int | datetime.date | None


def in_words(said: Said) -> str:
    """Return what a column says as text, days as people write them."""
    if said is None:
        return ""
    return day_in_words(said) if isinstance(said, datetime.date) else str(said)


@dataclass(frozen=True)
class ListColumn:
    """One column: its (lazy) label, and what it says of a thing."""

    label: Any
    value: Callable[[Any], Said]


@dataclass(frozen=True)
class OfficialList:
    """One list as the offices know it: a view of records of one kind, in official unit order.

    `gather(records, context)` gives, for at most some hundreds of Records (with unit, owner and
    area at hand), in their order what the columns speak of: set-wise, and only what the context's
    actor may see of other records.
    """

    name: str
    label: Any
    kind: str
    columns: tuple[ListColumn, ...]
    gather: Callable[[Sequence[Any], Context], Sequence[Any]]


def official_lists() -> tuple[OfficialList, ...]:
    """Return the lists of all apps."""
    return declared("lists", "LISTS")
