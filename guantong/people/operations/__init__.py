"""Every change to persons, appointments and deputies."""

from guantong.people.operations.appointing import (
    AppointmentDraft,
    CannotAppoint,
    CannotEndAppointment,
    appoint,
    end_appointment,
)
from guantong.people.operations.deputising import (
    CannotNameDeputy,
    end_deputyship,
    name_deputy,
    note_deputies,
)
from guantong.people.operations.inboxes import (
    mark_digested,
    mark_here,
    mark_seen,
    set_digest,
    unmark_digested,
)
from guantong.people.operations.registering import (
    CannotRegisterPeople,
    PersonDraft,
    correct_people,
    correct_person,
    register_people,
)

__all__ = [
    "AppointmentDraft",
    "CannotAppoint",
    "CannotEndAppointment",
    "CannotNameDeputy",
    "CannotRegisterPeople",
    "PersonDraft",
    "appoint",
    "correct_people",
    "correct_person",
    "end_appointment",
    "end_deputyship",
    "mark_digested",
    "mark_here",
    "mark_seen",
    "name_deputy",
    "note_deputies",
    "register_people",
    "set_digest",
    "unmark_digested",
]
