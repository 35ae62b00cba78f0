"""Who is told, at the end of an operation, of which subjects some fields were written."""

from collections.abc import Callable, Collection, Mapping

Told = Callable[[Collection[int]], None]

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
    for kind, ids in written.items():
        if ids:
            _told[kind](ids)
