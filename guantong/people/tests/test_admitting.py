"""Who is let in by whom, with a link that holds once, and who is shut out."""

import datetime
from typing import Any

import pytest

from guantong.ledger.models import Entry
from guantong.ledger.verification import verify
from guantong.people.models import Person
from guantong.people.operations import (
    AppointmentDraft,
    CannotAdmit,
    PersonDraft,
    admit_people,
    appoint,
    choose_password,
    close_accounts,
    open_accounts,
    register_people,
    sign_in_links,
)
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import NOW, TODAY, organisation

pytestmark = pytest.mark.django_db
OPERATIONS = (admit_people, close_accounts, open_accounts)


@pytest.fixture
def people() -> dict[str, Person]:
    units = organisation()
    found = cast(units)
    drafts = [PersonDraft("local", "Local", unit=units["D1"]), PersonDraft("free", "Free")]
    found["local"], found["free"] = register_people(drafts=drafts, actor=None, now=NOW)
    made = [AppointmentDraft(found["local"], "administrator", units["D1"])]
    appoint(drafts=made, actor=None, now=NOW, starts_on=TODAY)
    return found


def codes(person: Person) -> list[str]:
    entries = Entry.objects.filter(subject_kind="person", subject_id=person.pk).order_by("pk")
    return [code.removeprefix("people.person.") for code in entries.values_list("code", flat=True)]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("actor", "whom", "may"),
    [
        ("administrator", "liaison_d1", True),
        ("administrator", "head_d2", True),
        ("administrator", "free", True),
        ("local", "liaison_d1", True),
        ("local", "head_d2", False),
        ("local", "free", False),
        ("coordinator", "liaison_d1", False),
        ("head_d1", "liaison_d1", False),
        ("liaison_d1", "owner_d1", False),
        ("auditor", "liaison_d1", False),
    ],
)
def test_the_administrator_over_the_unit_does(
    people: dict[str, Person], operation: Any, actor: str, whom: str, may: bool
) -> None:
    def doing() -> None:
        operation(people=[people[whom]], actor=people[actor], now=NOW)

    before = codes(people[whom])
    if may:
        doing()
    else:
        with pytest.raises(CannotAdmit, match="system administrator"):
            doing()
    changes = len(codes(people[whom])) - len(before)
    # Opening what is open changes nothing, so it enters nothing.
    assert changes == (1 if may and operation is not open_accounts else 0)


def test_a_link_is_entered_and_holds_until_the_password_is_chosen(
    people: dict[str, Person],
) -> None:
    person = people["liaison_d1"]
    admit_people(people=[person], actor=people["administrator"], now=NOW)
    assert codes(person)[-1] == "admitted"
    token = sign_in_links.make_token(person)
    assert sign_in_links.check_token(person, token)
    assert not sign_in_links.check_token(people["head_d1"], token)
    choose_password(person=person, password="seven white geese", now=NOW)
    assert not sign_in_links.check_token(person, token)
    assert verify().lines() == []


def test_a_link_runs_out(people: dict[str, Person], monkeypatch: pytest.MonkeyPatch) -> None:
    token = sign_in_links.make_token(people["liaison_d1"])
    later = datetime.datetime.now() + datetime.timedelta(days=7, minutes=1)
    monkeypatch.setattr(sign_in_links, "_now", lambda: later)
    assert not sign_in_links.check_token(people["liaison_d1"], token)


def test_a_closed_account_gets_no_link_until_it_is_open_again(people: dict[str, Person]) -> None:
    person, actor = people["liaison_d1"], people["administrator"]
    close_accounts(people=[person], actor=actor, now=NOW, reason="left the ministry")
    assert Person.objects.get(pk=person.pk).is_active is False
    with pytest.raises(CannotAdmit, match="Open it again first"):
        admit_people(people=[person], actor=actor, now=NOW)
    open_accounts(people=[person], actor=actor, now=NOW)
    admit_people(people=[person], actor=actor, now=NOW)
    assert codes(person)[-3:] == ["deactivated", "reactivated", "admitted"]
    assert verify().lines() == []


def test_nobody_shuts_themselves_out_nor_the_last_administrator(people: dict[str, Person]) -> None:
    administrator, local = people["administrator"], people["local"]
    with pytest.raises(CannotAdmit, match="their own"):
        close_accounts(people=[administrator], actor=administrator, now=NOW)
    close_accounts(people=[local], actor=administrator, now=NOW)
    with pytest.raises(CannotAdmit, match="Appoint an administrator first"):
        close_accounts(people=[administrator], actor=None, now=NOW)
