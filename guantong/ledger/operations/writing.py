"""Changes rows of tracked models and writes one entry for each row that changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import orjson
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models

from guantong.ledger.dating import days_of
from guantong.ledger.hashing import REASON, commitment, new_salts, text_bytes
from guantong.ledger.models import Effect, Entry, Text
from guantong.ledger.several import name_first, read_named, store_named
from guantong.ledger.storing import (
    chunks,
    insert_models,
    insert_parents,
    insert_rows,
    next_ids,
    update_rows,
)
from guantong.ledger.tracking import Plan, TrackedField, is_loaded, plan_of
from guantong.ledger.watching import watched

Row = Any
Reason = str | Callable[[Row], str]
RecordOf = Callable[[Row], int | None] | int | None
Day = date | Callable[[Row], date | None] | None
Change = tuple[str, bool, Any, Any]  # field, is it a text, old, new

_ENTRY_COLUMNS = (
    *("id", "recorded_at", "effective_on", "operation", "actor", "code", "effect"),
    *("subject_kind", "subject_id", "record", "unit", "changes", "reason"),
)
_TEXT_COLUMNS = ("entry_id", "field", "salt", "value")


class StaleRow(Exception):
    """A row has changed since it was read; what was decided on it may no longer hold."""

    def __init__(self, row: models.Model, read: int, stored: int) -> None:
        super().__init__(
            f"{row._meta.label} {row.pk} was read at revision {read} and is now at {stored}: "
            "read it again."
        )
        self.row = row


@dataclass(frozen=True)
class Writing:
    """The open operation, through which rows are created, updated, removed and noted."""

    operation: UUID
    actor: int | None
    now: datetime
    effective_on: date
    reason: str
    # Whether an operation said the day; else an entry about a record takes its campaign's.
    is_dated: bool
    # The revision that each row had when this operation first met it: a row read before a step of
    # the same operation is not stale.
    met: dict[type[models.Model], dict[Any, int]] = field(default_factory=lambda: defaultdict(dict))
    # By kind, of whom somebody wants to be told at the end (see `watching`).
    told: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    entered: list[int] = field(default_factory=list)  # first and last ids of its rows of entries

    def within(self, *, effective_on: date | None, reason: str) -> "Writing":
        """Return the same operation with a day or reason of its own."""
        day, why = effective_on or self.effective_on, reason or self.reason
        is_dated = self.is_dated or effective_on is not None
        return replace(self, effective_on=day, reason=why, is_dated=is_dated)

    def create(
        self,
        rows: Iterable[Row],
        *,
        code: str,
        reason: Reason = "",
        record_of: RecordOf = None,
        effective_on: Day = None,
        several: Sequence[Mapping[str, Iterable[Any]]] = (),
    ) -> list[Row]:
        """Insert new rows of one tracked model, their unsaved parents first.

        `several` gives, for each row, what its fields name that name several things.
        """
        rows = list(rows)
        if not rows:
            return rows
        plan = _plan(rows)
        parents = plan.parents().items()
        new_parents = {name: insert_parents(rows, name, parent) for name, parent in parents}
        insert_models(plan.model, rows)
        drafts = []
        getters = [
            (through, fields, attrgetter(*(f.attname for f in fields), "pk"))
            for through in plan.tables()
            if (fields := [f for f in plan.fields if f.through == through and not f.is_several])
        ]
        named = name_first(plan, rows, several) if several else {}
        for row in rows:
            changes: list[Change] = []
            for through, fields, values_of in getters:
                if through and row.pk not in new_parents[through]:
                    continue
                values = values_of(getattr(row, through) if through else row)
                for tracked, value in zip(fields, values, strict=False):
                    # Most are, and what is blank is written as it is.
                    if value is tracked.blank:
                        continue
                    written = tracked.write(value)
                    if written != tracked.blank:
                        changes.append((tracked.name, tracked.is_text, None, written))
            changes += named.get(row.pk, ())
            drafts.append((row, changes))
        holder = plan.revision_holder()
        if holder is not None:
            met = self.met[plan.tables()[holder]]
            for row in rows:
                kept = getattr(row, holder) if holder else row
                met.setdefault(kept.pk, kept.revision)
        self.enter(plan, drafts, code, Effect.CREATED, reason, record_of, effective_on)
        return rows

    def update(
        self,
        rows: Iterable[Row],
        *,
        code: str,
        reason: Reason = "",
        changes: Mapping[Any, Mapping[str, Any]] | None = None,
        record_of: RecordOf = None,
        effective_on: Day = None,
        **values: Any,
    ) -> list[Row]:
        """Give rows new values, the same to all or by pk in `changes`; return those that changed.

        Old values are read from the database under lock, never from the instances, so that the
        entry tells what really was. A field called like an argument here goes into `changes`.
        """
        rows = list({row.pk: row for row in rows}.values())
        if not rows:
            return rows
        plan = _plan(rows)
        wanted: dict[Any, dict[str, Any]] = {}
        for row in rows:
            asked = {**values, **((changes or {}).get(row.pk) or {})}
            wanted[row.pk] = {_tracked(plan, name).name: value for name, value in asked.items()}
        names = {name for one in wanted.values() for name in one}
        fields = [tracked for tracked in plan.fields if tracked.name in names]
        stored = self._stored(plan, rows, fields)
        changed: list[tuple[Row, list[Change]]] = []
        for row in rows:
            mine: list[Change] = []
            for tracked in fields:
                if tracked.name not in wanted[row.pk]:
                    continue
                new = wanted[row.pk][tracked.name]
                written = tracked.write(new.pk if isinstance(new, models.Model) else new)
                old = stored[row.pk][tracked.name]
                if written != old or type(written) is not type(old):
                    mine.append((tracked.name, tracked.is_text, old, written))
                tracked.put(row, new)
            if mine:
                changed.append((row, mine))
        self.store(plan, changed, wanted)
        self.enter(plan, changed, code, Effect.UPDATED, reason, record_of, effective_on)
        return [row for row, _ in changed]

    def remove(
        self,
        rows: Iterable[Row],
        *,
        code: str,
        reason: Reason = "",
        record_of: RecordOf = None,
    ) -> None:
        """Delete rows that may go; the entry keeps what they held. Nothing is cascaded."""
        rows = list(rows)
        if not rows:
            return
        plan = _plan(rows)
        if plan.through or plan.pairs():
            raise TypeError(f"A {plan.kind} has more rows than one and is never removed.")
        stored = self._stored(plan, rows, list(plan.fields))
        drafts = [
            (
                row,
                [
                    (f.name, f.is_text, stored[row.pk][f.name], None)
                    for f in plan.fields
                    if stored[row.pk][f.name] != f.blank
                ],
            )
            for row in rows
        ]
        self.enter(plan, drafts, code, Effect.REMOVED, reason, record_of, None)
        for chunk in chunks([row.pk for row in rows]):
            # Not delete(): that would take rows which point here with it, without entries.
            plan.model._base_manager.filter(pk__in=chunk)._raw_delete(connection.alias)

    def note(
        self,
        *,
        code: str,
        subjects: Iterable[Row],
        changes: Mapping[str, Any] | None = None,
        reason: Reason = "",
        record_of: RecordOf = None,
        effective_on: Day = None,
    ) -> None:
        """Enter something about rows that changes none of them; strings in `changes` are texts."""
        subjects = list(subjects)
        if not subjects:
            return
        noted: list[Change] = []
        for name, value in (changes or {}).items():
            old, new = value if isinstance(value, tuple) else (None, value)
            noted.append((name, isinstance(old, str) or isinstance(new, str), old, new))
        drafts = [(row, noted) for row in subjects]
        plan = _plan(subjects)
        self.enter(plan, drafts, code, Effect.NOTED, reason, record_of, effective_on)

    def _stored(
        self, plan: Plan, rows: Sequence[Row], fields: Sequence[TrackedField]
    ) -> dict[Any, dict[str, Any]]:
        """Lock the rows and return what the database holds of `fields`, as the ledger writes it."""
        stored: dict[Any, dict[str, Any]] = {row.pk: {} for row in rows}
        holder = plan.revision_holder()
        by_pk = {row.pk: row for row in rows}
        for through, model in plan.tables().items():
            here = [tracked for tracked in fields if tracked.through == through]
            own = [tracked for tracked in here if not tracked.is_several]
            has_revision = holder == through
            if not here and not has_revision:
                continue
            columns = ["pk", *(f.attname for f in own), *(["revision"] if has_revision else [])]
            # A parent shares its child's key, which is how the child is found by it.
            for chunk in chunks(list(stored)):
                found = model._base_manager.filter(pk__in=chunk).order_by().select_for_update()
                for pk, *read in found.values_list(*columns):
                    kept = stored[pk]
                    for tracked, value in zip(own, read, strict=False):
                        kept[tracked.name] = tracked.write(value)
                    if has_revision:
                        self._meet(model, by_pk[pk], through, read[-1])
                    kept[""] = True
                read_named(here, {pk: kept for pk in chunk if (kept := stored[pk])})
        for pk, kept in stored.items():
            if not kept and fields:
                raise ObjectDoesNotExist(f"{plan.kind} {pk} is not there any more.")
        return stored

    def _meet(self, model: type[models.Model], row: Row, through: str, stored: int) -> None:
        first = self.met[model].setdefault(row.pk, stored)
        if through and not is_loaded(row, through):
            return
        kept = getattr(row, through) if through else row
        if "revision" in kept.__dict__ and not first <= kept.revision <= stored:
            raise StaleRow(row, kept.revision, stored)
        kept.revision = stored

    def store(
        self,
        plan: Plan,
        changed: Sequence[tuple[Row, list[Change]]],
        wanted: Mapping[Any, Mapping[str, Any]],
    ) -> None:
        """Send the changed columns, rows with the same columns together."""
        holder = plan.revision_holder()
        store_named(plan, [(row.pk, changes) for row, changes in changed])
        for through, model in plan.tables().items():
            groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
            own = {f.name for f in plan.fields if f.through == through and not f.is_several}
            for row, changes in changed:
                groups[tuple(c[0] for c in changes if c[0] in own)].append(row)
            for names, rows in groups.items():
                columns = [plan.by_name[name].column for name in names]
                update_rows(
                    model,
                    columns,
                    [(r.pk, [_plain(wanted[r.pk][name]) for name in names]) for r in rows],
                    bumps_revision=holder == through,
                )
            if holder == through:
                for row, _ in changed:
                    if not through or is_loaded(row, through):
                        (getattr(row, through) if through else row).revision += 1

    def enter(
        self,
        plan: Plan,
        drafts: Sequence[tuple[Row, Sequence[Change]]],
        code: str,
        effect: Effect,
        reason: Reason = "",
        record_of: RecordOf = None,
        effective_on: Day = None,
    ) -> None:
        """Write one entry for each row, with the commitments to its texts."""
        if not drafts:
            return
        of_record = _finder(plan.record, record_of)
        of_unit = _finder(plan.unit, None)
        prepare = {f.name: f for f in Entry._meta.concrete_fields}
        recorded_at = prepare["recorded_at"].get_db_prep_save(self.now, connection)
        operation = prepare["operation"].get_db_prep_save(self.operation, connection)
        reason = reason or self.reason
        days: dict[date, Any] = {}
        own = {} if self.is_dated else days_of({of_record(row) for row, _ in drafts}, self.now)
        count = sum(sum(change[1] for change in changes) + 1 for _, changes in drafts)
        salts = iter(new_salts(count))
        entries: list[tuple[Any, ...]] = []
        texts: list[tuple[int, str, str, str]] = []

        def commit(entry: int, name: str, old: Any, new: Any) -> str:
            salt, value = next(salts), text_bytes(old, new)
            texts.append((entry, name, salt.hex(), value.decode()))
            return commitment(salt, value)

        fields = watched(plan.kind)
        if fields:
            self.told[plan.kind].update(
                row.pk for row, changes in drafts if any(change[0] in fields for change in changes)
            )
        for entry, (row, changes) in zip(next_ids(Entry, len(drafts)), drafts, strict=True):
            written = {
                name: {"text": commit(entry, name, old, new)} if is_text else [old, new]
                for name, is_text, old, new in changes
            }
            why = reason(row) if callable(reason) else reason
            day = effective_on(row) if callable(effective_on) else effective_on
            day = day or own.get(of_record(row)) or self.effective_on
            if day not in days:
                days[day] = prepare["effective_on"].get_db_prep_save(day, connection)
            entries.append(
                (
                    *(
                        entry,
                        recorded_at,
                        days[day],
                        operation,
                        self.actor,
                        str(code),
                        effect.value,
                    ),
                    *(plan.kind, row.pk, of_record(row), of_unit(row)),
                    orjson.dumps(written).decode(),
                    commit(entry, REASON, None, why) if why else "",
                )
            )
        insert_rows(Entry._meta.db_table, _ENTRY_COLUMNS, entries)
        insert_rows(Text._meta.db_table, _TEXT_COLUMNS, texts)
        self.entered.extend((entries[0][0], entries[-1][0]))


def _plan(rows: Sequence[Row]) -> Plan:
    model: type[models.Model] = type(rows[0])
    plan = plan_of(model)
    for row in rows:
        if not isinstance(row, plan.model):
            raise TypeError(f"{type(row).__name__} among rows of {plan.kind}: one model at a time.")
    return plan


def _tracked(plan: Plan, name: str) -> TrackedField:
    try:
        return plan.by_name[name]
    except KeyError:
        raise TypeError(f"{plan.kind} has no field {name} that the ledger tracks.") from None


def _finder(path: str | None, given: RecordOf) -> Callable[[Row], int | None]:
    if callable(given):
        return given
    if given is not None:
        return lambda row: given
    return attrgetter(path) if path else lambda row: None


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
