"""How a form asks for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from guantong.kit.forms import NamedField
from guantong.people.models import Person
from guantong.people.sheets import people_named


class PersonField(NamedField):
    """A person, by user name or by a name that only they have."""

    kind = "person"
    code = "username"

    def every(self) -> QuerySet[Person]:
        return Person.objects.filter(is_active=True).select_related("unit").order_by("name", "pk")

    def named(self, texts: set[str]) -> Mapping[str, Sequence[Person]]:
        return people_named(texts)

    def note(self, person: Person) -> str:
        return str(person.unit or "")
