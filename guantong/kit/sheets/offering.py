"""What a person who has typed a few letters may mean, for the lookups of an app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

MOST = 20
Offers = list[tuple[str, str]]


def _no_note(thing: Any) -> str:
    return ""


def by_name_or_code(
    rows: QuerySet[Any],
    words: str,
    *,
    code: str = "code",
    name: str = "name",
    note: Callable[[Any], str] = _no_note,
    among: QuerySet[Any] | None = None,
) -> Offers:
    """Give up to 20 of `rows` whose name has `words` in it or whose code begins with them.

    Each is a cell that finds the thing again and what tells it from others.
    """
    fits = Q(**{f"{name}__icontains": words}) | Q(**{f"{code}__istartswith": words})
    found = list(rows.filter(fits)[:MOST] if words else rows[:MOST])
    return offers_of(found, code=code, name=name, note=note, among=among)


def offers_of(
    things: Sequence[Any],
    *,
    code: str = "code",
    name: str = "name",
    note: Callable[[Any], str] = _no_note,
    among: QuerySet[Any] | None = None,
) -> Offers:
    """Give for each thing its cell and what tells it from others."""
    offers = []
    cells = cells_of(things, code=code, name=name, among=among)
    for thing, cell in zip(things, cells, strict=True):
        other = getattr(thing, code if cell == getattr(thing, name) else name)
        offers.append((cell, " · ".join(word for word in (other, note(thing)) if word)))
    return offers


def cells_of(
    things: Sequence[Any],
    *,
    code: str = "code",
    name: str = "name",
    among: QuerySet[Any] | None = None,
) -> list[str]:
    """Give for each thing the cell that finds it again: its name where no other has the same and
    else its code; others are `among` those that can be named here, or all."""
    if not things:
        return []
    others = things[0]._meta.model._default_manager.all() if among is None else among
    every = others.filter(**{f"{name}__in": {getattr(thing, name) for thing in things}})
    counts = dict(every.order_by().values_list(name).annotate(Count("pk")))
    return [getattr(thing, name if counts[getattr(thing, name)] == 1 else code) for thing in things]


def by_reference_or_title(records: QuerySet[Any], words: str) -> Offers:
    """Give up to 20 of `records`, newest first, by reference or by words in their titles."""
    fits = Q(reference__istartswith=words) | Q(title__icontains=words)
    found = records.filter(fits).exclude(reference="").order_by("-pk")
    return list(found.values_list("reference", "title")[:MOST])
