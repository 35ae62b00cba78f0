"""Persons are registered and corrected."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.entries import PersonEntry
from guantong.people.models import Person
from guantong.units.models import Unit


@dataclass(frozen=True)
class PersonDraft:
    """What is said of one person who is to be registered."""

    username: str
    name: str
    unit: Unit | None = None
    post: str = ""
    email: str = ""
    is_leader: bool = False
    password: str | None = None


class CannotRegisterPeople(Exception):
    """User names repeat."""


def register_people(
    *, drafts: Sequence[PersonDraft], actor: Any, now: datetime.datetime
) -> list[Person]:
    """Register persons; who has no password can't sign in but can be named everywhere."""
    names = [draft.username for draft in drafts]
    taken = set(Person.objects.filter(username__in=names).values_list("username", flat=True))
    seen: set[str] = set()
    repeated = [n for n in names if n in taken or n in seen or seen.add(n)]  # type: ignore[func-returns-value]
    if repeated:
        raise CannotRegisterPeople(
            _("These user names are already used: %(names)s. Give each person one of their own.")
            % {"names": ", ".join(repeated[:10])}
        )
    people = [
        Person(
            username=draft.username,
            name=draft.name,
            unit=draft.unit,
            post=draft.post,
            email=draft.email,
            is_leader=draft.is_leader,
            password=make_password(draft.password),
        )
        for draft in drafts
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(people, code=PersonEntry.REGISTERED)
    return people


def correct_person(*, person: Person, actor: Any, now: datetime.datetime, **values: Any) -> Person:
    """Correct what is said of a person."""
    with act(actor=actor, now=now) as writing:
        writing.update([person], code=PersonEntry.CORRECTED, **values)
    return person


def correct_people(
    *, changes: Mapping[Person, Mapping[str, Any]], actor: Any, now: datetime.datetime
) -> list[Person]:
    """Correct what is said of several persons."""
    with act(actor=actor, now=now) as writing:
        return writing.update(
            list(changes),
            code=PersonEntry.CORRECTED,
            changes={person.pk: values for person, values in changes.items()},
        )
