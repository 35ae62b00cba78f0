"""To whom a bulletin goes (报、送、发): read line by line, in Chinese or English; no Django."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guantong.bulletins.rules.placeholders import Fault
from guantong.kit.words import gettext_noop as _

REPORT, COPY, ISSUE = "report", "copy", "issue"
# The customary order, and the words by which each line may begin.
WORDS = {
    REPORT: ("报", "主报", "报送", "to", "report to"),
    COPY: ("送", "抄送", "copy to", "copied to", "cc"),
    ISSUE: ("发", "印发", "sent to", "distribute to", "distributed to"),
}
LABELS = {REPORT: _("Report to"), COPY: _("Copy to"), ISSUE: _("Distribute to")}
LINE = re.compile(r"\s*([^:：]+?)\s*[:：]\s*(.*?)\s*")


@dataclass(frozen=True)
class Recipients:
    """One line of the distribution: in what way, and to whom, in Chinese and in English.

    Names given once stand in both languages.
    """

    way: str
    names: str
    names_en: str

    def names_in(self, language: str) -> str:
        return self.names_en if language == "en" else self.names


def read_distribution(text: str) -> tuple[list[Recipients], list[Fault]]:
    """Return the recipients in the customary order, and what could not be read."""
    found: list[Recipients] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        one = _read(line)
        if one is None:
            sentence = _(
                "“%(text)s” does not say in what way: begin the line with 报：, 送： or 发： "
                "(in English “To:”, “Copy to:” or “Distribute to:”), then the names."
            )
            faults.append(Fault(number, sentence, {"text": line.strip()}))
        else:
            found.append(one)
    return sorted(found, key=lambda one: list(WORDS).index(one.way)), faults


def _read(line: str) -> Recipients | None:
    match = LINE.fullmatch(line)
    if match is None or not match[2]:
        return None
    word = match[1].lower()
    for way, words in WORDS.items():
        if word in words:
            names, _bar, names_en = (part.strip() for part in match[2].partition("|"))
            return Recipients(way, names or names_en, names_en or names)
    return None
