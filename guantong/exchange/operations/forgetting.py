"""Redacted words are taken out of what imports keep of their files."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson

from guantong.exchange.models import Chunk, SourceRow
from guantong.exchange.rules import REDACTED
from guantong.kit.sheets.registry import sheets
from guantong.records.models import Record


def forget_words(*, record: Record, fields: Collection[str], texts: Collection[str]) -> None:
    """Blank what the sources of a record said of redacted fields, and equal words that wait.

    A source's word on a redacted field isn't taken again, however often the file comes.
    """
    kinds = [
        sheet.kind
        for sheet in sheets().values()
        if record.kind in (sheet.noun_or_singular(), *sheet.lists)
    ]
    for row in SourceRow.objects.filter(kind__in=kinds, subject_id=record.pk):
        said = orjson.loads(row.values)
        kept = {
            name: REDACTED if name in fields or _is_one(value, texts) else value
            for name, value in said.items()
        }
        if kept != said:
            SourceRow.objects.filter(pk=row.pk).update(values=orjson.dumps(kept).decode())
    for chunk in Chunk.objects.filter(kind__in=kinds):
        rows = orjson.loads(chunk.rows)
        waiting = [[*head, [_blanked(value, texts) for value in values]] for *head, values in rows]
        if waiting != rows:
            Chunk.objects.filter(pk=chunk.pk).update(rows=orjson.dumps(waiting).decode())


def _is_one(value: Any, texts: Collection[str]) -> bool:
    return isinstance(value, str) and value in texts


def _blanked(value: Any, texts: Collection[str]) -> Any:
    return "" if _is_one(value, texts) else value
