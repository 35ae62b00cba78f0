"""Which texts are like which: by the characters that they share, whatever their language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import diags
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

# How many texts are taken together, how many of these are compared at once, and into how many
# places their n-grams fall: memory grows with these, and not with the number of pairs.
BLOCK = 2048
SLICE = 256
PLACES = 2**18
# What so many leads have in common tells them apart no more, and would cost the most to compare.
COMMON = 500


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
    """Let texts of a block join the leader before it that they are most like.

    The most like is found by what few leaders share; whether it is like enough, by all of it.
    """
    if not leaders:
        return
    before = vectors[leaders]
    is_rare = np.bincount(before.indices, minlength=PLACES) <= COMMON
    rare = block @ diags(is_rare.astype(np.float32))
    across = before.T.tocsr()
    for begin in range(0, block.shape[0], SLICE):
        likeness = (rare[begin : begin + SLICE] @ across).tocsr()
        rows = np.flatnonzero(np.diff(likeness.indptr))
        if not rows.size:
            continue
        best = np.array([_most(likeness, int(row)) for row in rows])
        whole = block[begin + rows].multiply(before[best]).sum(axis=1).A1
        for row, leader, score in zip(rows, best, whole, strict=True):
            if score >= least:
                leads[start + begin + int(row)] = leaders[leader]


def _most(likeness: Any, row: int) -> int:
    """Return the column of a row's greatest value."""
    found = slice(likeness.indptr[row], likeness.indptr[row + 1])
    return int(likeness.indices[found][np.argmax(likeness.data[found])])


def _lead_themselves(leads: list[int], block: Any, start: int, least: float) -> list[int]:
    """Let the rest of a block join one another; return those that lead."""
    loose = [row for row in range(block.shape[0]) if leads[start + row] == start + row]
    if not loose:
        return []
    likeness = (block[loose] @ block[loose].T).toarray()
    does_lead = np.zeros(len(loose), dtype=bool)
    for number, row in enumerate(loose):
        scores = np.where(does_lead, likeness[number], -1)
        best = int(np.argmax(scores))
        if scores[best] >= least:
            leads[start + row] = start + loose[best]
        else:
            does_lead[number] = True
    return [start + loose[number] for number in np.flatnonzero(does_lead)]
