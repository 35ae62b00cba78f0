"""People ask, answer, remark on records and follow them."""

from __future__ import annotations

import datetime
import random
from collections.abc import Hashable, Sequence

from guantong.demonstration.building.stage import Stage
from guantong.people.models import Person
from guantong.records.models import Comment, Record
from guantong.records.operations import comment_on, set_following


class Talk:
    """The office asks about open records and their units answer; dice of its own."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.dice = random.Random("talk")
        stage.step("talk.ask", self.ask)
        stage.step("talk.answer", self.answer)
        stage.step("talk.follow", self.follow)

    def prepare(self) -> None:
        """Every other week somebody of the office asks; whoever asks follows what becomes of it."""
        stage = self.stage
        office = [*stage.cast.coordinators, stage.cast.auditor]
        for number, days in enumerate(range(50, stage.size.days, 12)):
            day = stage.working_day(stage.first + datetime.timedelta(days))
            stage.put(day, "talk.ask", office[number % len(office)], None)
        stage.put(stage.last, "talk.ask", office[0], None)
        for person in (*office, *stage.cast.inspectors):
            stage.put(stage.last, "talk.follow", person, None)

    def ask(self, actor: Person, _what: Sequence[None], _key: Hashable) -> None:
        stage = self.stage
        texts = stage.pen.words.reasons
        for record in self._some(actor, 2):
            comment_on(record=record, text=self.dice.choice(texts["remark"]), actor=actor,
                       now=stage.now)  # fmt: skip
        for record in self._some(actor, 3):
            number = self.dice.randrange(len(texts["question"]))
            question = comment_on(
                record=record,
                text=texts["question"][number],
                actor=actor,
                now=stage.now,
                is_question=True,
            )
            desk = next(
                (d for d in stage.cast.desks if record.unit.path.startswith(d.unit.path)), None
            )
            if desk is not None:
                after = self.dice.randint(1, 9)
                day = stage.working_day(stage.today + datetime.timedelta(after))
                answer = texts["answer"][number]
                stage.put(day, "talk.answer", desk.liaison, (question.pk, answer))

    def answer(self, actor: Person, answers: Sequence[tuple[int, str]], _key: Hashable) -> None:
        seen = Record.objects.visible_to(actor, self.stage.today, is_few=True)
        for question_id, text in answers:
            question = Comment.objects.select_related("record__campaign").get(pk=question_id)
            # It may be restricted, or have gone to another unit since.
            if not seen.filter(pk=question.record_id).exists():
                continue
            comment_on(record=question.record, text=text, actor=actor, answers=question,
                       now=self.stage.now)  # fmt: skip

    def follow(self, actor: Person, _what: Sequence[None], _key: Hashable) -> None:
        for record in self._some(actor, 6):
            set_following(record=record, person=actor, is_on=True)

    def _some(self, actor: Person, number: int) -> list[Record]:
        """Draw open problems and measures that the person may see."""
        seen = Record.objects.visible_to(actor, self.stage.today).unended()
        seen = seen.filter(kind__in=["problem", "measure"], campaign=self.stage.campaign)
        ids = list(seen.order_by("pk").values_list("pk", flat=True))
        drawn = self.dice.sample(ids, min(number, len(ids)))
        records = Record.objects.select_related("unit", "campaign").in_bulk(drawn)
        return [records[pk] for pk in drawn]
