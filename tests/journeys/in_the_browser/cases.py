"""The steps of problems that several journeys take, and what they ask about them."""

import datetime
from typing import Any

from django.utils import timezone

from guantong.campaigns.models import Campaign
from guantong.records.models import Record
from guantong.study.tests.factories import World
from tests.journeys.desk import Desk


def state_of(record: Record) -> str:
    return Record.objects.get(pk=record.pk).state


def in_days(number: int) -> str:
    today = Campaign.objects.get().day_of(timezone.now())
    return (today + datetime.timedelta(number)).isoformat()


class Case:
    """One problem on its way, with those who take its steps."""

    def __init__(self, desk: Desk, here: World) -> None:
        self.desk, self.people = desk, here.people

    def by(self, name: str, record: Record, move: str, **values: Any) -> Record:
        self.desk.sits(self.people[name])
        self.desk.opens(record)
        self.desk.does(move, **values)
        return self.desk.at_hand()

    def measures(self, problem: Record, *titles: str) -> list[Record]:
        """Propose one after the other, on the same page."""
        self.desk.sits(self.people["liaison_d1"])
        self.desk.opens(problem)
        self.desk.press("Propose a measure", within="main .moves")
        *before, last = titles
        for title in before:
            self.desk.fill(title=title)
            self.desk.press("Enter it and another", within="main form")
        self.desk.fill(title=last)
        self.desk.press("Propose a measure", within="main form")
        return [Record.objects.get(kind="measure", title=title) for title in titles]

    def show(self, measure: Record, text: bytes) -> None:
        """Claim that a measure is complete, with the file that shows it."""
        file = {"name": "log.txt", "mimeType": "text/plain", "buffer": text}
        self.by("liaison_d1", measure, "Claim completion", uploads=file)

    def verified(self, problem: Record, verdict: str, by: str = "", **found: Any) -> None:
        assert state_of(problem) == "claimed"
        named = {"inspector": by} if by else {}
        self.by("coordinator", problem, "Request verification", **named)
        verification = Record.objects.filter(kind="verification").latest("pk")
        self.by("inspector", verification, verdict, **found)


def met(measures: list[Record], *, is_met: bool) -> dict[str, Any]:
    """What the inspector finds of the criterion and of each measure."""
    names = ["criterion", *(f"measure_{measure.pk}" for measure in measures)]
    texts = {f"{name}_text": "Seen in the log" for name in names}
    ticks = {f"{name}_is_met": is_met for name in names}
    return texts | (ticks if not is_met else {})
