"""Replays the entries and names every row that is not what they say.

Rows are compared table by table, in the order of their keys. A table's fields may be told by
entries of several kinds (a record's by those of its strand), which are merged on the way, so that
no more than a chunk of subjects is held at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby
from typing import Any

import orjson
from django.db import models
from django.db.models.functions import Cast
from django.utils.functional import cached_property

from guantong.ledger.entries import LedgerEntry
from guantong.ledger.models import Effect, Entry, Text
from guantong.ledger.several import named_by
from guantong.ledger.storing import chunks
from guantong.ledger.tracking import (
    Plan,
    TrackedField,
    in_present_terms,
    plan_of_kind,
    tracked_kinds,
)
from guantong.ledger.verification.findings import (
    Difference,
    Progress,
    Verification,
    subject_name,
)

CHUNK = 1000
_BLANKED = str(LedgerEntry.TEXT_BLANKED)
_UNKNOWN = object()  # a text whose value was blanked

Change = tuple[int, Any]  # the entry that last told of a field, and what it told


@dataclass
class Folded:
    """What the entries come to for one row."""

    pk: int
    kind: str
    is_created: bool = False
    is_removed: bool = False
    updates: int = 0
    changes: dict[str, Change] = field(default_factory=dict)
    # Entries whose old value is not the one before: (entry, field, what it says, what was said).
    contradictions: list[tuple[int, str, Any, Any]] = field(default_factory=list)
    # Entries that make what was there, or change or remove what was gone.
    impossible: list[int] = field(default_factory=list)

    def take(
        self, entry: int, kind: str, effect: str, code: str, changes: Mapping[str, Any]
    ) -> None:
        self.kind = kind
        if effect == Effect.NOTED:
            return
        if self.is_created if effect == Effect.CREATED else self.is_removed:
            self.impossible.append(entry)
        if effect == Effect.REMOVED:
            self.is_removed, self.is_created = True, False
            self.changes.clear()
            return
        if effect == Effect.CREATED:
            self.is_created, self.is_removed, self.updates = True, False, 0
            self.changes.clear()
        else:
            self.updates += 1
        for name, change in changes.items():
            before = self.changes.get(name)
            if before is not None and code != _BLANKED and _contradict(before[1], change):
                self.contradictions.append((entry, name, change[0], before[1][1]))
            self.changes[name] = (entry, change)


def _contradict(before: Any, change: Any) -> bool:
    """Whether a change begins with another value than the one before it ended with.

    Texts are known by their commitments only; so what blanks one says nothing of what was there.
    """
    are_plain = isinstance(before, list) and isinstance(change, list)
    return are_plain and not _is_same(change[0], before[1])


@dataclass(frozen=True)
class Table:
    """One table that entries tell of: its tracked fields, and the kinds that tell of them."""

    model: type[models.Model]
    fields: tuple[TrackedField, ...]
    kinds: tuple[str, ...]
    has_revision: bool

    @cached_property
    def first_revision(self) -> int:
        return int(self.model._meta.get_field("revision").get_default())  # type: ignore[union-attr]

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(tracked.name for tracked in self.fields)


def check_rows(
    found: Verification, progress: Progress, kinds: Collection[str] | None = None
) -> None:
    """Compare every row of every tracked table with what its entries come to."""
    known = tracked_kinds()
    wanted = [kind for kind in known if kinds is None or kind in kinds]
    told = set(Entry.objects.order_by().values_list("subject_kind", flat=True).distinct())
    found.untracked_kinds = sorted(told - set(known))
    for table in _tables(plan_of_kind(kind) for kind in wanted):
        _check_table(table, found, progress)


def _tables(plans: Iterable[Plan]) -> list[Table]:
    fields: dict[type[models.Model], tuple[TrackedField, ...]] = {}
    kinds: dict[type[models.Model], list[str]] = defaultdict(list)
    revised: set[type[models.Model]] = set()
    for plan in plans:
        for through, model in plan.tables().items():
            fields[model] = tuple(f for f in plan.fields if f.through == through)
            kinds[model].append(plan.kind)
            if plan.revision_holder() == through:
                revised.add(model)
    return [Table(model, fields[model], tuple(kinds[model]), model in revised) for model in fields]


def _check_table(table: Table, found: Verification, progress: Progress) -> None:
    total = table.model._base_manager.count()
    label = table.model._meta.label_lower
    done = 0
    for chunk in chunks(_paired(table), CHUNK):
        texts = _texts(table, [folded for folded, _row in chunk if folded is not None])
        for folded, row in chunk:
            done += row is not None
            _check_row(table, folded, row, texts, found)
        progress(label, done, total)
    found.rows += done


def _paired(table: Table) -> Iterator[tuple[Folded | None, tuple[Any, ...] | None]]:
    """Yield each subject's folded entries beside its row, in the order of keys."""
    subjects, rows = _folded(table), _rows(table)
    folded, row = next(subjects, None), next(rows, None)
    while folded is not None or row is not None:
        if row is None or (folded is not None and folded.pk < row[0]):
            yield folded, None
            folded = next(subjects, None)
        elif folded is None or row[0] < folded.pk:
            yield None, row
            row = next(rows, None)
        else:
            yield folded, row
            folded, row = next(subjects, None), next(rows, None)


