"""Figures as lines of text for people and as plain values for programs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.figures.queries.breaking import Breakdown, break_down
from guantong.figures.queries.explaining import why
from guantong.figures.queries.listing import each_row
from guantong.figures.queries.saying import say
from guantong.figures.queries.valuing import Value, rows_of, value_of
from guantong.figures.queries.viewing import in_words
from guantong.figures.registry import Figure, Scope


def as_text(
    figures: Sequence[Figure],
    scope: Scope,
    *,
    by: str = "",
    level: int = 1,
    with_records: bool = False,
    with_why: bool = False,
) -> Iterator[str]:
    """Yield lines: whose view it is, then each figure, its parts, its records."""
    yield from _head(scope)
    width = max(_columns(figure.code) for figure in figures)
    for figure in figures:
        breakdown = break_down(figure, scope, by, level=level) if by else None
        value = breakdown.total if breakdown else value_of(figure, scope)
        yield f"{_padded(figure.code, width)}  {say(value):>8}  {figure.label}"
        if with_why:
            yield f"  {why(figure, scope).sentence}"
        if breakdown:
            yield from _part_lines(breakdown)
        if with_records:
            for row in each_row(figure, rows_of(figure, scope)):
                record = row.record
                place = f"  {record.unit}" if record is not None else ""
                reference = record.reference if record is not None else f"#{row.pk}"
                yield f"  {reference}  {row.label}{place}"


def _head(scope: Scope) -> Iterator[str]:
    yield _("As %(person)s sees %(campaign)s at the end of %(day)s") % {
        "person": in_words(scope.viewer, scope.today),
        "campaign": scope.campaign,
        "day": scope.as_of.isoformat(),
    }
    if scope.unit is not None:
        yield _("%(unit)s and the units beneath it") % {"unit": scope.unit}
    if scope.area is not None:
        yield str(scope.area)


def _part_lines(breakdown: Breakdown) -> Iterator[str]:
    width = max((_columns(line.label) for line in breakdown.lines), default=0)
    for line in breakdown.lines:
        yield f"  {_padded(line.label, width)}  {say(line.value):>8}"
    if breakdown.remark:
        yield f"  {breakdown.remark}"


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def as_json(
    figures: Sequence[Figure],
    scope: Scope,
    *,
    by: str = "",
    level: int = 1,
    with_records: bool = False,
    with_why: bool = False,
) -> dict[str, Any]:
    """Return the same as plain values; decimals are texts."""
    found = []
    for figure in figures:
        breakdown = break_down(figure, scope, by, level=level) if by else None
        value = breakdown.total if breakdown else value_of(figure, scope)
        one: dict[str, Any] = {
            "code": figure.code,
            "label": str(figure.label),
            "definition": str(figure.definition),
            "version": figure.version,
            **plain(value),
        }
        if with_why:
            reason = why(figure, scope)
            one["why"] = reason.sentence
            one["parts"] = [
                {"label": part.label, "count": part.count, "is_counted": part.is_counted}
                for part in reason.parts
            ]
        if breakdown:
            one["adds_up"] = breakdown.adds_up
            one["lines"] = [
                {"key": line.key, "label": line.label, "only": line.only, **plain(line.value)}
                for line in breakdown.lines
            ]
        if with_records:
            one["records"] = [
                {
                    "id": row.pk,
                    "label": row.label,
                    "reference": row.record.reference if row.record else None,
                    "record": row.record.pk if row.record else None,
                    "revision": row.record.revision if row.record else None,
                    "unit": row.record.unit.code if row.record else None,
                }
                for row in each_row(figure, rows_of(figure, scope))
            ]
        found.append(one)
    return {
        "campaign": scope.campaign.code,
        "viewer": scope.viewer.username,
        "as_of": scope.as_of.isoformat(),
        "unit": scope.unit.code if scope.unit else None,
        "area": scope.area.code if scope.area else None,
        "only": dict(scope.only),
        "figures": found,
    }


def plain(value: Value) -> dict[str, Any]:
    """Return a value for JSON."""
    amount = value.amount
    return {
        "shape": value.shape.value,
        "value": amount if isinstance(amount, int) or amount is None else str(amount),
        "numerator": value.numerator,
        "denominator": value.denominator,
        "count": value.count,
    }
