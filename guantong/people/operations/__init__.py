"""Every change to persons, appointments and deputies."""

from guantong.people.operations.admitting import (
    CannotAdmit,
    admit_people,
    choose_password,
    close_accounts,
    open_accounts,
    sign_in_links,
)
from guantong.people.operations.appointing import (
    AppointmentDraft,
    CannotAppoint,
    CannotEndAppointment,
    appoint,
    end_appointment,
)
from guantong.people.operations.attempting import begin_attempt, forget_attempts
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
    CannotCorrectPeople,
    CannotRegisterPeople,
    PersonDraft,
    correct_people,
    correct_person,
    register_people,
)

__all__ = [
    "AppointmentDraft",
    "CannotAdmit",
    "CannotAppoint",
    "CannotCorrectPeople",
    "CannotEndAppointment",
    "CannotNameDeputy",
    "CannotRegisterPeople",
    "PersonDraft",
    "admit_people",
    "appoint",
    "begin_attempt",
    "choose_password",
    "close_accounts",
    "correct_people",
    "correct_person",
    "end_appointment",
    "end_deputyship",
    "forget_attempts",
    "mark_digested",
    "mark_here",
    "mark_seen",
    "name_deputy",
    "note_deputies",
    "open_accounts",
    "register_people",
    "set_digest",
    "sign_in_links",
    "unmark_digested",
]
