"""Figures are sealed: their values, and the very rows behind them."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from guantong.figures.entries import FigureEntry
from guantong.figures.models import SealedList
from guantong.figures.queries import Value, denominator_of, rows_of, value_of
from guantong.figures.registry import Figure, Scope
from guantong.ledger.operations import act
from guantong.ledger.verification.findings import subject_name
from guantong.people.models import Person

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Seal:
    """A figure's value at one time, with the rows that it was made of.

    `rows` and `whole` are the sorted pairs (id, revision of the record) of numerator and
    denominator; a row that belongs to no record has revision 0.
    """

    figure: Figure
    scope: Scope
    value: Value
    rows: Pairs
    whole: Pairs | None

    @property
    def digest(self) -> str:
        return digest_of(self.rows)

    @property
    def whole_digest(self) -> str | None:
        return None if self.whole is None else digest_of(self.whole)

    def plain(self) -> dict[str, Any]:
        """Return the seal as it is written down, texts in the language of the moment."""
        scope, value = self.scope, self.value
        amount = value.amount
        return {
            "code": self.figure.code,
            "version": self.figure.version,
            "label": str(self.figure.label),
            "definition": str(self.figure.definition),
            "shape": value.shape.value,
            "value": None if amount is None else str(amount),
            "numerator": value.numerator,
            "denominator": value.denominator,
            "count": value.count,
            "digest": self.digest,
            "whole_digest": self.whole_digest,
            "as_of": scope.as_of.isoformat(),
            "scope": {
                "campaign": scope.campaign.code,
                "viewer": scope.viewer.username,
                "unit": scope.unit.code if scope.unit else None,
                "area": scope.area.code if scope.area else None,
                "only": dict(scope.only),
            },
        }


def seal_figure(figure: Figure, scope: Scope) -> Seal:
    """Count a figure and take down the rows behind it."""
    whole = denominator_of(figure, scope)
    return Seal(
        figure=figure,
        scope=scope,
        value=value_of(figure, scope),
        rows=_pairs(figure, rows_of(figure, scope)),
        whole=None if whole is None else _pairs(figure, whole),
    )


def _pairs(figure: Figure, rows: QuerySet[Any]) -> Pairs:
    revision = figure.path("revision")
    if revision is None:
        return tuple(sorted((pk, 0) for pk in rows.order_by().values_list("pk", flat=True)))
    return tuple(sorted(set(rows.order_by().values_list("pk", revision))))


def rows_bytes(rows: Sequence[Sequence[int]]) -> bytes:
    """Return the bytes of a list that are hashed: JSON without spaces."""
    return json.dumps([list(pair) for pair in rows], separators=(",", ":")).encode()


def digest_of(rows: Sequence[Sequence[int]]) -> str:
    return hashlib.sha256(rows_bytes(rows)).hexdigest()


def keep_lists(
    *, seals: Sequence[Seal], actor: Person | None, now: datetime.datetime
) -> list[SealedList]:
    """Keep the lists of sealed figures under their hashes; one that is kept already stays."""
    wanted = {
        digest_of(pairs): pairs
        for seal in seals
        for pairs in (seal.rows, seal.whole)
        if pairs is not None
    }
    there = set(SealedList.objects.filter(digest__in=wanted).values_list("digest", flat=True))
    lists = [
        SealedList(digest=digest, count=len(pairs), rows=[list(pair) for pair in pairs])
        for digest, pairs in sorted(wanted.items())
        if digest not in there
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(lists, code=FigureEntry.LIST_SEALED)
    return lists


def lists_kept() -> Iterator[tuple[str, str, str]]:
    """Give each sealed list with the hash of its rows and the one under which it was sealed."""
    for sealed in SealedList.objects.order_by("pk").iterator(chunk_size=50):
        yield subject_name("sealed list", sealed.pk), digest_of(sealed.rows), sealed.digest
