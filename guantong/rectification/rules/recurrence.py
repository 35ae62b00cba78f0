"""Which similar problems make a systemic one, and the lifecycle of its proposal (rule 7)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile

from guantong.kit.words import gettext_noop as _
from guantong.records.rules import Lifecycle, State, Transition, Who
from guantong.units.rules import STEP

COORDINATOR = frozenset({Who.COORDINATOR})

STATES = (
    State("proposed", _("Waits for a decision")),
    State("accepted", _("Proposal accepted"), is_final=True),
    State("dismissed", _("Proposal dismissed"), is_final=True),
)

TRANSITIONS = (
    Transition(
        "accept",
        _("Accept as a systemic problem"),
        "rectification.proposal.accepted",
        COORDINATOR,
        ("proposed",),
        "accepted",
        is_verdict=True,
    ),
    Transition(
        "dismiss",
        _("Dismiss"),
        "rectification.proposal.dismissed",
        COORDINATOR,
        ("proposed",),
        "dismissed",
        needs_reason=True,
        is_verdict=True,
    ),
)

PROPOSAL = Lifecycle("proposal", STATES, TRANSITIONS)


def recurring(leads: Sequence[int], units: Sequence[int], *, least: int) -> list[list[int]]:
    """Return the groups of like texts that come from at least `least` different units.

    `leads[n]` is the first text that the n-th is like (itself where there is none), `units[n]` its
    unit; a group is the numbers of its texts, in their order.
    """
    groups: dict[int, list[int]] = defaultdict(list)
    for number, lead in enumerate(leads):
        groups[lead].append(number)
    return [group for group in groups.values() if len({units[n] for n in group}) >= least]


def lowest_common(paths: Iterable[str]) -> str:
    """Return the path of the lowest unit that is over all of these, or is one of them itself.

    It is empty where they stand under different tops.
    """
    steps = [[path[at : at + STEP] for at in range(0, len(path), STEP)] for path in paths]
    common = takewhile(lambda places: len(set(places)) == 1, zip(*steps, strict=False))
    return "".join(places[0] for places in common)


def fresh_groups(
    groups: Iterable[Sequence[int]], known: Collection[int], units: Sequence[int], *, least: int
) -> list[list[int]]:
    """Leave out what was proposed before; keep the groups that still come from enough units."""
    rest = ([n for n in group if n not in known] for group in groups)
    return [group for group in rest if len({units[n] for n in group}) >= least]
