"""What pages, bulletins and the checks ask of the ledger."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

import orjson
from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext

from guantong.ledger.entries import LedgerEntry
from guantong.ledger.hashing import FORMAT, REASON, entry_bytes, instant, leaf_hash
from guantong.ledger.models import Checkpoint, Effect, Entry, Leaf, Text
from guantong.ledger.tracking import in_present_terms

FACTS = (
    *("id", "recorded_at", "effective_on", "operation", "actor", "code", "effect"),
    *("subject_kind", "subject_id", "record", "unit", "changes", "reason", "xact"),
)


@dataclass(frozen=True)
class StoryEntry:
    """One entry as it is told on a page: `changes` maps a field to its old and new value.

    The actor is an id that the caller gives a name. Fields in `blanked` had texts that were taken
    away; they read (None, None).
    """

    id: int
    code: str
    label: str
    effect: str
    actor: int | None
    recorded_at: datetime
    effective_on: date
    operation: UUID
    subject_kind: str
    subject_id: int
    record: int | None
    unit: int | None
    reason: str
    changes: Mapping[str, tuple[Any, Any]]
    blanked: frozenset[str]


def label_of(code: str) -> str:
    """Return the words for an entry's code, in the language of the moment."""
    label = _labels().get(code)
    return gettext(str(label)) if label is not None else code


def codes() -> dict[str, str]:
    """Return every code that an app declares, with its words."""
    return {code: label_of(code) for code in _labels()}


def story_of(
    record_id: int,
    *,
    before: int | None = None,
    limit: int = 50,
    oldest_first: bool = False,
    until: date | None = None,
    also: Mapping[str, Collection[int]] | None = None,
) -> list[StoryEntry]:
    """Return what happened to a record, newest first; `before` is the last id of the page before.

    `until` leaves out what took effect after that day. What happened to the subjects in `also`, by
    their kind, is told with it though it stands on the stories of others.

    Oldest first, `before` is the id after which to go on.
    """
    told: dict[int, Entry] = {}
    for condition in (
        Q(record=record_id),
        *(Q(subject_kind=kind, subject_id__in=ids) for kind, ids in (also or {}).items() if ids),
    ):
        entries = Entry.objects.filter(condition)
        if until is not None:
            entries = entries.filter(effective_on__lte=until)
        if oldest_first:
            entries = entries.filter(pk__gt=before or 0).order_by("pk")
        else:
            entries = (entries if before is None else entries.filter(pk__lt=before)).order_by("-pk")
        # Each by an index of its own; together they would be sorted whole.
        told |= {entry.pk: entry for entry in entries[:limit]}
    order = sorted(told, reverse=not oldest_first)
    return tell(told[pk] for pk in order[:limit])


def history_of(subject_kind: str, subject_id: int, *, limit: int = 200) -> list[StoryEntry]:
    """Return what happened to one subject, newest first."""
    entries = Entry.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return tell(entries.order_by("-pk")[:limit])


@dataclass(frozen=True)
class KeptText:
    """A text that the ledger still holds of a subject, in all wordings that it ever had."""

    record: int
    subject_kind: str
    subject_id: int
    field: str
    wordings: tuple[str, ...]

    @property
    def newest(self) -> str:
        return self.wordings[-1] if self.wordings else ""


def texts_on_stories(record_ids: Iterable[int]) -> list[KeptText]:
    """Return the texts on the stories of records that can be blanked, in the order of writing.

    The field `reason` stands for the reasons that entries gave. What tells of a blanking stays.
    """
    rows = (
        Text.objects.filter(entry__record__in=list(record_ids), value__isnull=False)
        .exclude(entry__code=LedgerEntry.TEXT_BLANKED)
        .order_by("entry_id", "field")
        .values_list("entry__record", "entry__subject_kind", "entry__subject_id", "field", "value")
    )
    wordings: dict[tuple[int, str, int, str], list[str]] = {}
    for record, kind, subject, field, value in rows:
        if record is None or value is None:
            continue
        name = "reason" if field == REASON else field
        said = [one for one in orjson.loads(value) if isinstance(one, str) and one]
        wordings.setdefault((record, kind, subject, name), []).extend(said)
    return [
        # The newest comes last, each once.
        KeptText(*key, tuple(dict.fromkeys(reversed(said)))[::-1])
        for key, said in wordings.items()
        if said
    ]


