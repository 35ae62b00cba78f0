"""Which texts are like which: by the characters that they share, whatever their language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

# How many texts are compared at once, and into how many places their n-grams fall: memory grows
# with both, and not with the number of pairs.
BLOCK = 512
PLACES = 2**18


def leads_of(texts: Sequence[str], *, least: float) -> list[int]:
    """Return for each text the number of the first one that it is like, or its own.

    Likeness is the cosine between weighted counts of two and three characters in a row, which
    needs no words and so serves Chinese and English; `least` is between 0 and 1. Each text is
    compared with those that are like none before them, so that 100,000 texts need no table of
    pairs. The order of the texts decides which of like ones leads.
    """
    if not texts:
        return []
    vectors = _vectors(texts)
    leaders: list[int] = []
    leads = list(range(len(texts)))
    for start in range(0, len(texts), BLOCK):
        block = vectors[start : start + BLOCK]
        _join_leaders(leads, leaders, vectors, block, start, least)
        leaders += _lead_themselves(leads, block, start, least)
    return leads


def _vectors(texts: Sequence[str]) -> Any:
    """Return one row of unit length for each text."""
    counts = HashingVectorizer(
        analyzer="char",
        ngram_range=(2, 3),
        n_features=PLACES,
        alternate_sign=False,
        norm=None,
        dtype=np.float32,
    ).transform(texts)
    return TfidfTransformer(sublinear_tf=True).fit_transform(counts).tocsr().astype(np.float32)


def _join_leaders(
    leads: list[int], leaders: Sequence[int], vectors: Any, block: Any, start: int, least: float
) -> None:
    """Let texts of a block join the leader before it that they are most like."""
    if not leaders:
        return
    likeness = (block @ vectors[leaders].T).tocsr()
    for row in range(block.shape[0]):
        begin, end = likeness.indptr[row], likeness.indptr[row + 1]
        if begin == end:
            continue
        best = begin + int(np.argmax(likeness.data[begin:end]))
        if likeness.data[best] >= least:
            leads[start + row] = leaders[likeness.indices[best]]


def _lead_themselves(leads: list[int], block: Any, start: int, least: float) -> list[int]:
    """Let the rest of a block join one another; return those that lead."""
    loose = [row for row in range(block.shape[0]) if leads[start + row] == start + row]
    if not loose:
        return []
    likeness = (block[loose] @ block[loose].T).toarray()
    new: list[int] = []
    for number, row in enumerate(loose):
        best = max(new, key=lambda other: likeness[number, other], default=None)
        if best is not None and likeness[number, best] >= least:
            leads[start + row] = start + loose[best]
        else:
            new.append(number)
    return [start + loose[number] for number in new]
