"""Records by day: whose day a moment is, and how they stood at the end of one that is past."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects

from guantong.campaigns.models import Campaign
from guantong.kit.days import day_of
from guantong.ledger.queries import changes_after
from guantong.ledger.tracking import TrackedField, plan_of_kind
from guantong.records.models import Record, StatePeriod


def days_apart(record_ids: Collection[int], now: datetime.datetime) -> dict[int, datetime.date]:
    """Return the day of `now` for those records in whose campaign it isn't the organisation's."""
    elsewhere = {
        campaign.pk: day
        for campaign in Campaign.objects.only("zone")
        if (day := campaign.day_of(now)) != day_of(now)
    }
    if not elsewhere:
        return {}
    rows = Record.objects.filter(pk__in=record_ids, campaign__in=elsewhere)
    return {pk: elsewhere[campaign] for pk, campaign in rows.values_list("pk", "campaign_id")}


def rewind(
    records: Iterable[Record], day: datetime.date, *, details: Mapping[int, Any] | None = None
) -> None:
    """Set records, and the rows of their kinds where given, back to the end of `day`, in memory.

    Fields go back through the entries that took effect since; redacted texts stay blank. Two
    queries for all records, and one for each of their relations.
    """
    several = {record.pk: record for record in records}
    if not several:
        return
    kinds = {record.kind for record in several.values()}
    for entry in changes_after(kinds, several, day):
        record = several[entry.subject_id]
        if entry.subject_kind != record.kind:
            continue
        plan = plan_of_kind(record.kind)
        for name, (old, _new) in entry.changes.items():
            tracked = plan.by_name.get(name)
            if tracked is None or name in entry.blanked:
                continue
            row = record if tracked.through else (details or {}).get(record.pk)
            if row is not None:
                _set(row, tracked, old)
    states = StatePeriod.objects.on(day).filter(record__in=several).order_by("pk")
    for record_id, state in states.values_list("record_id", "state"):
        several[record_id].state = state
    for record_id, detail in (details or {}).items():
        if record_id in several:
            detail.record = several[record_id]
    _fetch(several.values())


def _set(row: Any, tracked: TrackedField, old: Any) -> None:
    column: Any = tracked.column
    if tracked.is_several:
        _set_several(row, tracked, old or [])
        return
    while isinstance(column, models.ForeignKey):
        column = column.target_field
    value = old if old is not None else tracked.blank
    setattr(row, tracked.attname, column.to_python(value))


def _set_several(row: Any, tracked: TrackedField, keys: list[Any]) -> None:
    """Let the row answer with these things when it is asked what it names."""
    rows = getattr(row, tracked.name).filter(pk__in=[])
    related = tracked.column.related_model
    rows._result_cache = list(related._default_manager.filter(pk__in=keys))
    row._prefetched_objects_cache = {
        **getattr(row, "_prefetched_objects_cache", {}),
        tracked.name: rows,
    }


def _fetch(records: Iterable[Record]) -> None:
    """Read at once what the records now refer to."""
    changed: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        for name in ("unit", "owner", "area"):
            if not record._state.fields_cache.get(name):
                changed[name].append(record)
    for name, several in changed.items():
        prefetch_related_objects(several, name)
