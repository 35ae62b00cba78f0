"""Deputies: who may name one, what they may do, and for how long."""

import datetime

import pytest

from guantong.people.models import Deputyship, Person
from guantong.people.operations import (
    AppointmentDraft,
    CannotAppoint,
    CannotEndAppointment,
    CannotNameDeputy,
    appoint,
    end_appointment,
    end_deputyship,
    name_deputy,
)
from guantong.people.tests.factories import cast
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, START, TODAY, organisation

pytestmark = pytest.mark.django_db

WEEK = datetime.timedelta(7)


@pytest.fixture
def units() -> dict[str, Unit]:
    return organisation()


@pytest.fixture
def people(units: dict[str, Unit]) -> dict[str, Person]:
    return cast(units)


def named(
    people: dict[str, Person], person: str, deputy: str, by: str | None, **days
) -> Deputyship:
    days = {"starts_on": TODAY, "ends_on": TODAY + WEEK, **days}
    return name_deputy(
        person=people[person],
        deputy=people[deputy],
        actor=people[by] if by else None,
        now=NOW,
        **days,
    )


# who names whose deputy: may they?
NAMING = {
    ("head_d1", "liaison_d1", "head_d1"): True,
    ("head_d1", "liaison_d1", "administrator"): True,
    ("head_d1", "liaison_d1", "coordinator"): True,
    ("head_d1", "liaison_d1", "head_m"): True,
    ("liaison_d1", "liaison2_d1", "head_d1"): True,
    ("head_d1", "liaison_d1", "liaison2_d1"): False,
    ("head_d1", "liaison_d1", "head_d2"): False,
    ("head_d1", "liaison_d1", "auditor"): False,
    ("head_d1", "head_d1", "administrator"): False,
    ("head_d1", "liaison_d1", "liaison_d1"): False,
    ("coordinator", "administrator", "administrator"): False,
}


@pytest.mark.parametrize(("person", "deputy", "by"), NAMING)
def test_who_names_a_deputy(people: dict[str, Person], person: str, deputy: str, by: str):
    if NAMING[person, deputy, by]:
        assert named(people, person, deputy, by).deputy == people[deputy]
    else:
        with pytest.raises(CannotNameDeputy):
            named(people, person, deputy, by)
        assert not Deputyship.objects.exists()


def test_a_deputy_has_the_appointments_for_the_days_and_says_whose(people: dict[str, Person]):
    named(people, "head_d1", "liaison_d1", "head_d1", starts_on=TODAY + WEEK,
          ends_on=TODAY + 2 * WEEK)  # fmt: skip
    deputy, absent = people["liaison_d1"], people["head_d1"]
    for day, is_deputy in [(0, False), (6, False), (7, True), (13, True), (14, False)]:
        on = TODAY + datetime.timedelta(day)
        roles = {(grant.role, grant.of) for grant in deputy.grants(on)}
        assert roles == {("liaison", None)} | ({("head", absent.pk)} if is_deputy else set())
        assert (absent.pk in deputy.stands_for(on)) == is_deputy
        assert {grant.of for grant in absent.grants(on)} == {None}


def test_what_a_deputy_holds_as_deputy_goes_to_no_deputy_of_theirs(people: dict[str, Person]):
    named(people, "head_m", "head_d1", "head_m")
    with pytest.raises(CannotNameDeputy, match="is away"):
        named(people, "head_d2", "head_m", "head_d2")
    later = {"starts_on": TODAY + WEEK, "ends_on": TODAY + 2 * WEEK}
    named(people, "head_d1", "liaison_d1", "head_d1", **later)
    named(people, "liaison_d1", "liaison2_d1", "head_d1")
    on = TODAY + datetime.timedelta(1)
    assert {grant.role for grant in people["liaison2_d1"].grants(on)} == {"liaison"}


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"ends_on": TODAY}, "end before it begins"),
        ({"starts_on": TODAY - WEEK}, "today at the earliest"),
        ({"starts_on": TODAY - 2 * WEEK, "ends_on": TODAY - WEEK}, "over already"),
    ],
)
def test_days_that_wont_do(people: dict[str, Person], days: dict, sentence: str):
    with pytest.raises(CannotNameDeputy, match=sentence):
        named(people, "head_d1", "liaison_d1", "head_d1", **days)


def test_one_deputy_at_a_time(people: dict[str, Person]):
    named(people, "head_d1", "liaison_d1", "head_d1")
    with pytest.raises(CannotNameDeputy, match="already"):
        named(people, "head_d1", "liaison2_d1", "head_d1", starts_on=TODAY + WEEK // 2,
              ends_on=TODAY + 2 * WEEK)  # fmt: skip
    named(people, "head_d1", "liaison2_d1", "head_d1", starts_on=TODAY + WEEK,
          ends_on=TODAY + 2 * WEEK)  # fmt: skip


def test_who_has_no_account_is_no_deputy(people: dict[str, Person]):
    people["liaison_d1"].is_active = False
    with pytest.raises(CannotNameDeputy, match="no account"):
        named(people, "head_d1", "liaison_d1", "head_d1")


def test_an_ended_deputyship_gives_nothing_from_today(people: dict[str, Person]):
    deputyship = named(people, "head_d1", "liaison_d1", "head_d1")
    with pytest.raises(CannotNameDeputy, match="said by themselves"):
        end_deputyship(deputyship=deputyship, actor=people["head_d2"], now=NOW)
    end_deputyship(deputyship=deputyship, actor=people["head_d1"], now=NOW)
    fresh = Person.objects.get(pk=people["liaison_d1"].pk)
    assert {grant.role for grant in fresh.grants(TODAY)} == {"liaison"}
    with pytest.raises(CannotNameDeputy, match="already ended"):
        end_deputyship(deputyship=deputyship, actor=people["head_d1"], now=NOW)


def test_a_deputy_appoints_neither_themselves_nor_whom_they_stand_for(
    people: dict[str, Person], units: dict[str, Unit]
):
    named(people, "administrator", "liaison_d1", "administrator")
    deputy = people["liaison_d1"]
    for person in (deputy, people["administrator"]):
        with pytest.raises(CannotAppoint, match="Nobody appoints themselves"):
            appoint(
                drafts=[AppointmentDraft(person, "coordinator", units["M"])],
                actor=deputy,
                now=NOW,
                starts_on=TODAY,
            )
    appoint(
        drafts=[AppointmentDraft(people["owner_d1"], "researcher", units["D1"])],
        actor=deputy,
        now=NOW,
        starts_on=TODAY,
    )


def test_appointments_are_the_administrators(people: dict[str, Person], units: dict[str, Unit]):
    draft = AppointmentDraft(people["owner_d1"], "researcher", units["D1"])
    with pytest.raises(CannotAppoint, match="system administrator"):
        appoint(drafts=[draft], actor=people["coordinator"], now=NOW, starts_on=START)
    appointment = people["head_d2"].appointments.get()
    with pytest.raises(CannotEndAppointment, match="system administrator"):
        end_appointment(
            appointment=appointment, ends_on=TODAY, actor=people["coordinator"], now=NOW
        )
    end_appointment(appointment=appointment, ends_on=TODAY, actor=people["administrator"], now=NOW)
