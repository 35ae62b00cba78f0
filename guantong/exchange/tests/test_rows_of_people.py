"""A role comes with the person's row, from the administrator alone."""

import pytest

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.tests.factories import bring, sentences
from guantong.people.models import Appointment, Person
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import organisation

pytestmark = pytest.mark.django_db

ROWS = """user name,name,unit,role
liz,Liz Quay,D1,liaison
hank,Hank Head,D2,单位负责人
nob,N O B,D2,
"""


def roles() -> set[tuple[str, str, str]]:
    held = Appointment.objects.filter(person__username__in=["liz", "hank", "nob"])
    return set(held.values_list("person__username", "role", "unit__code"))


def test_roles_are_given_with_the_person_and_once():
    units = organisation()
    people, campaign = cast(units), campaign_of(units)
    done = bring("people", ROWS, actor=people["administrator"], campaign=campaign)
    assert sentences(done) == []
    assert roles() == {("liz", "liaison", "D1"), ("hank", "head", "D2")}
    again = bring("people", ROWS, actor=people["administrator"], campaign=campaign)
    assert sentences(again) == []
    assert len(roles()) == 2


def test_a_coordinator_registers_people_but_gives_no_roles():
    units = organisation()
    people, campaign = cast(units), campaign_of(units)
    done = bring("people", ROWS, actor=people["coordinator"], campaign=campaign)
    assert [(row, column) for row, column, _said in sentences(done)] == [
        (2, "role"),
        (3, "role"),
    ]
    assert not Person.objects.filter(username="liz").exists()


def test_a_role_needs_a_unit():
    units = organisation()
    people, campaign = cast(units), campaign_of(units)
    row = "user name,name,unit,role\nliz,Liz Quay,,liaison\n"
    done = bring("people", row, actor=people["administrator"], campaign=campaign)
    assert [column for _row, column, _said in sentences(done)] == ["unit"]


def test_all_that_is_wrong_with_a_row_is_said_at_once():
    units = organisation()
    people, campaign = cast(units), campaign_of(units)
    row = "code,name,kind,parent\nX1,Lost office,planet,NOWHERE\n"
    done = bring("units", row, actor=people["administrator"], campaign=campaign)
    assert [(number, column) for number, column, _said in sentences(done)] == [
        (2, "kind"),
        (2, "parent"),
    ]
