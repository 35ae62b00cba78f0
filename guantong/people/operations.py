"""Every change to persons and appointments."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.entries import AppointmentEntry, PersonEntry
from guantong.people.models import Appointment, Person
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


@dataclass(frozen=True)
class AppointmentDraft:
    """Who gets which role over which unit."""

    person: Person
    role: str
    unit: Unit


class CannotRegisterPeople(Exception):
    """User names repeat."""


class CannotAppoint(Exception):
    """Somebody would appoint themselves, or holds that appointment already."""


class CannotEndAppointment(Exception):
    """The appointment has ended, or would end before it began."""


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


def appoint(
    *,
    drafts: Sequence[AppointmentDraft],
    actor: Person | None,
    now: datetime.datetime,
    starts_on: datetime.date,
) -> list[Appointment]:
    """Give persons roles over units from a day on; nobody appoints themselves (rule 1)."""
    for draft in drafts:
        if actor is not None and draft.person.pk == actor.pk:
            raise CannotAppoint(
                _("Nobody appoints themselves. Ask another administrator to appoint %(person)s.")
                % {"person": draft.person}
            )
    held = set(
        Appointment.objects.current(starts_on)
        .filter(person__in=[draft.person for draft in drafts])
        .values_list("person_id", "role", "unit_id")
    )
    for draft in drafts:
        wanted = (draft.person.pk, draft.role, draft.unit.pk)
        if wanted in held:
            raise CannotAppoint(
                _("%(person)s already holds that role over %(unit)s.")
                % {"person": draft.person, "unit": draft.unit}
            )
        held.add(wanted)
    made = [
        Appointment(person=d.person, role=d.role, unit=d.unit, starts_on=starts_on) for d in drafts
    ]
    with act(actor=actor, now=now, effective_on=starts_on) as writing:
        writing.create(made, code=AppointmentEntry.MADE)
    for draft in drafts:
        draft.person.forget_grants()
    return made


def end_appointment(
    *,
    appointment: Appointment,
    ends_on: datetime.date,
    actor: Person | None,
    now: datetime.datetime,
    reason: str = "",
) -> Appointment:
    """End an appointment on a day; it stays known for the days before."""
    if appointment.ends_on is not None and appointment.ends_on <= ends_on:
        raise CannotEndAppointment(
            _("This appointment already ended on %(day)s.") % {"day": appointment.ends_on}
        )
    if ends_on < appointment.starts_on:
        raise CannotEndAppointment(
            _("This appointment began on %(day)s and can't end before.")
            % {"day": appointment.starts_on}
        )
    with act(actor=actor, now=now, effective_on=ends_on, reason=reason) as writing:
        writing.update([appointment], code=AppointmentEntry.ENDED, ends_on=ends_on)
    appointment.person.forget_grants()
    return appointment
