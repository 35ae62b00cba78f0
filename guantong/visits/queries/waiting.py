"""Reads of visits that wait for somebody's decision."""

from __future__ import annotations

import datetime

from guantong.people.models import Person
from guantong.people.rules import COORDINATOR
from guantong.records.models import Record, RecordQuerySet
from guantong.records.visibility import in_units
from guantong.visits.models import Visit
from guantong.visits.queries.crowding import without_room
from guantong.visits.queries.naming import without_occasion
from guantong.visits.queries.repetition import without_explanation
from guantong.visits.rules import DRAFT


def crowded_drafts(person: Person, on: datetime.date) -> RecordQuerySet:
    """The drafts that only a coordinator like this person can clear, all else being there."""
    over = [grant.path for grant in person.grants(on) if grant.role == COORDINATOR]
    theirs = Record.objects.filter(in_units(over, person, on), kind="visit", state=DRAFT)
    drafts = list(
        Visit.objects.filter(
            record__in=theirs.order_by().values("pk"),
            record__campaign__closed_on=None,
            ends_on__gte=on,
        ).select_related("record__campaign", "site__place")
    )
    if not drafts:
        return Record.objects.none()
    lacking = without_occasion(drafts).keys() | without_explanation(drafts).keys()
    return Record.objects.filter(pk__in=without_room(drafts).keys() - lacking)
