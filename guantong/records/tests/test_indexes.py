"""Each record, link and state is written into as few indexes as its questions need."""

import pytest
from django.db import connection

from guantong.records.models import Link, Participant, Record, StatePeriod

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Record, StatePeriod, Link, Participant])
def test_no_index_is_what_another_one_begins_with(model: type):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    # A partial index holds some rows only, and answers for no other.
    partial = {index.name for index in model._meta.indexes if index.condition is not None}
    partial |= {rule.name for rule in model._meta.constraints if getattr(rule, "condition", None)}
    whole = {
        name: tuple(one["columns"])
        for name, one in found.items()
        if (one["index"] or one["unique"]) and name not in partial
    }
    spare = [
        (name, other)
        for name, columns in whole.items()
        for other, longer in whole.items()
        if name != other and longer[: len(columns)] == columns
    ]
    assert not spare
