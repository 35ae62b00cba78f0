"""The cast: each person has one role, over the unit that their name says."""

import datetime

from guantong.people.models import Person
from guantong.people.operations import AppointmentDraft, PersonDraft, appoint, register_people
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, START

CAST = {
    "coordinator": ("coordinator", "M"),
    "auditor": ("auditor", "M"),
    "inspector": ("inspector", "M"),
    "inspector2": ("inspector", "M"),
    "administrator": ("administrator", "M"),
    "head_m": ("head", "M"),
    "head_d1": ("head", "D1"),
    "liaison_d1": ("liaison", "D1"),
    "liaison2_d1": ("liaison", "D1"),
    "researcher_d1": ("researcher", "D1"),
    "owner_d1": (None, "D1"),
    "liaison_o1": ("liaison", "O1"),
    "head_o1": ("head", "O1"),
    "head_d2": ("head", "D2"),
    "liaison_d2": ("liaison", "D2"),
    "researcher_d2": ("researcher", "D2"),
}


def cast(units: dict[str, Unit], starts_on: datetime.date = START) -> dict[str, Person]:
    """Return the cast by user name."""
    people = register_people(
        drafts=[
            PersonDraft(name, name.replace("_", " ").title(), unit=units[unit])
            for name, (_role, unit) in CAST.items()
        ],
        actor=None,
        now=NOW,
    )
    by_name = {person.username: person for person in people}
    appoint(
        drafts=[
            AppointmentDraft(by_name[name], role, units[unit])
            for name, (role, unit) in CAST.items()
            if role
        ],
        actor=None,
        now=NOW,
        starts_on=starts_on,
    )
    return by_name