def _rows(table: Table) -> Iterator[tuple[Any, ...]]:
    columns = ["pk", *(f.attname for f in table.fields if not f.is_several)]
    if table.has_revision:
        columns.append("revision")
    rows = table.model._base_manager.order_by("pk").values_list(*columns)
    several = [tracked for tracked in table.fields if tracked.is_several]
    if not several:
        yield from rows.iterator(chunk_size=CHUNK)
        return
    for chunk in chunks(rows.iterator(chunk_size=CHUNK), CHUNK):
        named = {tracked.name: named_by(tracked, [row[0] for row in chunk]) for tracked in several}
        for pk, *values in chunk:
            told = iter(values)
            of_fields = [
                named[f.name].get(pk, []) if f.is_several else next(told) for f in table.fields
            ]
            yield pk, *of_fields, *told


def _folded(table: Table) -> Iterator[Folded]:
    columns = ("subject_id", "id", "subject_kind", "effect", "code", "told")
    streams = [
        Entry.objects.filter(subject_kind=kind)
        .annotate(told=Cast("changes", models.TextField()))
        .order_by("subject_id", "id")
        .values_list(*columns)
        .iterator(chunk_size=CHUNK)
        for kind in table.kinds
    ]
    for pk, entries in groupby(merge(*streams), key=lambda row: row[0]):
        folded = Folded(pk, "")
        for _pk, entry, kind, effect, code, changes in entries:
            told = in_present_terms(kind, orjson.loads(changes))
            folded.take(entry, kind, effect, code, told)
        yield folded


def _texts(table: Table, subjects: Iterable[Folded]) -> dict[tuple[int, str], str | None]:
    """Return the texts behind the last word on each text of some subjects."""
    wanted = {
        entry
        for folded in subjects
        for name, (entry, change) in folded.changes.items()
        if isinstance(change, dict) and name in table.names
    }
    found: dict[tuple[int, str], str | None] = {}
    for ids in chunks(sorted(wanted), CHUNK):
        rows = Text.objects.filter(entry__in=ids).values_list("entry_id", "field", "value")
        found.update({(entry, name): value for entry, name, value in rows})
    return found


def _check_row(
    table: Table,
    folded: Folded | None,
    row: tuple[Any, ...] | None,
    texts: dict[tuple[int, str], str | None],
    found: Verification,
) -> None:
    if folded is not None and folded.impossible:
        subject = _name(table, folded, row) if row else subject_name(folded.kind, folded.pk)
        for entry in folded.impossible:
            found.found(Difference.ENTRY_IMPOSSIBLE, entry=entry, subject=subject)
    if row is None:
        if folded is not None and folded.is_created:
            found.found(Difference.ROW_DELETED, subject=subject_name(folded.kind, folded.pk))
        return
    if folded is None or not folded.is_created:
        found.found(Difference.ROW_INSERTED, subject=_name(table, folded, row))
        return
    for entry, name, old, before in folded.contradictions:
        if name in table.names:
            found.found(
                Difference.ENTRY_CONTRADICTS,
                entry=entry,
                subject=_name(table, folded, row),
                field=name,
                old=_shown(old),
                before=_shown(before),
            )
    for tracked, value in zip(table.fields, row[1:], strict=False):
        said = _said(tracked, folded.changes.get(tracked.name), texts)
        if said is _UNKNOWN:
            continue
        try:
            written = tracked.write(value)
        except (ArithmeticError, TypeError, ValueError):
            written = str(value)
        if not _is_same(written, said):
            found.found(
                Difference.ROW_ALTERED,
                subject=_name(table, folded, row),
                field=tracked.name,
                ledger=_shown(said),
                row=_shown(written),
            )
    if table.has_revision and row[-1] != table.first_revision + folded.updates:
        found.found(
            Difference.REVISION_WRONG,
            subject=_name(table, folded, row),
            ledger=str(table.first_revision + folded.updates),
            row=str(row[-1]),
        )


def _said(
    tracked: TrackedField, change: Change | None, texts: dict[tuple[int, str], str | None]
) -> Any:
    """Return what the ledger says a field holds, as it writes it."""
    if change is None:
        return tracked.blank
    entry, told = change
    if isinstance(told, list):
        return told[1]
    value = texts.get((entry, tracked.name))
    if value is None:
        return _UNKNOWN
    try:
        return orjson.loads(value)[1]
    except (ValueError, IndexError, KeyError, TypeError):
        return _UNKNOWN  # the check of texts names it


def _is_same(written: Any, said: Any) -> bool:
    if isinstance(written, dict | list) or isinstance(said, dict | list):
        options = orjson.OPT_SORT_KEYS
        return orjson.dumps(written, option=options) == orjson.dumps(said, option=options)
    return type(written) is type(said) and bool(written == said)


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return f"“{text[:80]}…”" if len(text) > 80 else f"“{text}”"


def _name(table: Table, folded: Folded | None, row: tuple[Any, ...]) -> str:
    kind = folded.kind if folded is not None else table.kinds[0]
    if len(table.kinds) > 1 and folded is None:
        kind = table.model._meta.label_lower
    for tracked, value in zip(table.fields, row[1:], strict=False):
        if tracked.name == "reference" and value:
            return subject_name(kind, row[0], value)
    return subject_name(kind, row[0], _reference(table, row[0]))


def _reference(table: Table, pk: int) -> str:
    """Return the reference that a subject's parent carries, for a row that differs."""
    for kind in table.kinds:
        plan = plan_of_kind(kind)
        tracked = plan.by_name.get("reference")
        if tracked is not None and tracked.through:
            rows = tracked.model._base_manager.filter(pk=pk)
            return str(rows.values_list(tracked.attname, flat=True).first() or "")
    return ""
