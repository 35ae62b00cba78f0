"""Measures in the demonstration: proposed, approved, carried out and claimed with evidence."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from guantong.demonstration.building.cast import Desk
from guantong.demonstration.building.papers import Papers
from guantong.demonstration.building.pen import Theme
from guantong.demonstration.building.rectification import (
    MEASURE_KINDS,
    OPEN,
    Case,
    Rectification,
)
from guantong.demonstration.building.stage import Stage, load
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.rectification.models import Measure, Problem
from guantong.rectification.operations import (
    MeasureDraft,
    accept_measures,
    approve_measures,
    claim_measures,
    claim_problems,
    extend_measures,
    note_progress,
    plan_problems,
    propose_measures,
    supersede_measures,
    withdraw_measures,
)
from guantong.rectification.queries import measures_of
from guantong.rectification.rules import CLAIMED

# One measure in twenty hangs from a priority area; the others answer problems, one to four each.
OF_AREAS, MOST = 0.05, 4
ENDS = (("withdraw_measure", 50.0), ("supersede_measure", 50.0))


class Remedies:
    """Answers problems with measures, and moves priority areas by measures of their own."""

    def __init__(
        self,
        stage: Stage,
        papers: Papers,
        rectification: Rectification,
        *,
        indicators: Mapping[int, Sequence[int]],
    ) -> None:
        self.stage, self.papers, self.rectification = stage, papers, rectification
        self.indicators = indicators
        self.claimed: Callable[[Case], None] = lambda case: None
        rectification.answer = self.answer
        stage.step("measure.propose", self.propose)
        stage.step("measure.initiate", self.initiate)
        stage.step("measure.approve", self.approve)
        stage.step("problem.plan", self.plan)
        stage.step("measure.progress", self.progress)
        stage.step("measure.extend", self.extend)
        stage.step("measure.end", self.end)
        stage.step("measure.claim", self.claim)
        stage.step("problem.claim", self.claim_problem)
        stage.step("measure.complete", self.complete)
        stage.step("measure.accept", self.accept)

    def prepare(self) -> None:
        """Put measures on the agenda that hang from a priority area, not from a problem."""
        stage = self.stage
        for _number in range(round(stage.size.measures * OF_AREAS)):
            desk = stage.one_of(stage.cast.desks)
            wait = stage.between(20, stage.size.days - 40)
            what = (desk, stage.pen.theme(), None)
            stage.put(stage.office_day(wait), "measure.initiate", stage.cast.coordinators[0], what)

    def from_finding(self, finding: int, theme: Theme, desk: Desk) -> None:
        """Let an accepted finding be taken up by a measure of its area."""
        stage = self.stage
        what = (desk, theme, finding)
        stage.put(stage.office_day(5), "measure.initiate", stage.cast.coordinators[0], what)

    def answer(self, case: Case) -> None:
        """Let the unit answer its problem the next time its desk works."""
        desk = case.desk
        day = self.stage.desk_day(desk.number, 1)
        self.stage.put(day, "measure.propose", desk.liaison, case)

    def propose(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        stage, pen = self.stage, self.stage.pen
        by_id = {case.problem: case for case in cases}
        problems = [p for p in load(Problem, by_id) if p.record.state in OPEN]
        drafts, owners = [], []
        for problem in problems:
            case = by_id[problem.pk]
            remedies = stage.some_of(case.theme.words.remedies, self._how_many())
            for remedy in remedies:
                drafts.append(
                    MeasureDraft(
                        title=pen.line(remedy, case.theme),
                        problem=problem,
                        measure_kind=stage.by_chance(MEASURE_KINDS),
                        description=pen.line(pen.words.ideas, case.theme),
                        owner=stage.one_of(case.desk.owners),
                        due_on=max(problem.record.due_on or stage.today, stage.today),
                    )
                )
                owners.append(case)
        measures = propose_measures(drafts=drafts, actor=actor, now=stage.now)
        fresh: dict[int, list[int]] = {}
        for case, measure in zip(owners, measures, strict=True):
            fresh.setdefault(case.problem, []).append(measure.pk)
        for problem_id, ids in fresh.items():
            case = by_id[problem_id]
            case.measures = ids
            if case.fate == "slow" and stage.chance(20):
                continue
            is_paper = stage.chance(2)
            approver = case.desk.liaison if is_paper else case.desk.head
            for measure_id in ids:
                stage.put(
                    stage.today, "measure.approve", approver, (case.desk, measure_id), is_paper
                )
            stage.put(stage.today, "problem.plan", case.desk.head, case)

    def _how_many(self) -> int:
        """Draw how many measures answer a problem: on average as many as the size wants."""
        size = self.stage.size
        wanted = size.measures * (1 - OF_AREAS) / size.problems
        share = (wanted - 1) / (MOST - 1)
        return 1 + sum(self.stage.chance(share * 100) for _one in range(MOST - 1))

    def initiate(
        self, actor: Person, rows: Sequence[tuple[Desk, Theme, int | None]], _key: Hashable
    ) -> None:
        stage, pen = self.stage, self.stage.pen
        findings = Record.objects.in_bulk([f for _d, _t, f in rows if f])
        indicators = Record.objects.in_bulk(
            [pk for _d, theme, _f in rows for pk in self.indicators.get(theme.area, ())]
        )
        drafts = []
        for desk, theme, finding in rows:
            moved = [indicators[pk] for pk in self.indicators.get(theme.area, ())]
            drafts.append(
                MeasureDraft(
                    title=pen.line(theme.words.remedies, theme),
                    area=stage.areas[theme.area],
                    unit=desk.unit,
                    measure_kind=stage.by_chance(MEASURE_KINDS),
                    expected_effect=pen.line(pen.words.criteria, theme),
                    owner=stage.one_of(desk.owners),
                    due_on=stage.working_day(
                        stage.today + datetime.timedelta(stage.between(30, 90))
                    ),
                    taken_up=[findings[finding]] if finding else (),
                    moves=moved[:1],
                )
            )
        measures = propose_measures(drafts=drafts, actor=actor, now=stage.now)
        for (desk, _theme, _finding), measure in zip(rows, measures, strict=True):
            if stage.chance(90):
                what = (desk, measure.pk)
                stage.put(stage.today, "measure.approve", desk.head, what, False)
                if stage.chance(80):
                    day = stage.desk_day(desk.number, stage.between(20, 70))
                    stage.put(day, "measure.complete", desk.liaison, measure.pk)

    def approve(self, actor: Person, rows: Sequence[tuple[Desk, int]], is_paper: Hashable) -> None:
        """The head approves; or did so on paper, and the liaison enters it."""
        stage = self.stage
        paper = self.papers.signed_by(rows[0][0].head) if is_paper else None
        measures = load(Measure, [measure for _desk, measure in rows])
        approve_measures(measures=measures, actor=actor, now=stage.now, paper=paper)

    def plan(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        stage = self.stage
        by_id = {case.problem: case for case in cases}
        ready = [
            p
            for p in load(Problem, by_id)
            if p.record.state in ("assigned", "returned", "reopened")
        ]
        plan_problems(problems=ready, actor=actor, now=stage.now)
        for problem in ready:
            self._carry_out(by_id[problem.pk])

    def _carry_out(self, case: Case) -> None:
        stage, desk = self.stage, case.desk
        if stage.chance(45):
            day = stage.desk_day(desk.number, stage.between(8, 30))
            stage.put(day, "measure.progress", desk.liaison, case.measures[0])
        if case.fate == "fixed":
            wait = stage.between(3, 36)
            stage.put(stage.desk_day(desk.number, wait), "measure.claim", desk.liaison, case)
        if len(case.measures) > 1 and stage.chance(15):
            fate = stage.deal("end of a measure", ENDS)
            day = stage.desk_day(desk.number, 5)
            stage.put(day, "measure.end", desk.head, case.measures[-1], fate)
        elif stage.chance(4):
            day = stage.office_day(10)
            stage.put(day, "measure.extend", stage.cast.coordinators[0], case.measures[0])

    def progress(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        text = self.stage.pen.one_of(self.stage.pen.words.progress)
        ready = [m for m in load(Measure, ids) if m.record.state in ("approved", "returned")]
        note_progress(measures=ready, text=text, actor=actor, now=self.stage.now)

    def extend(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        stage = self.stage
        ready = [m for m in load(Measure, ids) if m.record.state == "approved"]
        if ready:
            latest = max(m.record.due_on or stage.today for m in ready)
            extend_measures(
                measures=ready,
                due_on=stage.working_day(latest + datetime.timedelta(21)),
                actor=actor,
                now=stage.now,
                reason=stage.pen.reason("extend"),
            )

    def end(self, actor: Person, ids: Sequence[int], fate: Hashable) -> None:
        ready = [m for m in load(Measure, ids) if m.record.state == "approved"]
        operation = supersede_measures if fate == "supersede_measure" else withdraw_measures
        operation(
            measures=ready,
            actor=actor,
            now=self.stage.now,
            reason=self.stage.pen.reason(str(fate)),
        )

    def claim(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        """The unit claims what it has done, with evidence, and then asks for closure."""
        stage = self.stage
        ids = [measure for case in cases for measure in case.measures]
        ready = [m for m in load(Measure, ids) if m.record.state in ("approved", "returned")]
        self._claim(ready, actor)
        for case in cases:
            if stage.chance(95):
                stage.put(stage.today, "problem.claim", actor, case)

    def _claim(self, measures: Sequence[Any], actor: Person) -> None:
        if not measures:
            return
        if not self.papers.files:
            self.papers.keep(measures[0].record, actor)
        self.papers.attach([measure.record for measure in measures], actor)
        claim_measures(measures=measures, actor=actor, now=self.stage.now)

    def claim_problem(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        by_id = {case.problem: case for case in cases}
        planned = [p for p in load(Problem, by_id) if p.record.state == "planned"]
        measures = measures_of([problem.pk for problem in planned])
        # What came back has new measures, which are still to be carried out.
        ready = [
            problem
            for problem in planned
            if measures[problem.pk] and all(m.record.state in CLAIMED for m in measures[problem.pk])
        ]
        claim_problems(problems=ready, actor=actor, now=self.stage.now)
        for problem in ready:
            self.claimed(by_id[problem.pk])

    def complete(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        """A measure without a problem is claimed, and accepted by somebody else."""
        stage = self.stage
        ready = [m for m in load(Measure, ids) if m.record.state == "approved"]
        self._claim(ready, actor)
        for measure in ready:
            if stage.chance(85):
                stage.put(stage.office_day(5), "measure.accept", stage.cast.auditor, measure.pk)

    def accept(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        ready = [m for m in load(Measure, ids) if m.record.state == "claimed"]
        accept_measures(measures=ready, actor=actor, now=self.stage.now)
