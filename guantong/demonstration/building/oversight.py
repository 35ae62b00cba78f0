"""Inspections of units in the demonstration, on their ways to being settled."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from guantong.demonstration.building.cast import Desk
from guantong.demonstration.building.rectification import Case, Rectification
from guantong.demonstration.building.stage import Stage, load
from guantong.demonstration.words import OversightWords
from guantong.people.models import Person
from guantong.records.operations import correct_records
from guantong.rectification.models import Inspection, InspectionKind, Problem, Result, Stance
from guantong.rectification.operations import (
    InspectionDraft,
    Seen,
    assign_problems,
    correct_results,
    feed_back_inspections,
    make_inspections,
    plan_inspections,
    raise_problems,
    reply_to_inspections,
    settle_inspections,
)
from guantong.rectification.queries import checklists_of, unraised_of

# How far an inspection gets, dealt so that each end is there.
FATES = (("settled", 70.0), ("planned", 4.0), ("made", 6.0), ("fed_back", 20.0))
KINDS = tuple((kind, 20.0) for kind in InspectionKind.values)


@dataclass
class Round:
    """One inspection: of whom, by whom, and how far it gets."""

    desk: Desk
    kind: str
    inspector: Person
    fate: str
    inspection: int = 0


class Oversight:
    """Plans inspections, makes them, and lets units answer."""

    def __init__(self, stage: Stage, rectification: Rectification, words: OversightWords) -> None:
        self.stage, self.rectification, self.words = stage, rectification, words
        self.last: Inspection | None = None
        stage.step("inspection.plan", self.plan)
        stage.step("inspection.make", self.make)
        stage.step("inspection.assign", self.assign)
        stage.step("inspection.feed_back", self.feed_back)
        stage.step("inspection.reply", self.reply)
        stage.step("inspection.settle", self.settle)

    def prepare(self) -> None:
        stage = self.stage
        for _turn in range(max(12, stage.size.problems // 25)):
            desk = stage.one_of(stage.cast.desks)
            kind = stage.deal("inspection.kind", KINDS)
            is_own = kind == InspectionKind.SELF_EXAMINATION
            inspector = desk.liaison if is_own else stage.one_of(stage.cast.inspectors)
            fate = stage.deal("inspection", FATES)
            day = stage.office_day(stage.between(10, int(stage.size.days * 0.7)))
            planner = desk.liaison if is_own else stage.cast.coordinators[0]
            stage.put(day, "inspection.plan", planner, Round(desk, kind, inspector, fate))

    def plan(self, actor: Person, rounds: Sequence[Round], _key: Hashable) -> None:
        stage = self.stage
        for each in rounds:
            is_own = each.kind == InspectionKind.SELF_EXAMINATION
            draft = InspectionDraft(
                campaign=stage.campaign,
                unit=each.desk.unit,
                title=self.words.titles[each.kind].format(unit=each.desk.unit.name),
                inspection_kind=each.kind,
                purpose=self.words.purpose,
                planned_on=stage.working_day(stage.today + datetime.timedelta(7)),
                # A checklist is copied where there is an earlier one.
                items=() if self.last else self.words.checklist,
                like=self.last,
                inspectors=() if is_own else [each.inspector],
                due_on=stage.working_day(stage.today + datetime.timedelta(60)),
            )
            [inspection] = plan_inspections(drafts=[draft], actor=actor, now=stage.now)
            self.last = inspection
            each.inspection = inspection.pk
            if each.fate != "planned":
                day = stage.working_day(stage.today + datetime.timedelta(7))
                stage.put(day, "inspection.make", each.inspector, each)

    def make(self, actor: Person, rounds: Sequence[Round], _key: Hashable) -> None:
        stage = self.stage
        for each in rounds:
            inspections = load(Inspection, [each.inspection])
            results = self._results(each)
            asked: dict[str, Any] = {
                "inspections": inspections,
                "actor": actor,
                "now": stage.now,
            }
            is_corrected = stage.deal("inspection.correct", ((False, 90.0), (True, 10.0)))
            make_inspections(results=_mistaken(results) if is_corrected else results, **asked)
            if is_corrected:
                correct_results(results=results, reason=self.words.corrected, **asked)
            waiting = unraised_of([each.inspection])[each.inspection]
            for problem in raise_problems(items=waiting, **asked) if waiting else ():
                coordinator = stage.cast.coordinators[0]
                stage.put(stage.office_day(1), "inspection.assign", coordinator, (each, problem.pk))
            if each.fate != "made":
                day = stage.working_day(stage.today + datetime.timedelta(2))
                stage.put(day, "inspection.feed_back", actor, each)

    def _results(self, each: Round) -> dict[int, Seen]:
        stage, found = self.stage, {}
        for item in checklists_of([each.inspection])[each.inspection]:
            result = stage.by_chance(
                ((Result.MET, 70.0), (Result.NOT_MET, 22.0), (Result.NOT_APPLICABLE, 8.0))
            )
            texts = {Result.MET: self.words.met, Result.NOT_MET: self.words.unmet}.get(result)
            found[item.pk] = Seen(result.value, stage.one_of(texts) if texts else "")
        return found

    def assign(self, actor: Person, rows: Sequence[tuple[Round, int]], _key: Hashable) -> None:
        """What inspections found is assigned to the inspected unit, and goes its way from there."""
        stage = self.stage
        for each, pk in rows:
            due_on = stage.working_day(stage.today + datetime.timedelta(60))
            theme = stage.pen.theme(place=each.desk.place)
            case = Case(theme, each.desk, "fixed", due_on, origin="round", problem=pk)
            case.finder = each.inspector.pk
            problems = load(Problem, [pk])
            words = stage.pen.words
            said = {
                "root_cause": stage.pen.line(words.causes, theme),
                "closure_criterion": stage.pen.line(words.criteria, theme),
            }
            correct_records(details=problems, actor=actor, now=stage.now, changes={pk: said})
            assign_problems(
                problems=problems,
                actor=actor,
                now=stage.now,
                owner=stage.one_of(each.desk.owners),
                due_on=due_on,
            )
            self.rectification.found(case)

    def feed_back(self, actor: Person, rounds: Sequence[Round], _key: Hashable) -> None:
        stage = self.stage
        feed_back_inspections(
            inspections=load(Inspection, [each.inspection for each in rounds]),
            feedback=stage.one_of(self.words.feedback),
            actor=actor,
            now=stage.now,
        )
        for each in rounds:
            if each.fate != "fed_back" or stage.chance(40):
                day = stage.desk_day(each.desk.number, 3)
                stage.put(day, "inspection.reply", each.desk.head, each)

    def reply(self, actor: Person, rounds: Sequence[Round], _key: Hashable) -> None:
        stage = self.stage
        for each in rounds:
            stance = stage.deal(
                "inspection.reply", ((Stance.REPLY, 80.0), (Stance.OBJECTION, 20.0))
            )
            is_reply = stance == Stance.REPLY
            reply_to_inspections(
                inspections=load(Inspection, [each.inspection]),
                stance=stance.value,
                text=stage.one_of(self.words.replies if is_reply else self.words.objections),
                actor=actor,
                now=stage.now,
            )
            if each.fate == "settled":
                stage.put(stage.office_day(3), "inspection.settle", each.inspector, (each, stance))

    def settle(self, actor: Person, rows: Sequence[tuple[Round, Stance]], _key: Hashable) -> None:
        for each, stance in rows:
            settle_inspections(
                inspections=load(Inspection, [each.inspection]),
                settlement=self.words.settlements[stance == Stance.OBJECTION],
                actor=actor,
                now=self.stage.now,
            )


def _mistaken(results: dict[int, Seen]) -> dict[int, Seen]:
    """The same with the first one taken for something that doesn't apply."""
    first = next(iter(results), None)
    wrong = {} if first is None else {first: Seen(Result.NOT_APPLICABLE.value, "")}
    return {**results, **wrong}
