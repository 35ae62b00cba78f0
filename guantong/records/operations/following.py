"""People follow records, or stop; it is their own affair and no history of the record."""

from __future__ import annotations

from guantong.people.models import Person
from guantong.records.models import Follow, Record


def set_following(*, record: Record, person: Person, is_on: bool) -> None:
    """Let a person hear of what happens to a record, or no more.

    Who is responsible for a record or entered it follows by nature, and can stop too.
    """
    by_nature = person.pk in (record.owner_id, record.author_id)
    if is_on == by_nature:
        Follow.objects.filter(record=record, person=person).delete()
    else:
        Follow.objects.update_or_create(record=record, person=person, defaults={"is_on": is_on})
