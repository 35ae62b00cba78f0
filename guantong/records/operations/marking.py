"""Records are marked as priorities."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _

from guantong.people.models import Person
from guantong.records.operations.correcting import CannotCorrectRecord, correct_records
from guantong.records.queries import standing_on, standings
from guantong.records.refusals import Refusal
from guantong.records.registry import kind_of
from guantong.records.rules import Who


def may_mark(detail: Any, person: Person, on: datetime.date) -> bool:
    """Whether `person` says that a record is a priority, as it stands on the day `on`."""
    record, frozen = detail.record, kind_of(detail.record.kind).frozen
    standing = standing_on(record, person, on)
    if Who.COORDINATOR not in standing or record.campaign.closed_on is not None:
        return False
    return frozen is None or "is_priority" not in frozen(detail, standing)


def mark_priority(
    *, detail: Any, is_priority: bool, actor: Person, now: datetime.datetime
) -> list[Any]:
    """Say that a record is a priority, or none any more: a coordinator, until it is judged."""
    record = detail.record
    standing = standings([record], actor, record.campaign.day_of(now))[record.pk]
    if Who.COORDINATOR not in standing:
        sentence = _("Only a coordinator says what is a priority.")
        raise CannotCorrectRecord([Refusal(record, sentence)])
    changes = {detail.pk: {"is_priority": is_priority}}
    return correct_records(details=[detail], actor=actor, now=now, changes=changes)
