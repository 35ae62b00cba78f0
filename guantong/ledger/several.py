"""Fields that name several things (many-to-many): their rows are told of by who names them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection

from guantong.ledger.storing import insert_values
from guantong.ledger.tracking import Plan, TrackedField


def named_by(tracked: TrackedField, keys: Iterable[Any]) -> dict[Any, list[Any]]:
    """Return the written value of each of these rows that names something: one query."""
    model, who, what = tracked.pairs
    rows = model._base_manager.filter(**{f"{who}__in": list(keys)})
    found: dict[Any, list[Any]] = defaultdict(list)
    for key, value in rows.order_by(what).values_list(who, what):
        found[key].append(value)
    return dict(found)


def read_named(fields: Iterable[TrackedField], rows: Mapping[Any, dict[str, Any]]) -> None:
    """Add to the values read of rows, by key, what they name."""
    for tracked in fields:
        if tracked.is_several:
            named = named_by(tracked, rows)
            for key, values in rows.items():
                values[tracked.name] = named.get(key, [])


def name_first(
    plan: Plan, rows: Sequence[Any], said: Sequence[Mapping[str, Iterable[Any]]]
) -> dict[Any, list[tuple[str, bool, Any, Any]]]:
    """Store what new rows name, each as `said`; return the changes that tell of it, by key."""
    fields = [tracked for tracked in plan.fields if tracked.is_several]
    found = {
        row.pk: [
            (tracked.name, False, None, written)
            for tracked in fields
            if (written := tracked.write(one.get(tracked.name, ())))
        ]
        for row, one in zip(rows, said, strict=True)
    }
    store_named(plan, list(found.items()))
    return found


def store_named(
    plan: Plan, changed: Sequence[tuple[Any, Sequence[tuple[str, bool, Any, Any]]]]
) -> None:
    """Insert and delete the rows by which things are named, as changes by key say."""
    for tracked in plan.fields:
        if not tracked.is_several:
            continue
        model, who, what = tracked.pairs
        added: list[tuple[Any, Any]] = []
        for pk, changes in changed:
            for name, _is_text, old, new in changes:
                if name != tracked.name:
                    continue
                added += [(pk, key) for key in new if key not in (old or ())]
                if gone := [key for key in old or () if key not in new]:
                    there = model._base_manager.filter(**{who: pk, f"{what}__in": gone})
                    there._raw_delete(connection.alias)
        insert_values(model, (who, what), added)
