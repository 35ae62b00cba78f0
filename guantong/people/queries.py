"""Which persons are named for something."""

from __future__ import annotations

from django.db.models import Case, QuerySet, Value, When

from guantong.people.models import Person
from guantong.units.models import Unit


def people_near(unit: Unit) -> QuerySet[Person]:
    """Return all who have an account, those of the unit first, then those of the units under it."""
    near = Case(
        When(unit=unit, then=Value(0)),
        When(unit__path__startswith=unit.path, then=Value(1)),
        default=Value(2),
    )
    people = Person.objects.filter(is_active=True).select_related("unit")
    return people.order_by(near, "name", "pk")
