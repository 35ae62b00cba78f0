"""Persons, and the appointments that give them a role over a unit for a time."""

from __future__ import annotations

import datetime
from typing import Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from guantong.kit.written import written
from guantong.people import rules
from guantong.people.rules import Grant
from guantong.units.models import Unit


class Role(models.TextChoices):
    COORDINATOR = rules.COORDINATOR, _("Coordinator")
    LIAISON = rules.LIAISON, _("Liaison")
    HEAD = rules.HEAD, _("Unit head")
    RESEARCHER = rules.RESEARCHER, _("Researcher")
    INSPECTOR = rules.INSPECTOR, _("Inspector")
    AUDITOR = rules.AUDITOR, _("Auditor")
    ADMINISTRATOR = rules.ADMINISTRATOR, _("System administrator")


class Person(AbstractBaseUser):
    """One person of the organisation, whether or not they ever sign in."""

    LEDGER_PLAIN = {"username"}
    # A password is no history.
    LEDGER_UNTRACKED = {"password"}

    # When somebody last signed in is nobody's business (principle 6).
    last_login = None

    username = models.CharField(_("user name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    post = models.CharField(_("post"), max_length=120, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("unit")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    is_leader = models.BooleanField(_("leader"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)

    objects = BaseUserManager["Person"]()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def grants(self, on: datetime.date) -> tuple[Grant, ...]:
        """Return what this person's appointments, and those they are deputy for, give on `on`."""
        return self._powers(on)[0]

    def stands_for(self, on: datetime.date) -> frozenset[int]:
        """Return whom this person acts as on `on`, by their ids: oneself, and as a deputy others.

        A deputy has the appointments and owns the records of the absent person, but not the parts
        that they have in single records, nor what they in turn hold as somebody's deputy.
        """
        return self._powers(on)[1]

    def _powers(self, on: datetime.date) -> tuple[tuple[Grant, ...], frozenset[int]]:
        """Read both once for each day, in one query."""
        known = self.__dict__.setdefault("_known_powers", {})
        if on not in known:
            found = _powers_of(self.pk, on)
            grants = tuple(
                Grant(role, unit, path, None if person == self.pk else person, short or name)
                for person, role, unit, path, short, name in found
                if role
            )
            known[on] = grants, frozenset({self.pk, *(row[0] for row in found)})
        return known[on]

    def forget_grants(self) -> None:
        self.__dict__.pop("_known_powers", None)
        self.__dict__.pop("_sight", None)
        self.__dict__.pop("_restricted_seen", None)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def current(self, on: datetime.date) -> Self:
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))

    def ended(self, on: datetime.date) -> Self:
        return self.filter(ends_on__lte=on)


class Appointment(models.Model):
    """One person has one role over one unit and all below it, from a day until a day."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        indexes = [models.Index(fields=["unit", "role"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="appointment_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["person", "role", "unit"],
                condition=Q(ends_on=None),
                name="one_open_appointment_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}, {self.unit}"


class DeputyshipQuerySet(models.QuerySet["Deputyship"]):
    def current(self, on: datetime.date) -> Self:
        return self.filter(starts_on__lte=on, ends_on__gt=on)

    def meeting(self, starts_on: datetime.date, ends_on: datetime.date) -> Self:
        """Those that share a day with the time from `starts_on` until before `ends_on`."""
        return self.filter(starts_on__lt=ends_on, ends_on__gt=starts_on)


class Deputyship(models.Model):
    """One person acts for another who is away, from a day until a day (half open)."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="absences", verbose_name=_("absent person")
    )
    deputy = models.ForeignKey(
        Person, models.PROTECT, related_name="deputyships", verbose_name=_("deputy")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    objects = DeputyshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputyship")
        verbose_name_plural = _("deputyships")
        indexes = [models.Index(fields=["deputy", "ends_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="deputyship_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(person=models.F("deputy")), name="nobody_deputises_for_himself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.person}"


class Inbox(models.Model):
    """What one person has seen of their notices, and whether and how the daily digest reaches them.

    It is the person's own and no history: it never enters the ledger, and nobody else sees it.
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True, related_name="inbox")
    seen_entry = models.BigIntegerField(default=0)
    takes_digest = models.BooleanField(_("a digest by e-mail, at most one a day"), default=True)
    language = models.CharField(max_length=10, blank=True)
    # The last digest, and the newest entry that it or one before it told of.
    digested_on = models.DateField(null=True)
    told_entry = models.BigIntegerField(default=0)
    # The last day on which the person was here, and the day before that on which they were.
    here_on = models.DateField(null=True)
    before_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.seen_entry}"


class Attempts(models.Model):
    """How often a password was tried in a row for one user name, from one browser or from any, or
    how often from one address.

    `browser` is one in which its person signed in before, and empty for all others together. No
    address and no name is kept: `whose` is made of either with the installation's key.
    """

    whose = models.CharField(max_length=64)
    browser = models.CharField(max_length=32, blank=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["whose", "browser"], name="one_count_of_attempts")
        ]

    def __str__(self) -> str:
        return f"{self.whose[:8]}: {self.count}"


@written
def _powers_of(person: int, on: datetime.date) -> models.QuerySet[Person, Any]:
    """Who a person stands for on a day, each with each appointment that they hold on it."""
    absent = Deputyship.objects.current(on).filter(deputy=person).values("person")
    current = Q(appointments__starts_on__lte=on) & (
        Q(appointments__ends_on=None) | Q(appointments__ends_on__gt=on)
    )
    standing = Person.objects.filter(Q(pk=person) | Q(pk__in=absent))
    return standing.annotate(held=FilteredRelation("appointments", condition=current)).values_list(
        *("pk", "held__role", "held__unit_id", "held__unit__path"),
        *("held__unit__short_name", "held__unit__name"),
    )
