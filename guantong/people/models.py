"""Persons, and the appointments that give them a role over a unit for a time."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
        """Return what this person's appointments give on `on`, read once for each day."""
        known: dict[datetime.date, tuple[Grant, ...]] = self.__dict__.setdefault("_grants", {})
        if on not in known:
            held = self.appointments.current(on).values_list("role", "unit_id", "unit__path")
            known[on] = tuple(Grant(*row) for row in held)
        return known[on]

    def forget_grants(self) -> None:
        self.__dict__.pop("_grants", None)
        self.__dict__.pop("_sight", None)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def current(self, on: datetime.date) -> AppointmentQuerySet:
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))


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
