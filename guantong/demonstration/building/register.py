"""A register of enterprises: imported once, and once more from a file that would empty it."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Hashable, Sequence

from guantong.demonstration.building.stage import Stage
from guantong.demonstration.words.around import AroundWords
from guantong.exchange.mapping import load_mapping
from guantong.exchange.operations import import_file
from guantong.industry.models import Site
from guantong.kit.sheets.registry import lookups, sheets
from guantong.people.models import Person

# More than a handful, so that a file that empties them all is held.
ROWS = 30
MAPPING = """source = "{source}"
[[yield]]
kind = "sites"
matches = true
key = ["{code}"]
[yield.columns]
code = "{code}"
name = "{name}"
sector = "{sector}"
"""


class Register:
    """The second coordinator brings both files; the second one waits for the first coordinator."""

    def __init__(self, stage: Stage, words: AroundWords, sites: Sequence[Site]) -> None:
        self.stage, self.words, self.sites = stage, words, sites[:ROWS]
        stage.step("register.import", self.bring)

    def prepare(self) -> None:
        """The register came a month ago, and came again, without its sectors, on the last day."""
        stage, actor = self.stage, self.stage.cast.coordinators[1]
        month_ago = stage.last - datetime.timedelta(30)
        stage.put(month_ago, "register.import", actor, None, True)
        stage.put(stage.last, "register.import", actor, None, False)

    def bring(self, actor: Person, _rows: Sequence[None], is_whole: Hashable) -> None:
        words = self.words
        said = {"code": words.code, "name": words.name, "sector": words.sector}
        import_file(
            content=self._file(is_whole=bool(is_whole)),
            name=words.register_file,
            mapping=load_mapping(MAPPING.format(source=words.register, **said), sheets()),
            actor=actor,
            now=self.stage.now,
            campaign=self.stage.campaign,
            sheets=sheets(),
            lookups=lookups(),
        )

    def _file(self, *, is_whole: bool) -> bytes:
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow([self.words.code, self.words.name, self.words.sector])
        for site in self.sites:
            sector = site.sector.code if is_whole and site.sector else ""
            rows.writerow([site.code, site.name, sector])
        return text.getvalue().encode()
