"""Persons get roles over units, and lose them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.kit.days import day_of
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.entries import AppointmentEntry
from guantong.people.models import Appointment, Person
from guantong.people.rules import ADMINISTRATOR, holds
from guantong.units.models import Unit


@dataclass(frozen=True)
class AppointmentDraft:
    """Who gets which role over which unit."""

    person: Person
    role: str
    unit: Unit


class CannotAppoint(Exception):
    """Somebody would appoint themselves, or holds that appointment already."""


class CannotEndAppointment(Exception):
    """The appointment has ended, or would end before it began."""


def appoint(
    *,
    drafts: Sequence[AppointmentDraft],
    actor: Person | None,
    now: datetime.datetime,
    starts_on: datetime.date,
) -> list[Appointment]:
    """Give persons roles over units: administrators do, but not to themselves (rule 1)."""
    for draft in drafts:
        if actor is not None and draft.person.pk in actor.stands_for(starts_on) | {actor.pk}:
            # Neither oneself nor, as a deputy, the person for whom one acts.
            raise CannotAppoint(
                _("Nobody appoints themselves. Ask another administrator to appoint %(person)s.")
                % {"person": draft.person}
            )
        _refuse_strangers(draft.unit, actor, day_of(now), CannotAppoint)
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
    _refuse_strangers(appointment.unit, actor, day_of(now), CannotEndAppointment)
    if appointment.ends_on is not None and appointment.ends_on <= ends_on:
        raise CannotEndAppointment(
            _("This appointment already ended on %(day)s.")
            % {"day": day_in_words(appointment.ends_on)}
        )
    if ends_on < appointment.starts_on:
        raise CannotEndAppointment(
            _("This appointment began on %(day)s and can't end before.")
            % {"day": day_in_words(appointment.starts_on)}
        )
    with act(actor=actor, now=now, effective_on=ends_on, reason=reason) as writing:
        writing.update([appointment], code=AppointmentEntry.ENDED, ends_on=ends_on)
    appointment.person.forget_grants()
    return appointment


def _refuse_strangers(
    unit: Unit, actor: Person | None, today: datetime.date, error: type[Exception]
) -> None:
    if actor is not None and not holds(actor.grants(today), [ADMINISTRATOR], unit.path):
        raise error(
            _("Roles over %(unit)s are given and ended by its system administrator.")
            % {"unit": unit}
        )
