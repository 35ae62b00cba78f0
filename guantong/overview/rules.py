"""What waits for whom, and what counts as a cut in the thread: pure functions."""

import ipaddress
from collections.abc import Collection, Mapping

from guantong.records.rules import ANYBODY_APPOINTED, Lifecycle, Transition, Who, is_forward

# From the nearest to a record to the farthest: a step waits for the nearest who may take it, so
# that a coordinator's list is not everybody's.
NEAREST_FIRST = (
    (Who.RESPONSIBLE, Who.RESEARCHER, Who.INSPECTOR),
    (Who.LIAISON, Who.HEAD),
    (Who.HEAD_ABOVE, Who.ABOVE, Who.COORDINATOR),
    (Who.AUDITOR,),
)


def waits_for(transition: Transition) -> frozenset[Who]:
    """Return the capacities in which somebody should take this step next, empty where none does."""
    if not is_forward(transition):
        return frozenset()
    if transition.is_second and transition.by >= ANYBODY_APPOINTED:
        # Any second person may judge it; it waits for those whose task that is.
        return transition.by & {Who.HEAD, Who.COORDINATOR, Who.INSPECTOR}
    for ring in NEAREST_FIRST:
        nearest = transition.by & frozenset(ring)
        if nearest:
            return nearest | (transition.by & {Who.LIAISON} if ring is NEAREST_FIRST[0] else set())
    return frozenset()


def waiting_states(lifecycle: Lifecycle, moves: Collection[str]) -> Mapping[Who, frozenset[str]]:
    """Return, for each capacity, the states in which a record waits for somebody in it."""
    found: dict[Who, set[str]] = {}
    for transition in lifecycle.transitions:
        if transition.name in moves:
            for who in waits_for(transition):
                found.setdefault(who, set()).update(lifecycle.starts_from(transition))
    return {who: frozenset(states) for who, states in found.items()}


def is_loopback(address: str) -> bool:
    """Whether an address or host name is this machine itself."""
    host = address.strip("[]").lower()
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
