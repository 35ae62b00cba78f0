"""Reads of inspections: their checklists, replies, and what they still lack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from guantong.rectification.models import ChecklistItem, InspectionReply, Result
from guantong.rectification.queries.needs import Details, Lacking


def checklists_of(inspection_ids: Iterable[int]) -> dict[int, list[ChecklistItem]]:
    """Return each inspection's checklist in its order, in one query."""
    found: dict[int, list[ChecklistItem]] = defaultdict(list)
    items = ChecklistItem.objects.filter(record__in=list(inspection_ids))
    for item in items.select_related("record", "problem").order_by("record", "position"):
        found[item.record_id].append(item)
    return found


def unraised_of(inspection_ids: Iterable[int]) -> dict[int, list[ChecklistItem]]:
    """Return the items of each inspection that aren't met and that no problem was made of."""
    found: dict[int, list[ChecklistItem]] = defaultdict(list)
    items = ChecklistItem.objects.filter(
        record__in=list(inspection_ids), result=Result.NOT_MET, problem=None
    )
    for item in items.order_by("record", "position"):
        found[item.record_id].append(item)
    return found


def replied(inspection_ids: Iterable[int]) -> set[int]:
    replies = InspectionReply.objects.filter(record__in=list(inspection_ids))
    return set(replies.values_list("record", flat=True))


def lacks_reply(inspections: Details) -> Lacking:
    there = replied(i.pk for i in inspections)
    sentence = _("The unit hasn't replied or objected yet; its head does.")
    return {i.pk: sentence for i in inspections if i.pk not in there}


def has_reply(inspections: Details) -> Lacking:
    there = replied(i.pk for i in inspections)
    return {i.pk: _("The unit has replied already.") for i in inspections if i.pk in there}


def lacks_unraised(inspections: Details) -> Lacking:
    waiting = unraised_of(i.pk for i in inspections)
    sentence = _("No item of its checklist is unmet and without a problem.")
    return {i.pk: sentence for i in inspections if not waiting[i.pk]}