def changes_after(
    subject_kinds: Iterable[str], subject_ids: Iterable[int], day: date
) -> list[StoryEntry]:
    """Return the updates of some subjects that took effect after `day`, newest first."""
    entries = Entry.objects.filter(
        subject_kind__in=list(subject_kinds),
        subject_id__in=list(subject_ids),
        effect=Effect.UPDATED,
        effective_on__gt=day,
    )
    return tell(entries.order_by("-pk"))


def last_told(
    subject_kind: str, subject_ids: Iterable[int], field: str, day: date
) -> dict[int, Any]:
    """Return by subject what a plain field was by the end of `day`, as the entries tell it.

    Subjects of whose field no entry tells by then are left out.
    """
    entries = Entry.objects.filter(
        subject_kind=subject_kind,
        subject_id__in=list(subject_ids),
        changes__has_key=field,
        effective_on__lte=day,
    )
    told = entries.order_by("pk").values_list("subject_id", "changes")
    return {subject_id: changes[field][1] for subject_id, changes in told}


def entries_with_code(code: str, records: Iterable[int]) -> QuerySet:
    """Return the entries of one code on the stories of some records, oldest first."""
    return Entry.objects.filter(record__in=list(records), code=code).order_by("pk")


def entries_with_codes(*codes: str) -> QuerySet:
    """Return all entries of some codes, oldest first."""
    return Entry.objects.filter(code__in=codes).order_by("pk")


def newest_of(record_id: int, codes: Iterable[str]) -> list[StoryEntry]:
    """Return the newest entry of a record with one of the codes, and who did it.

    What the system did within a person's operation is told with that person's own first entry.
    """
    newest = Entry.objects.filter(record=record_id, code__in=codes).order_by("-pk").first()
    if newest is None:
        return []
    if newest.actor is None:
        acted = Entry.objects.filter(operation=newest.operation, actor__isnull=False)
        newest.actor = acted.order_by("pk").values_list("actor", flat=True).first()
    return tell([newest])


def records_in(operation: UUID) -> QuerySet:
    """Return the ids of the records that one operation created or changed."""
    entries = Entry.objects.filter(operation=operation, record__isnull=False)
    return entries.order_by().values("record").distinct()


def tell(entries: Iterable[Entry]) -> list[StoryEntry]:
    """Resolve the texts of some entries, all in one query."""
    entries = list(entries)
    texts: dict[tuple[int, str], str | None] = {
        (entry, field): value
        for entry, field, value in Text.objects.filter(
            entry__in=[entry.pk for entry in entries]
        ).values_list("entry_id", "field", "value")
    }
    return [_story_entry(entry, texts) for entry in entries]


def entries_between(bottom: int, top: int | None) -> QuerySet:
    """Return the entries from the id `bottom` up to below `top`, or to the newest."""
    entries = Entry.objects.filter(pk__gte=bottom)
    return entries if top is None else entries.filter(pk__lt=top)


def newest_entry() -> int:
    """Return the id of the newest entry, 0 where there is none.

    Asked several times for each page, and so in the database's own words, which Django would take
    ten times as long to write.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {Entry._meta.db_table}")
        return cursor.fetchone()[0] or 0


def hash_of_entry(entry_id: int) -> str:
    """Return the hash that an entry has, or will have, as a leaf; LookupError where it isn't."""
    found = list(facts_of(Entry.objects.filter(pk=entry_id)))
    if not found:
        raise LookupError(f"the ledger has no entry {entry_id}")
    return leaf_hash(entry_bytes(found[0])).hex()


def latest_checkpoint() -> Checkpoint | None:
    """Return what was signed last."""
    return Checkpoint.latest()


def covered_size() -> int:
    """Return how many leaves the latest checkpoint covers."""
    latest = Checkpoint.latest()
    return latest.size if latest else 0


