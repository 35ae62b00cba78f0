import datetime

import pytest

from guantong.people.models import Appointment, Person
from guantong.people.operations import (
    AppointmentDraft,
    CannotAdmit,
    CannotAppoint,
    CannotCorrectPeople,
    CannotEndAppointment,
    CannotRegisterPeople,
    PersonDraft,
    appoint,
    close_accounts,
    correct_person,
    end_appointment,
    register_people,
)
from guantong.people.rules import Grant, holds, holds_above
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import NOW, START, TODAY, organisation

pytestmark = pytest.mark.django_db


def test_nobody_appoints_themselves_administrators_included() -> None:
    units = organisation()
    people = cast(units)
    me = people["administrator"]
    with pytest.raises(CannotAppoint, match="Nobody appoints themselves"):
        appoint(
            drafts=[AppointmentDraft(me, "coordinator", units["M"])],
            actor=me,
            now=NOW,
            starts_on=TODAY,
        )
    assert not Appointment.objects.filter(person=me, role="coordinator").exists()


def test_an_appointment_holds_from_its_day_until_before_its_last() -> None:
    units = organisation()
    person = cast(units)["liaison_d1"]
    grant = Grant("liaison", units["D1"].pk, units["D1"].path)
    assert person.grants(START) == (grant,)
    assert person.grants(START - datetime.timedelta(1)) == ()
    appointment = person.appointments.get()
    end_appointment(appointment=appointment, ends_on=TODAY, actor=None, now=NOW)
    fresh = Person.objects.get(pk=person.pk)
    assert fresh.grants(TODAY - datetime.timedelta(1)) == (grant,)
    assert fresh.grants(TODAY) == ()
    with pytest.raises(CannotEndAppointment, match="already ended"):
        end_appointment(appointment=appointment, ends_on=TODAY, actor=None, now=NOW)


def test_the_same_appointment_twice_is_refused() -> None:
    units = organisation()
    person = cast(units)["liaison_d1"]
    with pytest.raises(CannotAppoint, match="already holds"):
        appoint(
            drafts=[AppointmentDraft(person, "liaison", units["D1"])],
            actor=None,
            now=NOW,
            starts_on=TODAY,
        )


@pytest.mark.parametrize("names", [["coordinator"], ["new", "new"]])
def test_user_names_are_used_once(names: list[str]) -> None:
    cast(organisation())
    with pytest.raises(CannotRegisterPeople, match=names[0]):
        register_people(drafts=[PersonDraft(n, n) for n in names], actor=None, now=NOW)


def test_a_role_reaches_down_and_never_up_or_across() -> None:
    units = organisation()
    grants = cast(units)["head_d1"].grants(TODAY)
    assert {c for c, u in units.items() if holds(grants, ["head"], u.path)} == {"D1", "O1"}
    assert {c for c, u in units.items() if holds_above(grants, ["head"], u.path)} == {"O1"}
    assert not any(holds(grants, ["liaison"], unit.path) for unit in units.values())


def test_who_has_no_password_cannot_sign_in() -> None:
    person = cast(organisation())["owner_d1"]
    assert not person.has_usable_password()


def test_accounts_are_not_closed_by_a_correction_of_the_coordinators() -> None:
    people = cast(organisation())
    for name, may in (("coordinator", False), ("administrator", True)):
        said = {"person": people["owner_d1"], "actor": people[name], "now": NOW}
        correct_person(**said, post=f"Named by {name}")
        with pytest.raises(CannotCorrectPeople):
            correct_person(**said, is_active=False)
        closed = {"people": [people["owner_d1"]], "actor": people[name], "now": NOW}
        if may:
            close_accounts(**closed)
        else:
            with pytest.raises(CannotAdmit):
                close_accounts(**closed)
    assert not Person.objects.get(username="owner_d1").is_active
