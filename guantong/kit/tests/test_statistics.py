import pytest
from django.db import connection

from guantong.kit.statistics import refresh_statistics
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
