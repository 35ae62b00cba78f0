"""Who looks at figures where nobody is signed in, and how that is said."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.people.models import Appointment, Person
from guantong.people.rules import COORDINATOR, holds


def coordinator_of(campaign: Campaign, on: datetime.date) -> Person | None:
    """Return who has coordinated the whole campaign for longest among those who do on `on`."""
    held = Appointment.objects.current(on).filter(role=COORDINATOR, person__is_active=True)
    for appointment in held.select_related("person", "unit").order_by("starts_on", "pk"):
        if holds(appointment.person.grants(on), [COORDINATOR], campaign.unit.path):
            return appointment.person
    return None


def in_words(person: Person, on: datetime.date) -> str:
    """Return a person's name with the roles held on `on`: Li Na (Coordinator, Ministry)."""
    held = Appointment.objects.current(on).filter(person=person).select_related("unit")
    roles = [
        _("%(role)s, %(unit)s") % {"role": one.get_role_display(), "unit": one.unit}
        for one in held.order_by("unit__path", "role")
    ]
    if not roles:
        return str(person)
    return _("%(person)s (%(roles)s)") % {"person": person, "roles": _("; ").join(roles)}
