"""Directives in the demonstration: instructions carried out by measures, requests to units."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from guantong.demonstration.building.cast import Desk
from guantong.demonstration.building.papers import Papers
from guantong.demonstration.building.stage import Stage, load
from guantong.demonstration.words import DirectiveWords
from guantong.directives.models import Instruction, IssuerKind, Request
from guantong.directives.operations import (
    InstructionDraft,
    RequestDraft,
    ask_anyway,
    close_requests,
    draft_requests,
    finish_instructions,
    issue_instructions,
    send_requests,
)
from guantong.directives.queries import answers_to, without_accepted_measures, without_news
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.operations import comment_on
from guantong.rectification.models import Measure
from guantong.rectification.operations import (
    MeasureDraft,
    accept_measures,
    approve_measures,
    claim_measures,
    propose_measures,
)

# How far an instruction comes, in turn: two of four are done, one waits, one is past its day.
FATES = ("done", "slow", "done", "waits")
# What becomes of the requests, in turn.
ENDS = ("closed", "sent", "sent", "draft")


@dataclass
class Order:
    """One instruction that is to be given to a desk."""

    number: int
    desk: Desk
    fate: str
    instruction: int = 0
    measure: int = 0


class Directives:
    """Lets leaders and meetings instruct, and the office ask units for what isn't held."""

    def __init__(
        self,
        stage: Stage,
        papers: Papers,
        words: DirectiveWords,
        may_take_up: Callable[[Desk, int], None],
    ) -> None:
        self.stage, self.papers, self.words, self.may_take_up = stage, papers, words, may_take_up
        stage.step("instruction.issue", self.issue)
        stage.step("instruction.answer", self.answer)
        stage.step("instruction.approve", self.approve)
        stage.step("instruction.claim", self.claim)
        stage.step("instruction.accept", self.accept)
        stage.step("instruction.finish", self.finish)
        stage.step("request.draft", self.draft)
        stage.step("request.send", self.send)
        stage.step("request.reply", self.reply)
        stage.step("request.close", self.close)

    def prepare(self) -> None:
        stage, cast = self.stage, self.stage.cast
        coordinator = cast.coordinators[0]
        number = max(8, stage.size.projects // 10)
        span = stage.size.days - 60
        for turn in range(number):
            desk = cast.desks[turn * 3 % len(cast.desks)]
            day = stage.office_day(15 + span * turn // number)
            order = Order(turn, desk, FATES[turn % len(FATES)])
            stage.put(day, "instruction.issue", coordinator, order)
        for turn in range(len(self.words.requests)):
            day = stage.office_day(60 + 25 * turn)
            stage.put(day, "request.draft", coordinator, turn, turn)

    def issue(self, actor: Person, orders: Sequence[Order], _key: Hashable) -> None:
        stage = self.stage
        drafts = [self._order(order) for order in orders]
        for order, one in zip(
            orders, issue_instructions(drafts=drafts, actor=actor, now=stage.now), strict=True
        ):
            order.instruction = one.pk
            self.may_take_up(order.desk, one.pk)
            day = stage.desk_day(order.desk.number, 1)
            stage.put(day, "instruction.answer", order.desk.liaison, order)

    def _order(self, order: Order) -> InstructionDraft:
        """Leaders and meetings take turns; each third goes back to a finding that waits."""
        stage, pen, words = self.stage, self.stage.pen, self.words
        theme = pen.theme()
        title, text = words.instructions[order.number % len(words.instructions)]
        is_meeting = order.number % 2 == 1
        meeting = words.meetings[order.number % len(words.meetings)]
        findings = Record.objects.filter(campaign=stage.campaign, kind="finding", state="accepted")
        waiting = findings.loose().filter(is_restricted=False).order_by("reference")[:1]
        return InstructionDraft(
            campaign=stage.campaign,
            unit=order.desk.unit,
            title=pen.line(title, theme),
            text=text,
            issued_on=stage.today,
            issuer_kind=IssuerKind.MEETING if is_meeting else IssuerKind.LEADER,
            leader=None if is_meeting else stage.cast.leaders[order.number % 2],
            issued_by=meeting.format(number=order.number + 1) if is_meeting else "",
            owner=order.desk.owners[0],
            due_on=stage.working_day(
                stage.today + datetime.timedelta(14 if order.fate == "slow" else 90)
            ),
            area=stage.areas[theme.area],
            is_restricted=order.number % 8 == 7,
            taken_up=list(waiting) if order.number % 3 == 0 else (),
        )

    def answer(self, actor: Person, orders: Sequence[Order], _key: Hashable) -> None:
        """The unit proposes a measure for what it was told; its head approves on the same day."""
        stage, pen = self.stage, self.stage.pen
        instructions = {one.pk: one for one in load(Instruction, [o.instruction for o in orders])}
        drafts = [
            MeasureDraft(
                title=pen.line((theme := pen.theme()).words.remedies, theme),
                instruction=instructions[order.instruction].record,
                owner=order.desk.owners[0],
                due_on=instructions[order.instruction].record.due_on,
            )
            for order in orders
        ]
        measures = propose_measures(drafts=drafts, actor=actor, now=stage.now)
        for order, measure in zip(orders, measures, strict=True):
            order.measure = measure.pk
            stage.put(stage.today, "instruction.approve", order.desk.head, order)

    def approve(self, actor: Person, orders: Sequence[Order], _key: Hashable) -> None:
        stage = self.stage
        measures = load(Measure, [order.measure for order in orders])
        approve_measures(measures=measures, actor=actor, now=stage.now)
        for order in orders:
            if order.fate != "slow":
                day = stage.desk_day(order.desk.number, 10)
                stage.put(day, "instruction.claim", order.desk.liaison, order)

    def claim(self, actor: Person, orders: Sequence[Order], _key: Hashable) -> None:
        stage = self.stage
        measures = load(Measure, [order.measure for order in orders])
        if not self.papers.files:
            self.papers.keep(measures[0].record, actor)
        self.papers.attach([measure.record for measure in measures], actor)
        claim_measures(measures=measures, actor=actor, now=stage.now)
        for order in orders:
            if order.fate == "done":
                stage.put(stage.office_day(2), "instruction.accept", stage.cast.auditor, order)

    def accept(self, actor: Person, orders: Sequence[Order], _key: Hashable) -> None:
        stage = self.stage
        measures = load(Measure, [order.measure for order in orders])
        accept_measures(measures=measures, actor=actor, now=stage.now)
        for order in orders:
            coordinator = stage.cast.coordinators[0]
            stage.put(stage.today, "instruction.finish", coordinator, order)

    def finish(self, actor: Person, orders: Sequence[Order], _key: Hashable) -> None:
        instructions = load(Instruction, [order.instruction for order in orders])
        waiting = without_accepted_measures(instructions)
        ready = [one for one in instructions if one.pk not in waiting]
        finish_instructions(instructions=ready, actor=actor, now=self.stage.now)

    def draft(self, actor: Person, turns: Sequence[int], _key: Hashable) -> None:
        stage, cast = self.stage, self.stage.cast
        for turn in turns:
            title, text, items = self.words.requests[turn]
            [one] = draft_requests(
                drafts=[
                    RequestDraft(
                        campaign=stage.campaign,
                        unit=cast.ministry,
                        title=title,
                        text=text,
                        items=items,
                        units=[desk.unit for desk in cast.desks[turn::2]][:6],
                        due_on=stage.working_day(stage.today + datetime.timedelta(21)),
                    )
                ],
                actor=actor,
                now=stage.now,
            )
            if ENDS[turn] != "draft":
                stage.put(stage.office_day(3), "request.send", actor, one.pk, turn)

    def send(self, actor: Person, ids: Sequence[int], turn: Hashable) -> None:
        """What is held is not asked; once it is asked all the same, since it doesn't do."""
        stage = self.stage
        requests = load(Request, ids)
        for one in requests:
            answers = answers_to(one.record, viewer=actor, on=stage.today)
            held = [answer.item for answer in answers if answer.held]
            if held and (turn == 2 or without_news([one])):
                ask_anyway(
                    requests=[one],
                    items=held,
                    actor=actor,
                    now=stage.now,
                    reason=self.words.why_new,
                )
        send_requests(requests=requests, actor=actor, now=stage.now)
        for one in requests:
            for desk in stage.cast.desks[int(str(turn)) :: 2][:3]:
                day = stage.desk_day(desk.number, 2)
                stage.put(day, "request.reply", desk.liaison, one.pk)
            if ENDS[int(str(turn))] == "closed":
                stage.put(stage.office_day(25), "request.close", actor, one.pk)

    def reply(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        for one in load(Request, ids):
            if one.record.state == "sent":
                comment_on(
                    record=one.record, text=self.words.reply, actor=actor, now=self.stage.now
                )

    def close(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        close_requests(requests=load(Request, ids), actor=actor, now=self.stage.now)
