"""Writes the demonstration's texts from its words, by the dice of the simulation."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guantong.demonstration.words import AreaWords, Words


@dataclass(frozen=True)
class Theme:
    """What one thread is about: an area, a subject in it, what it lacks, and where."""

    area: int
    words: AreaWords
    subject: str
    lack: str
    topic: str
    place: str

    def values(self, **more: Any) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "lack": self.lack,
            "topic": self.topic,
            "place": self.place,
            **more,
        }


class Pen:
    """Writes sentences about a theme."""

    def __init__(self, words: Words, dice: random.Random) -> None:
        self.words, self.dice = words, dice

    def one_of(self, texts: Sequence[str]) -> str:
        return texts[self.dice.randrange(len(texts))]

    def theme(self, area: int | None = None, place: str = "") -> Theme:
        number = self.dice.randrange(len(self.words.areas)) if area is None else area
        words = self.words.areas[number]
        return Theme(
            area=number,
            words=words,
            subject=self.one_of(words.subjects),
            lack=self.one_of(words.lacks),
            topic=self.one_of(words.topics),
            place=place or self.one_of(self.words.provinces),
        )

    def line(self, texts: Sequence[str] | str, theme: Theme, **more: Any) -> str:
        """Fill one of the texts; in English a sentence begins with a capital."""
        text = texts if isinstance(texts, str) else self.one_of(texts)
        filled = text.format(**theme.values(**more))
        return filled[:1].upper() + filled[1:]

    def reason(self, name: str) -> str:
        return self.one_of(self.words.reasons[name])

    def name(self, number: int) -> str:
        """The name of the person with this number; the first thousand are all different."""
        surnames, given = self.words.surnames, self.words.given_names
        # Seven shares no factor with how many pairs there are, so that each comes up once.
        pair = number * 7 % (len(surnames) * len(given))
        return self.words.person.format(
            surname=surnames[pair % len(surnames)],
            given=given[pair // len(surnames)],
        )

    def session(self, title: str, number: int, topic: str) -> str:
        titles: Mapping[str, str] = self.words.session_titles
        return titles[title].format(number=number, topic=topic)
