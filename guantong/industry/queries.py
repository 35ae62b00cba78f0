"""Reads of sectors, places and sites by the words that people use for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from guantong.industry.models import Place, Sector, Site

# Beneath the 32,766 parameters that SQLite takes in one statement.
BATCH = 10_000


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Give `texts`, each once, in lists that fit into one statement."""
    ordered = sorted(set(texts))
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def by_code(model: type[Any], codes: Iterable[str]) -> dict[str, Any]:
    """Return the sectors, places or sites that have these codes."""
    found: dict[str, Any] = {}
    for some in batches(codes):
        found |= {thing.code: thing for thing in model._default_manager.filter(code__in=some)}
    return found


def named(model: type[Any], texts: Collection[str]) -> Mapping[str, Sequence[Any]]:
    """Return for each text the things that have it as code, or else as name."""
    coded = by_code(model, texts)
    found: dict[str, list[Any]] = defaultdict(list)
    for text, thing in coded.items():
        found[text].append(thing)
    for some in batches(text for text in texts if text not in coded):
        for thing in model._default_manager.filter(name__in=some).order_by("pk"):
            found[thing.name].append(thing)
    return found


def sectors_named(texts: Collection[str]) -> Mapping[str, Sequence[Sector]]:
    return named(Sector, texts)


def places_named(texts: Collection[str]) -> Mapping[str, Sequence[Place]]:
    return named(Place, texts)


def sites_named(texts: Collection[str]) -> Mapping[str, Sequence[Site]]:
    return named(Site, texts)
