"""What waits for whom, and what counts as a cut in the thread: pure functions."""

import ipaddress
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import TypeVar

from guantong.records.rules import Lifecycle, Transition, Who, waits_for

Row = TypeVar("Row")
# What ended so never stood, or stands as another: nothing new comes of it.
FRUITLESS = frozenset({"cancelled", "merged", "not_made", "rejected", "void", "withdrawn"})


def judges(transition: Transition) -> frozenset[Who]:
    """Return the capacities in which somebody may give this verdict, empty where it is none."""
    return transition.by if transition.is_verdict else frozenset()


def needs_no_more(transition: Transition, other: Transition) -> bool:
    """Whether a verdict stands open to whoever can give another on the same record.

    That it starts from the record's state and is theirs to give is known.
    """
    asks_for_more = transition.is_second and not other.is_second
    return set(transition.needs) <= set(other.needs) and not asks_for_more


def waiting_states(lifecycle: Lifecycle, moves: Collection[str]) -> Mapping[Who, frozenset[str]]:
    """Return, for each capacity, the states in which a record waits for somebody in it."""
    found: dict[Who, set[str]] = {}
    for transition in lifecycle.transitions:
        if transition.name in moves:
            for who in waits_for(transition):
                found.setdefault(who, set()).update(lifecycle.starts_from(transition))
    return {who: frozenset(states) for who, states in found.items()}


def fairly(rows: Sequence[Row], limit: int, of: Callable[[Row], Hashable]) -> list[Row]:
    """Keep `limit` rows in their order, so that one kind of them, `of` a row, fills up no more than
    the others leave it."""
    turns: dict[Hashable, int] = defaultdict(int)
    ranked = []
    for place, row in enumerate(rows):
        kind = of(row)
        ranked.append((turns[kind], place))
        turns[kind] += 1
    return [rows[place] for place in sorted(place for _turn, place in sorted(ranked)[:limit])]


def is_loopback(address: str) -> bool:
    """Whether an address or host name is this machine itself."""
    host = address.strip("[]").lower()
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


# What stands before a point of a list: 1. 2) (3) 一、 （二） ① - • *
_MARK = re.compile(
    r"\s*(?:[(（]?\d{1,3}[.、)）．](?!\d)|[(（]?[一二三四五六七八九十]{1,3}[、)）]|[①-⑳]|[-•*·])\s*"
)
_SENTENCE = re.compile(r"[。！？；!?;]|\.(?=\s|$)")
LONGEST_TITLE = 120


def looks_like_rows(text: str) -> bool:
    """Whether a pasted text is rows of a spreadsheet, whose cells the clipboard parts by tabs."""
    lines = [line for line in text.splitlines() if line.strip()]
    tabbed = sum("\t" in line for line in lines)
    return tabbed >= 2 and 2 * tabbed >= len(lines)


def pieces_of(text: str) -> list[str]:
    """Part a pasted text into its paragraphs and these into their points, if they have several.

    Where no line is empty, each line is a piece, or each point.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    parts = re.split(r"\n\s*\n", text)
    if len(parts) == 1:
        parts = _points(text.split("\n"))
    else:
        parts = [piece for part in parts for piece in _points_among(part)]
    bare = (_MARK.sub("", part.strip(), count=1) if _MARK.match(part) else part for part in parts)
    return [part.strip() for part in bare if part.strip()]


def _points_among(paragraph: str) -> list[str]:
    """Part a paragraph whose lines are points of a list; any other stays whole."""
    lines = paragraph.split("\n")
    points = sum(_MARK.match(line) is not None for line in lines)
    return _points(lines) if points > 1 else [paragraph]


def _points(lines: list[str]) -> list[str]:
    """Join each line to the point that it goes on with, where points are marked."""
    if not any(_MARK.match(line) for line in lines):
        return lines
    points: list[str] = []
    for line in lines:
        if points and not _MARK.match(line):
            points[-1] += "\n" + line
        else:
            points.append(line)
    return points


def title_and_text(piece: str) -> tuple[str, str]:
    """Take the first line or sentence of a piece as its title, and the rest as its text.

    Where there is no rest, or the title had to be cut, the whole piece is the text.
    """
    first, _sign, rest = piece.partition("\n")
    end = _SENTENCE.search(first)
    if end and first[end.end() :].strip():
        first, rest = first[: end.start()], first[end.end() :] + _sign + rest
    title = first.strip().rstrip("。.；;")
    if len(title) > LONGEST_TITLE:
        return title[: LONGEST_TITLE - 1] + "…", piece
    return title, rest.strip() or piece
