"""Persons are let in: by a link with which they choose a password, till their account is closed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.translation import gettext as _

from guantong.kit.days import day_of
from guantong.ledger.operations import act
from guantong.people.entries import PersonEntry
from guantong.people.models import Appointment, Person
from guantong.people.operations.attempting import forget_attempts
from guantong.people.rules import ADMINISTRATOR, holds


class CannotAdmit(Exception):
    """The actor isn't the administrator over them, or everybody would be locked out."""


class SignInLinks(PasswordResetTokenGenerator):
    """Makes and checks what stands in a sign-in link.

    It is signed with the installation's key, runs out (`PASSWORD_RESET_TIMEOUT`) and holds only
    until its person has chosen a password with it.
    """

    key_salt = "guantong.people.sign-in"


sign_in_links = SignInLinks()


def admit_people(*, people: Sequence[Person], actor: Person | None, now: datetime.datetime) -> None:
    """Enter that the administrator gives people links with which each chooses a password.

    Nobody but the person ever has the password; that a link was made stands in the ledger, since
    whoever has it can sign in as them.
    """
    _refuse_strangers(people, actor, now)
    closed = [person.name for person in people if not person.is_active]
    if closed:
        raise CannotAdmit(
            _("The account is closed: %(people)s. Open it again first.")
            % {"people": ", ".join(closed[:10])}
        )
    with act(actor=actor, now=now) as writing:
        writing.note(code=PersonEntry.ADMITTED, subjects=people)


def choose_password(*, person: Person, password: str, now: datetime.datetime) -> Person:
    """Give a person the password that they chose; that they did is entered, the password isn't."""
    person.set_password(password)
    with act(actor=person, now=now) as writing:
        Person.objects.filter(pk=person.pk).update(password=person.password)
        writing.note(code=PersonEntry.PASSWORD_CHOSEN, subjects=[person])
    forget_attempts(username=person.username)
    return person


def close_accounts(
    *, people: Sequence[Person], actor: Person | None, now: datetime.datetime, reason: str = ""
) -> None:
    """Let people sign in no more; what they did and answer for stays theirs."""
    _refuse_strangers(people, actor, now)
    if actor is not None and actor in people:
        raise CannotAdmit(_("Nobody closes their own account. Ask another administrator."))
    left = Appointment.objects.current(day_of(now)).filter(
        role=ADMINISTRATOR, person__is_active=True
    )
    if not left.exclude(person__in=people).exists():
        raise CannotAdmit(_("Nobody could let people in any more. Appoint an administrator first."))
    with act(actor=actor, now=now, reason=reason) as writing:
        writing.update(people, code=PersonEntry.DEACTIVATED, is_active=False)


def open_accounts(
    *, people: Sequence[Person], actor: Person | None, now: datetime.datetime
) -> None:
    """Let people whose accounts were closed sign in again, with the password that they had."""
    _refuse_strangers(people, actor, now)
    with act(actor=actor, now=now) as writing:
        writing.update(people, code=PersonEntry.REACTIVATED, is_active=True)


def _refuse_strangers(
    people: Sequence[Person], actor: Person | None, now: datetime.datetime
) -> None:
    if actor is None:
        return
    for unit in {person.unit for person in people}:
        if not holds(actor.grants(day_of(now)), [ADMINISTRATOR], unit.path if unit else None):
            raise CannotAdmit(
                _("People of %(unit)s are let in and shut out by its system administrator.")
                % {"unit": unit or _("no unit")}
            )
