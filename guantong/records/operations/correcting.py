"""Fields of records are corrected; what a transition decides is no field."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.operations import note_deputies
from guantong.records.entries import RecordEntry
from guantong.records.queries import acted_for, standings
from guantong.records.refusals import Refusal, Refused, closed_refusals
from guantong.records.registry import kind_of
from guantong.records.rules import Who


class CannotCorrectRecord(Refused):
    """The fields aren't the person's to correct."""


def correct_records(
    *,
    details: Sequence[Any],
    actor: Person,
    now: datetime.datetime,
    changes: Mapping[int, Mapping[str, Any]],
    reason: str = "",
) -> list[Any]:
    """Correct fields of records, each correction with old and new (rule 10): L of the unit or C.

    State, due days and whatever a transition decides are no fields to correct, nor are those that
    the kind holds fast in the record's present state.
    """
    decided = {
        *("state", "due_on", "original_due_on", "reference", "kind", "campaign", "is_hidden"),
        *("author", "escalation_level"),
    }
    with act(actor=actor, now=now, reason=reason) as writing:
        today = details[0].record.campaign.day_of(now) if details else None
        standing = standings([d.record for d in details], actor, today) if today else {}
        closed = closed_refusals(d.record for d in details)
        refused = []
        frozen = kind_of(details[0].record.kind).frozen if details else None
        for detail in details:
            fast = set(frozen(detail, standing[detail.pk])) if frozen else set()
            named = {name.removesuffix("_id") for name in changes.get(detail.pk, {})}
            fields = named & (decided | fast)
            if detail.pk in closed:
                refused.append(closed[detail.pk])
            elif fields:
                sentence = _(
                    "“%(fields)s” changes by a decision of its own, not by a correction."
                ) % {"fields": _(", ").join(sorted(_called(detail, name) for name in fields))}
                refused.append(Refusal(detail.record, sentence))
            elif not standing[detail.pk] & {Who.LIAISON, Who.COORDINATOR} and not (
                detail.record.author_id == actor.pk and detail.record.state == "draft"
            ):
                sentence = _("Corrections are made by the liaison of the unit or the coordinator.")
                refused.append(Refusal(detail.record, sentence))
        if refused:
            raise CannotCorrectRecord(refused)
        if today is not None:
            acting = acted_for(
                [d.record for d in details], actor, today, {Who.LIAISON, Who.COORDINATOR}
            )
            note_deputies(writing, acted_for=acting, deputy=actor, on=today)
        return list(writing.update(details, code=RecordEntry.CORRECTED, changes=changes))


def _called(detail: Any, name: str) -> str:
    """Return what people call a field, of the record or of its kind's own row."""
    own = {field.name for field in detail._meta.get_fields()}
    model = type(detail) if name in own else type(detail.record)
    return str(model._meta.get_field(name).verbose_name)
