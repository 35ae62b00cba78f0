"""Words as a search looks for them: Latin words whole, Chinese as overlapping pairs of characters.

Chinese is written without spaces, and a dictionary knows no new names; pairs find every run of two
characters or more exactly, with the full-text index of either database (see the decision
`docs/decisions/search.md`).
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

# Han, kana and Hangul: scripts whose words the index can't tell apart by spaces.
UNSPACED = r"\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUNS = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+")
# Of plain letters and numbers the rest parts; in a fifth of the time that looking for them takes.
SIGNS = {code: " " for code in range(128) if not chr(code).isalnum()}
PAIRED = re.compile(rf"[{UNSPACED}]")
UNSPACED_RUN = re.compile(rf"[{UNSPACED}]+")


def runs(text: str) -> Iterator[str]:
    """Give the words and the unspaced runs of a text, without width, case and signs."""
    return (found.group() for found in RUNS.finditer(plain(text)))


def plain(text: str) -> str:
    """Return a text as it is compared: full-width forms made narrow, letters made small."""
    return unicodedata.normalize("NFKC", text).casefold()


def grams(text: str) -> str:
    """Return what is indexed of a text: its words and pairs, in order, parted by spaces.

    The last character of a run stands for itself too, so that one character alone is found
    wherever it begins a pair or ends a run.
    """
    return " ".join(filter(None, map(_grams_of, text.split("\n"))))


def _grams_of(line: str) -> str:
    line = plain(line)
    if line.isascii():
        return " ".join(line.translate(SIGNS).split())
    return UNSPACED_RUN.sub(_pairs, " ".join(RUNS.findall(line)))


def _pairs(run: re.Match[str]) -> str:
    found = run.group()
    return " ".join([*map("".join, pairwise(found)), found[-1]])


def phrases(words: str) -> list[tuple[list[str], bool]]:
    """Return what is asked for: phrases of grams, all of which must be there.

    The last gram of a phrase is a beginning only where True goes with it: what is typed of a Latin
    word may go on, and so may a pair that begins with one character alone.
    """
    asked: list[tuple[list[str], bool]] = []
    for run in runs(words):
        if PAIRED.match(run) and len(run) > 1:
            asked.append(([run[start : start + 2] for start in range(len(run) - 1)], False))
        else:
            asked.append(([run], True))
    return asked
