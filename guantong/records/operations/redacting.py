"""Personal data that must go is blanked; who took it out and why stays."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.operations import CannotBlankTexts, act, blank_texts
from guantong.people.models import Person
from guantong.records.queries import standings
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Who


class CannotRedact(Refused):
    """The actor is no coordinator of it, gives no reason, or names a field that holds no text."""


def redact_record(
    *,
    detail: Any,
    fields: Collection[str],
    actor: Person,
    now: datetime.datetime,
    reason: str,
) -> Any:
    """Blank texts of a record in its row and in the ledger's whole history of it (rule 10)."""
    record = detail.record
    standing = standings([record], actor, record.campaign.day_of(now))[record.pk]
    if Who.COORDINATOR not in standing:
        raise CannotRedact([Refusal(record, _("Personal data is redacted by the coordinator."))])
    if not reason.strip():
        raise CannotRedact([Refusal(record, _("Say in a sentence why the data must go."))])
    try:
        with act(actor=actor, now=now):
            blank_texts(
                subject_kind=record.kind,
                subject_id=record.pk,
                fields=fields,
                actor=actor,
                now=now,
                reason=reason,
            )
    except CannotBlankTexts as refused:
        sentence = _("Only texts can be redacted: %(fields)s are not all texts of it.")
        raise CannotRedact(
            [Refusal(record, sentence % {"fields": ", ".join(sorted(fields))})]
        ) from refused
    return type(detail)._default_manager.select_related("record__unit").get(pk=detail.pk)
