"""Persons are registered and corrected."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from guantong.kit.days import day_of
from guantong.ledger.operations import act
from guantong.people.entries import PersonEntry
from guantong.people.models import Person
from guantong.people.rules import ADMINISTRATOR, COORDINATOR, holds
from guantong.units.models import Unit

ENTERING = frozenset({ADMINISTRATOR, COORDINATOR})


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
    """User names repeat, or people of that unit aren't the actor's to enter."""


class CannotCorrectPeople(Exception):
    """People of that unit aren't the actor's to correct."""


def register_people(
    *, drafts: Sequence[PersonDraft], actor: Any, now: datetime.datetime
) -> list[Person]:
    """Register persons: the administrator or a coordinator over their unit.

    Who has no password can't sign in but can be named everywhere.
    """
    _refuse_strangers((draft.unit for draft in drafts), actor, now, CannotRegisterPeople)
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
    """Correct what is said of a person: the administrator or a coordinator over their unit."""
    return correct_people(changes={person: values}, actor=actor, now=now)[0]


def correct_people(
    *, changes: Mapping[Person, Mapping[str, Any]], actor: Any, now: datetime.datetime
) -> list[Person]:
    """Correct what is said of persons: the administrator or a coordinator over their units.

    Whoever moves somebody to another unit stands over both. Accounts are closed elsewhere.
    """
    if any("is_active" in values for values in changes.values()):
        raise CannotCorrectPeople(_("Accounts are closed and opened by the system administrator."))
    units = [person.unit for person in changes]
    units += [values["unit"] for values in changes.values() if "unit" in values]
    _refuse_strangers(units, actor, now, CannotCorrectPeople)
    with act(actor=actor, now=now) as writing:
        return writing.update(
            list(changes),
            code=PersonEntry.CORRECTED,
            changes={person.pk: values for person, values in changes.items()},
        )


def _refuse_strangers(
    units: Iterable[Unit | None], actor: Any, now: datetime.datetime, error: type[Exception]
) -> None:
    if actor is None:
        return
    for unit in set(units):
        if not holds(actor.grants(day_of(now)), ENTERING, unit.path if unit else None):
            raise error(
                _("People of %(unit)s are entered by its system administrator or a coordinator.")
                % {"unit": unit or _("no unit")}
            )
