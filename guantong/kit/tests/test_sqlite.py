import pytest
from django.db.models import prefetch_related_objects

from guantong.people.models import Person
from guantong.units.operations import UnitDraft, register_units
from guantong.units.tests.factories import NOW, TODAY

# One more than SQLite takes of conditions that are joined by OR.
MANY = 1001


@pytest.mark.django_db
def test_what_very_many_rows_refer_to_is_read_at_once(django_assert_num_queries):
    drafts = [UnitDraft("M", "Ministry")]
    drafts += [UnitDraft(f"U{n}", f"Unit {n}", parent="M") for n in range(MANY)]
    units = register_units(drafts=drafts, actor=None, now=NOW, starts_on=TODAY)
    people = [Person(username=f"p{unit.pk}", unit_id=unit.pk) for unit in units]
    with django_assert_num_queries(1):
        prefetch_related_objects(people, "unit")
        assert [person.unit for person in people] == units
