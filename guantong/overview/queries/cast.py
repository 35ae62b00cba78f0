"""The people of a demonstration as whom one may look round."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Case, When

from guantong.people.models import Appointment, Person, Role
from guantong.units.models import Unit


@dataclass(frozen=True)
class Member:
    """One of the cast: a person, and the role and unit that make them worth meeting."""

    person: Person
    role: str
    unit: Unit


def cast(on: datetime.date) -> list[Member]:
    """Return one person for each role held on `on`, the highest unit's first; nobody twice."""
    held = (
        Appointment.objects.current(on)
        .filter(person__is_active=True)
        .select_related("person", "unit")
    )
    members: list[Member] = []
    met: set[int] = set()
    for role in Role:
        # Who is called as the role is, is meant to be met; else whoever stands highest.
        is_meant = Case(When(person__username=role.value, then=0), default=1)
        candidates = list(held.filter(role=role).order_by(is_meant, "unit__path", "person")[:10])
        fresh = [one for one in candidates if one.person_id not in met] or candidates
        if fresh:
            met.add(fresh[0].person_id)
            members.append(Member(fresh[0].person, str(role.label), fresh[0].unit))
    return members
