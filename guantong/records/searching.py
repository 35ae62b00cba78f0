"""The full-text index of what records say: their references, titles and texts.

Derived from the rows, within the operations that write them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
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


def index_records(kind: Kind, ids: Collection[int]) -> None:
    """Index these records anew, set-wise."""
    names = texts_of(kind)
    columns = [*(f"record__{name}" for name in OF_ALL), *names]
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        rows = kind.model._base_manager.filter(pk__in=chunk).values_list("pk", *columns)
        said = [(pk, grams("\n".join(filter(None, texts)))) for pk, *texts in rows]
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

    One query for each kind; whose title says them needs no excerpt, and gets none.
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
