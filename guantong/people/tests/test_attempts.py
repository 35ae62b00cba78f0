"""Wrong passwords make their next ones wait, and nobody else for long."""

import datetime

import pytest
from django.db import connection

from guantong.people.models import Attempts
from guantong.people.operations import begin_attempt, forget_attempts
from guantong.people.rules import ATTEMPTS_KEPT, FREE_ATTEMPTS, LONGEST_WAIT, wait_after
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