def is_covered(operation: UUID) -> bool:
    """Say whether every entry of an operation is under the latest checkpoint."""
    entries = Entry.objects.filter(operation=operation)
    covered = Leaf.objects.filter(entry__operation=operation, index__lt=covered_size())
    return entries.exists() and covered.count() == entries.count()


def leaves_under(size: int) -> Iterator[tuple[int, bytes]]:
    """Yield the entry's id and the hash of each of the first `size` leaves, in order."""
    leaves = Leaf.objects.filter(index__lt=size).order_by("index")
    for entry, digest in leaves.values_list("entry_id", "hash").iterator(chunk_size=10_000):
        yield entry, bytes(digest)


def unsequenced() -> QuerySet:
    """Return the entries that have no leaf yet."""
    return Entry.objects.filter(leaf__isnull=True)


def entry_facts(entry: Entry) -> dict[str, Any]:
    """Return an entry as what is hashed: every column, each in one form on every database."""
    return _facts(*(getattr(entry, name) for name in FACTS))


def facts_of(entries: QuerySet) -> Iterator[dict[str, Any]]:
    """Do the same for entries in great numbers, without a model's instance for each."""
    plain = [name for name in FACTS if name != "changes"]
    # As text, since orjson reads it three times as fast as a JSONField.
    rows = entries.annotate(changes_text=Cast("changes", TextField()))
    at = FACTS.index("changes")
    for *values, changes in rows.values_list(*plain, "changes_text").iterator(chunk_size=2000):
        values.insert(at, orjson.loads(changes))
        yield _facts(*values)


def _facts(*values: Any) -> dict[str, Any]:
    facts = dict(zip(FACTS, values, strict=True))
    facts["format"] = FORMAT
    facts["recorded_at"] = instant(facts["recorded_at"])
    facts["effective_on"] = facts["effective_on"].isoformat()
    facts["operation"] = str(facts["operation"])
    return facts


def _story_entry(entry: Entry, texts: Mapping[tuple[int, str], str | None]) -> StoryEntry:
    changes: dict[str, tuple[Any, Any]] = {}
    blanked = set()
    for field, change in in_present_terms(entry.subject_kind, entry.changes).items():
        value = None if isinstance(change, list) else texts.get((entry.pk, field))
        if isinstance(change, list):
            changes[field] = (change[0], change[1])
        elif value is not None:
            changes[field] = tuple(orjson.loads(value))
        else:
            changes[field] = (None, None)
            blanked.add(field)
    reason = texts.get((entry.pk, REASON)) if entry.reason else '[null, ""]'
    if reason is None:
        blanked.add(REASON)
    return StoryEntry(
        id=entry.pk,
        code=entry.code,
        label=label_of(entry.code),
        effect=Effect(entry.effect).value,
        actor=entry.actor,
        recorded_at=entry.recorded_at,
        effective_on=entry.effective_on,
        operation=entry.operation,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        record=entry.record,
        unit=entry.unit,
        reason=orjson.loads(reason)[1] if reason else "",
        changes=changes,
        blanked=frozenset(blanked),
    )


@lru_cache(maxsize=1)
def _labels() -> dict[str, Any]:
    """Collect the codes of every app's `entries` module."""
    labels: dict[str, Any] = {}
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.entries") is None:
            continue
        for found in vars(import_module(f"{app.name}.entries")).values():
            if isinstance(found, type) and issubclass(found, Enum):
                labels.update(getattr(found, "choices", ()))
    return labels


@dataclass(frozen=True)
class Told:
    """What one entry told of one plain field of a subject."""

    subject_id: int
    code: str
    effective_on: date
    actor: int | None
    new: Any


def told_of(subject_kind: str, field: str) -> Iterable[Told]:
    """Stream what the entries told of a plain field, by subject and in their order."""
    entries = Entry.objects.filter(subject_kind=subject_kind, changes__has_key=field)
    rows = entries.order_by("subject_id", "id").values_list(
        "subject_id", "code", "effective_on", "actor", "changes"
    )
    for subject_id, code, effective_on, actor, changes in rows.iterator(chunk_size=2000):
        yield Told(subject_id, code, effective_on, actor, changes[field][1])
