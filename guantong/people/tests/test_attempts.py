"""Wrong passwords make their next ones wait, and nobody else for long."""

import datetime

import pytest
from django.db import connection

from guantong.people.models import Attempts
from guantong.people.operations import begin_attempt, forget_attempts
from guantong.people.rules import (
    ATTEMPTS_KEPT,
    FREE_ATTEMPTS,
    FREE_FROM_ADDRESS,
    LONGEST_FROM_ADDRESS,
    LONGEST_WAIT,
    wait_after,
)
from guantong.units.tests.factories import NOW

SECOND = datetime.timedelta(seconds=1)


def test_the_wait_begins_after_some_attempts_doubles_and_has_an_end():
    waits = [wait_after(count) for count in range(FREE_ATTEMPTS + 12)]
    assert waits[:FREE_ATTEMPTS] == [datetime.timedelta(0)] * FREE_ATTEMPTS
    assert waits[FREE_ATTEMPTS] == 15 * SECOND
    assert waits[FREE_ATTEMPTS + 1] == 30 * SECOND
    assert waits[-1] == LONGEST_WAIT == max(waits)


@pytest.mark.django_db
def test_who_knocks_while_waiting_makes_it_no_longer():
    for _try in range(FREE_ATTEMPTS):
        assert begin_attempt(username="wen", browser="", now=NOW) is None
    until = NOW + 15 * SECOND
    for second in range(15):
        now = NOW + second * SECOND
        assert begin_attempt(username="wen", browser="", now=now) == until
    assert begin_attempt(username="wen", browser="", now=until) is None
    assert begin_attempt(username="wen", browser="", now=until) == until + 30 * SECOND


@pytest.mark.django_db
def test_names_and_known_browsers_are_counted_apart_and_quiet_forgets():
    for _try in range(FREE_ATTEMPTS):
        begin_attempt(username="wen", browser="", now=NOW)
    assert begin_attempt(username="wen", browser="", now=NOW) is not None
    assert begin_attempt(username="wen", browser="known", now=NOW) is None
    assert begin_attempt(username="lin", browser="", now=NOW) is None
    later = NOW + ATTEMPTS_KEPT + SECOND
    assert begin_attempt(username="wen", browser="", now=later) is None
    # What is older than that is not kept, whoever tries next.
    begin_attempt(username="new", browser="", now=later)
    assert not Attempts.objects.filter(last_at=NOW).exists()


@pytest.mark.django_db
def test_neither_names_nor_what_was_typed_as_one_is_kept():
    begin_attempt(username="my secret typed here", browser="", now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT whose, browser FROM people_attempts")
        assert "secret" not in str(cursor.fetchall())


@pytest.mark.django_db
def test_forgetting_is_for_one_browser_or_for_all():
    for browser in ("", "a", "b"):
        begin_attempt(username="wen", browser=browser, now=NOW)
    forget_attempts(username="wen", browser="a")
    assert set(Attempts.objects.values_list("browser", flat=True)) == {"", "b"}
    forget_attempts(username="wen")
    assert not Attempts.objects.exists()


def spray(count: int, address: str = "198.51.100.7") -> list[datetime.datetime | None]:
    """Try one password on so many names, each once."""
    return [
        begin_attempt(username=f"name{n}", browser="", address=address, now=NOW)
        for n in range(count)
    ]


@pytest.mark.django_db
def test_one_password_on_many_names_is_slowed_by_address_and_only_there():
    assert spray(FREE_FROM_ADDRESS) == [None] * FREE_FROM_ADDRESS
    until = begin_attempt(username="next", browser="", address="198.51.100.7", now=NOW)
    assert until == NOW + 15 * SECOND
    assert begin_attempt(username="next", browser="", address="203.0.113.9", now=NOW) is None
    # Who is known here goes on working, behind the same address too.
    assert begin_attempt(username="wen", browser="known", address="198.51.100.7", now=NOW) is None


@pytest.mark.django_db
def test_the_wait_of_an_address_stays_short_and_knocking_makes_it_no_longer():
    now = NOW
    for number in range(FREE_FROM_ADDRESS + 8):
        until = begin_attempt(username=f"n{number}", browser="", address="a", now=now)
        now = until or now
        if until:
            assert begin_attempt(username=f"n{number}", browser="", address="a", now=now) is None
            again = begin_attempt(username="other", browser="", address="a", now=now)
            assert again is not None
            assert again - now <= LONGEST_FROM_ADDRESS


@pytest.mark.django_db
def test_right_passwords_are_not_counted_for_an_address():
    for number in range(FREE_FROM_ADDRESS * 2):
        name = f"name{number}"
        assert begin_attempt(username=name, browser="", address="office", now=NOW) is None
        forget_attempts(username=name, browser="", address="office")
