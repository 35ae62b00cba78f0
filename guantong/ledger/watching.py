"""Who is told, at the end of an operation, of which subjects some fields were written."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

Told = Callable[[Collection[int]], None]

_later: ContextVar[dict[str, set[int]] | None] = ContextVar("told_later", default=None)
_fields: dict[str, frozenset[str]] = {}
_told: dict[str, Told] = {}


def watch(kind: str, fields: Collection[str], tell: Told) -> None:
    """Have `tell` called with the ids of the subjects of `kind` whose `fields` were written.

    It is called within the operation that wrote them, once, so that what is derived of them
    changes with them or not at all.
    """
    _fields[kind] = frozenset(fields)
    _told[kind] = tell


def watched(kind: str) -> frozenset[str]:
    return _fields.get(kind, frozenset())


def tell(written: Mapping[str, Collection[int]]) -> None:
    """Tell, by kind, of the subjects whose watched fields were written."""
    later = _later.get()
    for kind, ids in written.items():
        if later is not None:
            later[kind].update(ids)
        elif ids:
            _told[kind](ids)


@contextmanager
def told_later() -> Iterator[None]:
    """Tell of everything within at its end, of each subject once: for very many operations.

    Within one transaction only; until then what is derived stands as it stood.
    """
    later: dict[str, set[int]] = defaultdict(set)
    token = _later.set(later)
    try:
        yield
    finally:
        _later.reset(token)
    tell(later)
