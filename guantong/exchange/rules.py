"""When a row changes something, when it conflicts, and when a file must wait for a coordinator."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

# A register whose source broke turns back hundreds of rows at once; a few are everyday.
HELD_ABOVE_COUNT = 20
HELD_ABOVE_PERCENT = 5
# Columns that were shifted give most rows another title.
RENAMED_ABOVE_PERCENT = 50
# Rows that are handed to a sheet's functions at a time.
SET_SIZE = 5_000
# Rows that are written at a time, after each of which it is said how far one is: several times a
# second. Larger sets are hardly faster (benchmarks/imports.py).
WRITTEN_AT_A_TIME = 1_000
# After so many rows the database counts its rows anew, to choose its indexes well.
MANY_ROWS = 1_000
# What is kept in the place of a source's word on a field that was redacted here.
REDACTED = {"redacted": True}
# Rows that are staged together.
CHUNK_SIZE = 1_000


class Verdict(StrEnum):
    """What a row comes to."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass
class Comparison:
    """A row against what is there: columns to write, and columns on which both sides moved.

    `kept` are columns that were changed here while the file still says what it said before; a file
    that leaves them empty, as before, says nothing of them.
    """

    changes: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def compare(
    names: Sequence[str],
    last: Mapping[str, Any] | None,
    now: Mapping[str, Any],
    file: Mapping[str, Any],
) -> Comparison:
    """Compare three ways: the last import of this source, what is there now, this file.

    Only what the source changed is written. Where it changed a value that was changed here too,
    nobody but a person can say which is right.
    """
    found = Comparison()
    for name in names:
        said = file[name]
        if said == now[name]:
            continue
        if last is not None and last.get(name) == REDACTED:
            found.kept.append(name)
            continue
        if last is None or name not in last or last[name] == now[name]:
            found.changes.append(name)
        elif said == last[name]:
            if said not in (None, "", []):
                found.kept.append(name)
        else:
            found.conflicts.append(name)
    return found


def adds(
    names: Sequence[str],
    last: Mapping[str, Any] | None,
    now: Mapping[str, Any],
    file: Mapping[str, Any],
) -> list[str]:
    """Return the columns that say one thing more: not what stands here, nor what was said last."""
    return [
        name
        for name in names
        if file[name] and file[name] != now[name] and file[name] != (last or {}).get(name)
    ]


def turns_back(
    changes: Collection[str],
    now: Mapping[str, Any],
    file: Mapping[str, Any],
    ended: Collection[str],
) -> bool:
    """Whether a row reopens what has ended, or empties what was filled."""
    if "state" in changes and now["state"] in ended and file["state"] not in ended:
        return True
    return any(not file[name] and bool(now[name]) for name in changes if not _is_no(file[name]))


def _is_no(value: Any) -> bool:
    # No and nought are answers, not gaps.
    return value is False or (value == 0 and value != "" and value is not None)


def must_be_held(rows: int, rows_of_source: int, above_percent: int = HELD_ABOVE_PERCENT) -> bool:
    """Whether so many rows going backwards, or renamed, need a coordinator's word."""
    return rows > HELD_ABOVE_COUNT and 100 * rows > above_percent * rows_of_source


def is_renamed(changes: Collection[str], now: Mapping[str, Any]) -> bool:
    """Whether a row gives what it stands for another title or name than it has."""
    return any(name in changes and now[name] for name in ("title", "name"))
