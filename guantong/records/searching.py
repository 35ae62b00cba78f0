"""The full-text index of what records say: references, titles, texts, and what is said on them.

Derived from the rows, within the operations that write them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models

from guantong.kit.grams import grams, plain, runs
from guantong.ledger.storing import insert_values
from guantong.ledger.watching import watch
from guantong.records.models import Record, SearchText
from guantong.records.registry import Kind, kind_of, kinds

CHUNK = 2000
# Characters shown on either side of the words that were found.
AROUND = 30
OF_ALL = ("reference", "title")
# Characters indexed of one record: PostgreSQL's index entries end at a megabyte.
MOST = 100_000


@dataclass(frozen=True)
class Said:
    """Texts of rows that hang from records, which find the record: comments, items, replies.

    Whoever sees the record must see them; `on` are the kinds of record, all where none is named.
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    record: str
    on: frozenset[str]

    def rows(self, ids: Collection[int]) -> Iterator[models.QuerySet[Any, Any]]:
        """Give, for each field, the texts on records as rows: record, which row, text."""
        on_them = self.model._base_manager.filter(**_among(self.record, ids)).order_by()
        for field in self.fields:
            yield on_them.exclude(**{field: ""}).values_list(self.record, "pk", field)


_said: list[Said] = []


def said_on(kinds: Collection[str], ids: Collection[int]) -> Iterator[tuple[int, str]]:
    """Give each text on these records of some kinds, by the record's id; in one query."""
    asked = set(ids)
    rows = [some for one in _said if not one.on or one.on & set(kinds) for some in one.rows(asked)]
    for pk, _row, text in sorted(rows[0].union(*rows[1:], all=True) if rows else ()):
        if pk in asked:
            yield pk, text


def _among(column: str, ids: Collection[int]) -> dict[str, Any]:
    """Say that a column holds one of the ids, or lies in the stretch that they nearly are.

    An import's records are numbered in a row, and thousands of ids would be written out for each
    table of which it is asked.
    """
    first, last = min(ids), max(ids)
    if last - first < 2 * len(ids):
        return {f"{column}__gte": first, f"{column}__lte": last}
    return {f"{column}__in": ids}


def texts_of(kind: Kind) -> tuple[str, ...]:
    """Return the fields of a kind's own row in which people write, and numbers of other registers.

    What is chosen from a list, or kept for machines, is not looked for by words.
    """
    return tuple(
        column.name
        for column in kind.model._meta.local_fields
        if isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and column.editable
    )


def index_texts_of(kind: Kind) -> None:
    """Have the index follow what the records of a kind say."""
    watch(kind.name, (*OF_ALL, *texts_of(kind)), partial(index_records, kind))


def index_said(
    subject: str,
    model: type[models.Model],
    *fields: str,
    on: Collection[str] = (),
    record: str = "record_id",
) -> None:
    """Have the index hold what rows say that hang from records; the ledger calls them `subject`."""
    _said.append(Said(model, fields, record, frozenset(on)))

    def index_again(ids: Collection[int]) -> None:
        rows = model._base_manager.filter(pk__in=ids)
        by_kind: dict[str, set[int]] = defaultdict(set)
        for pk, name in Record.objects.filter(pk__in=rows.values(record)).values_list("pk", "kind"):
            by_kind[name].add(pk)
        for name, records in by_kind.items():
            index_records(kind_of(name), records)

    watch(subject, fields, index_again)


def index_records(kind: Kind, ids: Collection[int]) -> None:
    """Index these records anew, set-wise."""
    names = texts_of(kind)
    columns = [*(f"record__{name}" for name in OF_ALL), *names]
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        rows = kind.model._base_manager.filter(**_among("pk", chunk)).values_list("pk", *columns)
        asked = set(chunk)
        texts = {pk: [t for t in several if t] for pk, *several in rows if pk in asked}
        for pk, text in said_on([kind.name], chunk):
            texts[pk].append(text)
        said = [(pk, grams("\n".join(several)[:MOST])) for pk, several in texts.items()]
        SearchText.objects.filter(record__in=chunk).delete()
        insert_values(SearchText, ("record", "grams"), said)


@dataclass(frozen=True)
class Excerpt:
    """Where a record says the first of the words: a little before, the words, a little after."""

    before: str
    said: str
    after: str


def excerpts(records: Sequence[Record], words: str) -> dict[int, Excerpt]:
    """Return by id where each record says the first words that stand in its texts.

    One query for each kind, and one for what is said on the rest; whose title says them needs no
    excerpt, and gets none.
    """
    wanted = list(runs(words))
    found: dict[int, Excerpt] = {}
    by_kind: dict[str, list[int]] = defaultdict(list)
    for record in records:
        if not any(run in plain(record.title) for run in wanted):
            by_kind[record.kind].append(record.pk)
    for name, ids in by_kind.items():
        kind = kind_of(name)
        rows = kind.model._base_manager.filter(pk__in=ids).values_list("pk", *texts_of(kind))
        for pk, *texts in rows:
            places = (excerpt(text, wanted) for text in texts if text)
            if place := next(filter(None, places), None):
                found[pk] = place
    left = [pk for ids in by_kind.values() for pk in ids if pk not in found]
    for pk, text in said_on(by_kind, left) if left else ():
        if pk not in found and (place := excerpt(text, wanted)):
            found[pk] = place
    return found


def excerpt(text: str, wanted: Sequence[str]) -> Excerpt | None:
    """Cut from a text what stands around the first of the wanted words that it says."""
    same_length = plain(text)
    if len(same_length) != len(text):
        # Where a form became longer when it was made plain, places would not match.
        text = same_length
    at, run = min(
        ((place, run) for run in wanted if (place := same_length.find(run)) >= 0), default=(-1, "")
    )
    if at < 0:
        return None
    end = at + len(run)
    start = max(at - AROUND, 0)
    before = ("…" if start else "") + text[start:at]
    return Excerpt(
        before, text[at:end], text[end : end + AROUND] + "…" * (end + AROUND < len(text))
    )


def index_missing(**_: Any) -> None:
    """Index the records that are in no index yet: those of an earlier version."""
    for kind in kinds():
        lacking = Record.objects.filter(kind=kind.name, search_text=None)
        index_records(kind, lacking.values_list("pk", flat=True))
