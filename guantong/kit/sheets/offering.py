"""What a person who has typed a few letters may mean, for the lookups of an app."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Q, QuerySet

MOST = 20
Offers = list[tuple[str, str]]


def by_name_or_code(
    rows: QuerySet[Any],
    words: str,
    *,
    code: str = "code",
    name: str = "name",
    note: Callable[[Any], str] = lambda thing: "",
) -> Offers:
    """Give up to 20 of `rows` whose name has `words` in it or whose code begins with them.

    Each is a cell that finds the thing again, its name where no other has the same and else its
    code, and what tells it from others.
    """
    fits = Q(**{f"{name}__icontains": words}) | Q(**{f"{code}__istartswith": words})
    found = list(rows.filter(fits)[:MOST])
    every = rows.model._default_manager.filter(**{f"{name}__in": {getattr(t, name) for t in found}})
    counts = dict(every.order_by().values_list(name).annotate(Count("pk")))
    offers = []
    for thing in found:
        called, coded = getattr(thing, name), getattr(thing, code)
        is_alone = counts[called] == 1
        told = (coded if is_alone else called, note(thing))
        offers.append((called if is_alone else coded, " · ".join(word for word in told if word)))
    return offers


def by_reference_or_title(records: QuerySet[Any], words: str) -> Offers:
    """Give up to 20 of `records`, newest first, by reference or by words in their titles."""
    fits = Q(reference__istartswith=words) | Q(title__icontains=words)
    found = records.filter(fits).exclude(reference="").order_by("-pk")
    return list(found.values_list("reference", "title")[:MOST])
