"""Reads of evidence across records."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from guantong.evidence.models import Attachment
from guantong.people.models import Person
from guantong.records.models import Record


def with_evidence(record_ids: Iterable[int], *, on: datetime.date) -> set[int]:
    """Return those of the records that have dated evidence which holds on the day `on`."""
    attached = Attachment.objects.holding(on).filter(record__in=list(record_ids))
    return set(attached.values_list("record_id", flat=True))


def reusable(record: Record, *, person: Person, on: datetime.date, words: str = "") -> Any:
    """Return the evidence of other records that `person` may see and `record` lacks, newest first.

    `words` are looked for in names, captions and references; what no longer holds is left out.
    """
    seen = Record.objects.visible_to(person, on).filter(campaign=record.campaign_id)
    there = record.attachments.filter(withdrawn=False).values("file")
    found = Attachment.objects.holding(on).filter(record__in=seen.values("pk"))
    found = found.exclude(record=record.pk).exclude(file__in=there).exclude(file=None)
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(caption__icontains=word)
            | Q(record__reference__iexact=word)
            | Q(record__title__icontains=word)
        )
    return found.select_related("file", "record").order_by("-dated_on", "-pk")
