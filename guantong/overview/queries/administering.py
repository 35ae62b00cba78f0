"""What a system administrator keeps: units, people, roles and the installation, and no record."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.people.models import Appointment, Deputyship, Person
from guantong.people.rules import ADMINISTRATOR
from guantong.records.visibility import units_of
from guantong.routine.queries import failed_runs, is_working

# How far ahead one looks for roles that end, and back for jobs that failed.
AHEAD, BACK = datetime.timedelta(30), datetime.timedelta(7)


@dataclass(frozen=True)
class Kept:
    """One thing that an administrator keeps: how many there are, what of them needs a look."""

    label: str
    count: int
    url: str
    note: str = ""


def kept_by(person: Person, *, on: datetime.date, now: datetime.datetime) -> list[Kept]:
    """Return what the person administers, over their units, with what wants doing; no record."""
    units = units_of(person, [ADMINISTRATOR], on)
    people = Person.objects.filter(Q(unit__in=units) | Q(unit=None), is_active=True)
    held = Appointment.objects.current(on).filter(unit__in=units)
    without = people.exclude(Exists(Appointment.objects.current(on).filter(person=OuterRef("pk"))))
    ending = held.filter(ends_on__lte=on + AHEAD).count()
    away = Deputyship.objects.current(on).filter(person__in=people)
    failed = len(failed_runs(now - BACK))
    jobs = _("The worker is there.") if is_working(now) else _("No worker takes turns.")
    people_page = reverse("people")
    return [
        Kept(
            _("Units"),
            units.filter(closed_on=None).count(),
            reverse("register", args=["units"]),
        ),
        Kept(
            _("People with an account"),
            people.count(),
            people_page,
            _("%(count)s hold no role today.") % {"count": without.count()},
        ),
        Kept(
            _("Roles held"),
            held.count(),
            people_page,
            _("%(count)s end within 30 days.") % {"count": ending} if ending else "",
        ),
        Kept(_("Deputies acting today"), away.count(), people_page),
        Kept(_("Jobs that failed in a week"), failed, reverse("routine"), jobs),
        Kept(_("Open campaigns"), Campaign.objects.open().count(), reverse("campaigns")),
    ]
