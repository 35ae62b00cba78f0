"""Reads of evidence across records."""

from collections.abc import Iterable

from guantong.evidence.models import Attachment


def with_evidence(record_ids: Iterable[int]) -> set[int]:
    """Return those of the records that have dated evidence in force."""
    attached = Attachment.objects.in_force().filter(record__in=list(record_ids))
    return set(attached.values_list("record_id", flat=True))
