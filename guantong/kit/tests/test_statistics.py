import pytest
from django.db import connection

from guantong.kit.statistics import refresh_as_it_grows, refresh_statistics
from guantong.units.tests.factories import organisation


@pytest.mark.django_db
def test_the_database_knows_its_tables_afterwards():
    organisation()
    refresh_statistics()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'units_unit'")
            assert cursor.fetchone()[0] > 0
        else:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'units_unit'")
            assert cursor.fetchone()[0] == 5


@pytest.mark.parametrize(
    ("before", "after", "is_due"),
    [(0, 1023, False), (1000, 1024, True), (1024, 2047, False), (2000, 5000, True)],
)
@pytest.mark.django_db
def test_it_counts_anew_once_the_rows_have_doubled(
    before, after, is_due, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as waiting:
        refresh_as_it_grows(before, after)
    assert bool(waiting) is is_due
