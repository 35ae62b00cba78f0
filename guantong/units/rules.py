"""How the organisation's tree is laid out: pure functions over (unit, parent, position)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STEP = 4
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
LAST = "~"


class CannotArrangeUnits(Exception):
    """The parents given don't make a tree; the message names the units in the loop."""


@dataclass(frozen=True)
class Place:
    """One unit in the tree: its id, its parent's id or None, its place among its siblings."""

    unit: int
    parent: int | None
    position: int


def step(number: int) -> str:
    """Write `number` (0 ≤ number < 36**4) in four characters that sort as numbers do."""
    if not 0 <= number < len(DIGITS) ** STEP:
        raise ValueError(f"{number} siblings are more than a path can hold")
    text = ""
    for _ in range(STEP):
        number, digit = divmod(number, len(DIGITS))
        text = DIGITS[digit] + text
    return text


def paths(places: Iterable[Place]) -> dict[int, str]:
    """Return each unit's path; sorting by path is the official order, a prefix is an ancestor.

    Raises CannotArrangeUnits where units hang from themselves or from a unit that isn't given.
    """
    children: Mapping[int | None, list[Place]] = defaultdict(list)
    count = 0
    for place in places:
        children[place.parent].append(place)
        count += 1
    found: dict[int, str] = {}
    waiting: list[tuple[int | None, str]] = [(None, "")]
    while waiting:
        parent, prefix = waiting.pop()
        ordered = sorted(children[parent], key=lambda place: (place.position, place.unit))
        for number, place in enumerate(ordered):
            found[place.unit] = prefix + step(number)
            waiting.append((place.unit, found[place.unit]))
    if len(found) != count:
        lost = sorted({p.unit for group in children.values() for p in group} - set(found))
        raise CannotArrangeUnits(lost)
    return found


def below(path: str) -> tuple[str, str]:
    """Return the half-open range of paths that holds `path` and all beneath it."""
    return path, path + LAST


def is_above(path: str, other: str) -> bool:
    """Whether `path` is a true ancestor of `other`."""
    return len(path) < len(other) and other.startswith(path)


def covers(path: str, other: str) -> bool:
    """Whether `other` is `path` itself or beneath it."""
    return other.startswith(path)


def is_top(path: str) -> bool:
    """Whether nothing is above `path`."""
    return len(path) == STEP
