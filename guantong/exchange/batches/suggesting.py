"""What cells that name nothing may have meant."""

from __future__ import annotations

import difflib
from collections import Counter

from guantong.kit.sheets import Context, Lookup, Parser

SUGGESTED = 5
# Below it, names that have little more in common than their length would be proposed.
ALIKE = 0.6
# So few names are all said, whatever was written.
FEW = 8
# Thousands of names are gone through for each text; a file of which so many are strange was meant
# for another campaign, or its column for another field.
MOST = 100


class Suggestions:
    """What would do in the place of strange texts; each text is compared with the names once."""

    def __init__(self, lookups: dict[str, Lookup], context: Context) -> None:
        self.lookups, self.context = lookups, context
        self.names: dict[str, list[str]] = {}
        self.told: dict[tuple[str, str], str] = {}
        self.compared: Counter[str] = Counter()

    def accepted(self, noun: str, text: str, parser: Parser) -> str:
        """Say which names are nearly so, or all of a few; else what the column takes."""
        if (noun, text) not in self.told:
            self.told[noun, text] = ", ".join(self._near(noun, text)) or parser.accepted()
        return self.told[noun, text]

    def _near(self, noun: str, text: str) -> list[str]:
        if noun not in self.names:
            lookup = self.lookups.get(noun)
            near = lookup.near(self.context) if lookup and lookup.near else ()
            self.names[noun] = list(dict.fromkeys(filter(None, near)))
        names = self.names[noun]
        if self.compared[noun] >= MOST:
            return []
        self.compared[noun] += 1
        close = difflib.get_close_matches(text, names, n=SUGGESTED, cutoff=ALIKE)
        return close or (names if len(names) <= FEW else [])
