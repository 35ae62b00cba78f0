"""Redacted words are taken out of what imports keep of their files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator
from html import escape
from typing import Any

import orjson

from guantong.exchange.models import Chunk, ImportDraft, SourceRow, WrittenFile
from guantong.exchange.rules import REDACTED
from guantong.kit.sheets.registry import sheets
from guantong.records.models import Record

ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


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

    _forget_files(texts)


def _forget_files(texts: Collection[str]) -> None:
    """Forget brought files that say such words, and all copies that wait to be fetched.

    A copy can be written again, and then without them.
    """
    WrittenFile.objects.all().delete()
    for draft in ImportDraft.objects.all().iterator(chunk_size=1):
        if any(holds(bytes(draft.content), text) for text in texts):
            draft.delete()


def holds(content: bytes, text: str) -> bool:
    """Whether a file says some words, as far as that can be seen without reading it as a table."""
    if not text.strip():
        return False
    said = text.strip()
    forms = {form.encode(code, "replace") for form in (said, escape(said)) for code in ENCODINGS}
    return any(form in part for part in _parts(content) for form in forms)


def _parts(content: bytes) -> Iterator[bytes]:
    """A workbook is an archive whose members say what it holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    except (zipfile.BadZipFile, RuntimeError):
        yield content


def _is_one(value: Any, texts: Collection[str]) -> bool:
    return isinstance(value, str) and value in texts


def _blanked(value: Any, texts: Collection[str]) -> Any:
    return "" if _is_one(value, texts) else value
