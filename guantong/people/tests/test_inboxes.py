"""What is noted of a person's coming and going."""

import datetime
import sqlite3

import pytest
from django.db import connection

from guantong.kit.locking import without_waiting
from guantong.people.models import Inbox
from guantong.people.operations import mark_here
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import organisation

DAY = datetime.date(2026, 9, 1)

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL locks rows")


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_who_comes_while_another_writes_is_noted_the_next_time():
    person = cast(organisation())["liaison_d1"]
    mark_here(person=person, on=DAY)
    other = sqlite3.connect(connection.settings_dict["NAME"], uri=True, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE people_person SET post = 'elsewhere'")
    try:
        assert mark_here(person=person, on=DAY + datetime.timedelta(1)) == DAY
        assert Inbox.objects.get(person=person).here_on == DAY
    finally:
        other.execute("ROLLBACK")
        other.close()
    mark_here(person=person, on=DAY + datetime.timedelta(1))
    assert Inbox.objects.get(person=person).here_on == DAY + datetime.timedelta(1)


@on_sqlite
@pytest.mark.django_db
def test_only_writes_within_are_refused_at_once():
    def waits() -> int:
        with connection.cursor() as cursor:
            return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])

    before = waits()
    with without_waiting():
        assert waits() == 0
    assert waits() == before > 0
