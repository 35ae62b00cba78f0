"""Roles, and what an appointment gives: pure functions."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from guantong.kit.words import gettext_noop as _
from guantong.units.rules import covers, is_above, is_top

COORDINATOR = "coordinator"
LIAISON = "liaison"
HEAD = "head"
RESEARCHER = "researcher"
INSPECTOR = "inspector"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"

ROLES = {
    COORDINATOR: _("Coordinator"),
    LIAISON: _("Liaison"),
    HEAD: _("Unit head"),
    RESEARCHER: _("Researcher"),
    INSPECTOR: _("Inspector"),
    AUDITOR: _("Auditor"),
    ADMINISTRATOR: _("System administrator"),
}

# Roles that see all records of their unit and of the units beneath it. A researcher and an
# inspector see what is theirs or assigned to them; the administrator sees no record by that role.
SEEING_ROLES = frozenset({COORDINATOR, LIAISON, HEAD, AUDITOR})


@dataclass(frozen=True)
class Grant:
    """One current appointment: a role over a unit and all beneath it.

    `of` is the absent person whose appointment it is, where a deputy acts by it; None one's own.
    `named` is what the unit is called, and decides nothing.
    """

    role: str
    unit: int
    path: str
    of: int | None = None
    named: str = field(default="", compare=False)


def holds(grants: Iterable[Grant], roles: Iterable[str], path: str | None) -> bool:
    """Whether one of the grants gives one of `roles` over the unit at `path`.

    What belongs to no unit (None) is under whoever stands at the top.
    """
    wanted = frozenset(roles)
    return any(
        grant.role in wanted and (is_top(grant.path) if path is None else covers(grant.path, path))
        for grant in grants
    )


def holds_above(grants: Iterable[Grant], roles: Iterable[str], path: str) -> bool:
    """Whether one of the grants gives one of `roles` over a unit above the one at `path`."""
    wanted = frozenset(roles)
    return any(grant.role in wanted and is_above(grant.path, path) for grant in grants)


# After so many wrong passwords one waits before the next, each time twice as long, but never longer
# than would be a nuisance to somebody whose name another one tries; quiet makes it as before.
FREE_ATTEMPTS = 5
FIRST_WAIT = datetime.timedelta(seconds=15)
LONGEST_WAIT = datetime.timedelta(minutes=5)
ATTEMPTS_KEPT = datetime.timedelta(hours=1)
# An office behind one address mistypes together: many are free there, and no wait is long.
FREE_FROM_ADDRESS = 50
LONGEST_FROM_ADDRESS = datetime.timedelta(minutes=1)


def wait_after(
    attempts: int, *, free: int = FREE_ATTEMPTS, longest: datetime.timedelta = LONGEST_WAIT
) -> datetime.timedelta:
    """Return how long one waits after so many wrong passwords in a row."""
    if attempts < free:
        return datetime.timedelta(0)
    doublings = min(attempts - free, 10)
    return min(FIRST_WAIT * 2**doublings, longest)
