"""Keeps what was counted until the next entry: whatever changes, changes through the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache

from guantong.ledger.queries import newest_entry

Answer = TypeVar("Answer")
# On PostgreSQL an entry may become visible after one with a higher id: no answer is kept longer
# than this, so that such a one shows soon.
SECONDS = 30


def until_the_next_entry(question: tuple[Any, ...], answer: Callable[[], Answer]) -> Answer:
    """Return the answer that was given to `question`, unless something was entered since.

    The question names all that the answer depends on: who asks, on which day, in which language.
    """
    words = repr((newest_entry(), *question)).encode()
    key = f"entry:{hashlib.sha256(words).hexdigest()}"
    kept: Answer | None = cache.get(key)
    if kept is None:
        kept = answer()
        cache.set(key, kept, SECONDS)
    return kept
