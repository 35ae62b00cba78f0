"""Rectification in the demonstration: problems on their ways to every ending there is."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from guantong.demonstration.building.cast import Desk
from guantong.demonstration.building.papers import Papers
from guantong.demonstration.building.pen import Theme
from guantong.demonstration.building.stage import Stage, load
from guantong.evidence.operations import Upload
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.rectification.models import MeasureKind, Problem, Severity
from guantong.rectification.operations import (
    Ending,
    FixedProblemDraft,
    ProblemDraft,
    accept_problem_risks,
    adopt_endings,
    assign_problems,
    close_problems,
    decline_problems,
    end_unimplemented_problems,
    extend_problems,
    identify_problems,
    merge_problems,
    reopen_problems,
    report_fixed_problems,
    supersede_problems,
    void_problems,
)
from guantong.rectification.queries import measures_of

# What becomes of a problem, by weight; most are simply put right.
FATES = (
    ("fixed", 74.0),
    ("slow", 12.0),
    ("unplanned", 4.0),
    ("declined", 2.0),
    ("merged", 1.5),
    ("void", 1.5),
    ("not_implemented", 1.5),
    ("superseded", 1.5),
    ("risk_accepted", 1.5),
)
SEVERITIES = (
    (Severity.LOW, 30.0),
    (Severity.MEDIUM, 45.0),
    (Severity.HIGH, 20.0),
    (Severity.CRITICAL, 5.0),
)
# Whether only those named may see it.
RESTRICTED = ((True, 1.0), (False, 99.0))
# Whether a closed problem comes back.
REOPENED = ((True, 4.0), (False, 96.0))
OPEN = ("assigned", "planned", "returned", "reopened")


@dataclass
class Case:
    """One problem, who has it, and what is to become of it."""

    theme: Theme
    desk: Desk
    fate: str
    due_on: datetime.date
    finding: int | None = None
    origin: str = "finding"
    problem: int = 0
    # The inspector who found it, and so is no second person to it.
    finder: int | None = None
    measures: list[int] = field(default_factory=list)


class Rectification:
    """Lets problems be found, assigned, planned, carried out, judged and ended."""

    def __init__(
        self,
        stage: Stage,
        papers: Papers,
        *,
        may_take_up: Callable[[Desk, int], None],
        sectors: Sequence[Any],
    ) -> None:
        self.stage, self.papers = stage, papers
        self.may_take_up, self.sectors = may_take_up, sectors
        self.answer: Callable[[Case], None] = lambda case: None
        self.cases: dict[int, Case] = {}
        self.slow: list[int] = []
        stage.step("problem.identify", self.identify)
        stage.step("problem.fix", self.fix)
        stage.step("problem.adopt", self.adopt)
        stage.step("problem.void", self.void)
        stage.step("problem.merge", self.merge)
        stage.step("problem.assign", self.assign)
        stage.step("problem.decline", self.decline)
        stage.step("problem.hand_over", self.hand_over)
        stage.step("problem.extend", self.extend)
        stage.step("problem.close", self.close)
        stage.step("problem.reopen", self.reopen)
        stage.step("problem.end", self.end)

    def prepare(self, number: int) -> None:
        """Put on the agenda the problems that don't come from findings."""
        stage = self.stage
        fast = 0
        for turn in range(number):
            desk = stage.one_of(stage.cast.desks)
            # More is found in the beginning than later; and first of all one of each fate.
            latest = int(stage.size.days * (0.35 if turn < 60 else 0.85))
            days = min(stage.between(1, latest) for _draw in range(3))
            least = stage.first + datetime.timedelta(days)
            origin = stage.by_chance([("self", 50.0), ("inspection", 45.0), ("fast", 5.0)])
            case = self._case(stage.pen.theme(place=desk.place), desk, least)
            if origin == "fast" and case.fate != "fixed":
                origin = "self"
            case.origin = origin
            if origin == "inspection":
                day = stage.office_day((least - stage.first).days)
                stage.put(day, "problem.identify", stage.cast.coordinators[0], case)
            else:
                fast += origin == "fast"
                name = "problem.fix" if origin == "fast" and fast <= 80 else "problem.identify"
                stage.put(stage.desk_day(desk.number, 0, least), name, desk.liaison, case)

    def from_finding(self, finding: int, theme: Theme, desk: Desk) -> None:
        """Let an accepted finding be taken up as a problem when the campaign office sits."""
        stage = self.stage
        day = stage.office_day(4)
        case = self._case(theme, desk, day)
        case.finding = finding
        stage.put(day, "problem.identify", stage.cast.coordinators[0], case)

    def _case(self, theme: Theme, desk: Desk, least: datetime.date) -> Case:
        stage = self.stage
        due_on = stage.working_day(least + datetime.timedelta(stage.between(60, 130)))
        return Case(theme, desk, stage.deal("problem", FATES), due_on)

    def _draft(self, case: Case, sources: dict[int, Record]) -> ProblemDraft:
        stage, pen, desk = self.stage, self.stage.pen, case.desk
        words = pen.words
        theme = case.theme
        is_imported = case.origin == "inspection"
        others = [d.unit for d in stage.some_of(stage.cast.desks, 2) if d is not desk]
        return ProblemDraft(
            campaign=stage.campaign,
            unit=stage.one_of(desk.units) if stage.chance(60) else desk.unit,
            title=pen.line(words.finding_titles["problem"], theme),
            description=pen.line(words.finding_seen, theme),
            severity=stage.by_chance(SEVERITIES),
            root_cause=pen.line(words.causes, theme),
            closure_criterion=pen.line(words.criteria, theme),
            owner=stage.one_of(desk.owners),
            area=stage.areas[theme.area],
            sector=stage.one_of(self.sectors),
            due_on=case.due_on,
            is_priority=stage.chance(6),
            is_restricted=stage.deal("restricted", RESTRICTED),
            partners=others if stage.chance(8) else (),
            raised_by=[sources[case.finding]] if case.finding else (),
            source_name=words.source if is_imported else "",
            source_reference=f"{stage.between(1000, 9999)}" if is_imported else "",
        )

    def identify(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        stage = self.stage
        sources = Record.objects.select_related("unit", "campaign").in_bulk(
            [case.finding for case in cases if case.finding]
        )
        problems = identify_problems(
            drafts=[self._draft(case, sources) for case in cases], actor=actor, now=stage.now
        )
        coordinator = stage.cast.coordinators[0]
        for case, problem in zip(cases, problems, strict=True):
            self._known(case, problem)
            if case.origin == "inspection" and case.fate == "fixed" and stage.chance(9):
                stage.put(stage.office_day(45), "problem.adopt", coordinator, case)
            elif case.fate in ("void", "merged"):
                name = "problem.void" if case.fate == "void" else "problem.merge"
                stage.put(stage.office_day(3), name, coordinator, case, self._reason(case.fate))
            else:
                stage.put(stage.office_day(0), "problem.assign", coordinator, case)

    def _reason(self, fate: str) -> str:
        return self.stage.pen.reason("merge" if fate == "merged" else fate)

    def found(self, case: Case) -> None:
        """Let a problem that was found and assigned elsewhere go its way."""
        self.cases[case.problem] = case
        self._assigned(case)

    def go_on(self, case: Case, state: str) -> None:
        """Let a problem that was carried forward go on from the state that it has."""
        stage, desk = self.stage, case.desk
        self.cases[case.problem] = case
        if state == "identified":
            stage.put(stage.office_day(0), "problem.assign", stage.cast.coordinators[0], case)
        elif state == "assigned":
            self._assigned(case)
        elif case.fate == "fixed" and case.measures:
            wait = stage.between(3, 36)
            stage.put(stage.desk_day(desk.number, wait), "measure.claim", desk.liaison, case)

    def _known(self, case: Case, problem: Problem) -> None:
        case.problem = problem.pk
        self.cases[problem.pk] = case
        self.may_take_up(case.desk, problem.pk)

    def fix(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        """The fast lane: done already, with its evidence; a second person verifies."""
        stage, pen = self.stage, self.stage.pen
        drafts = []
        for case in cases:
            name = pen.one_of(pen.words.evidence)
            content = pen.words.evidence_text.format(name=name).encode()
            draft = self._draft(case, {})
            drafts.append(
                FixedProblemDraft(
                    problem=draft,
                    measure=pen.line(case.theme.words.remedies, case.theme),
                    uploads=[Upload(name, [content], dated_on=stage.today)],
                    completed_on=stage.today,
                )
            )
        problems = report_fixed_problems(drafts=drafts, actor=actor, now=stage.now)
        measures = measures_of([problem.pk for problem in problems])
        for case, problem in zip(cases, problems, strict=True):
            self._known(case, problem)
            case.measures = [measure.pk for measure in measures[problem.pk]]
            case.fate = "fixed"
            self.claimed(case)

    # What comes after a claim is put on the agenda by the inspection.
    claimed: Callable[[Case], None] = staticmethod(lambda case: None)

    def _ready(self, cases: Iterable[Case], *states: str) -> list[Problem]:
        problems = load(Problem, [case.problem for case in cases])
        return [problem for problem in problems if problem.record.state in states]

    def adopt(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        """The register that some problems came from says that they are closed."""
        stage, pen = self.stage, self.stage.pen
        adopt_endings(
            endings=[
                Ending(problem, stage.today, determination=pen.one_of(pen.words.determination))
                for problem in self._ready(cases, "identified")
            ],
            source=pen.words.source,
            actor=actor,
            now=stage.now,
        )

    def void(self, actor: Person, cases: Sequence[Case], reason: Hashable) -> None:
        void_problems(
            problems=self._ready(cases, "identified"),
            actor=actor,
            now=self.stage.now,
            reason=str(reason),
        )

    def merge(self, actor: Person, cases: Sequence[Case], reason: Hashable) -> None:
        targets = [p for p in load(Problem, self.slow) if p.record.state in OPEN]
        problems = self._ready(cases, "identified")
        if targets and problems:
            merge_problems(
                problems=problems,
                into=targets[0],
                actor=actor,
                now=self.stage.now,
                reason=str(reason),
            )

    def assign(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        stage = self.stage
        ready = self._ready(cases, "identified")
        assign_problems(problems=ready, actor=actor, now=stage.now)
        for problem in ready:
            self._assigned(self.cases[problem.pk])

    def _assigned(self, case: Case) -> None:
        stage, desk = self.stage, case.desk
        if case.fate == "declined":
            day = stage.desk_day(desk.number, 1)
            stage.put(day, "problem.decline", desk.head, case, stage.pen.reason("decline"))
            return
        if case.fate == "slow":
            self.slow.append(case.problem)
        if case.fate != "unplanned":
            self.answer(case)
        if case.fate in ("not_implemented", "superseded", "risk_accepted"):
            is_paper = stage.chance(40)
            stage.put(
                stage.office_day(stage.between(40, 70)),
                "problem.end",
                stage.cast.coordinators[0],
                case,
                (case.fate, is_paper),
            )
        elif stage.chance(9):
            wait = max(1, (case.due_on - stage.today).days - 10)
            stage.put(stage.office_day(wait), "problem.extend", stage.cast.coordinators[0], case)

    def decline(self, actor: Person, cases: Sequence[Case], reason: Hashable) -> None:
        stage = self.stage
        ready = self._ready(cases, "assigned")
        decline_problems(problems=ready, actor=actor, now=stage.now, reason=str(reason))
        for problem in ready:
            case = self.cases[problem.pk]
            stage.put(stage.office_day(2), "problem.hand_over", stage.cast.coordinators[0], case)

    def hand_over(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        """What one unit declined goes to another, or stays with the campaign office for now."""
        stage = self.stage
        for problem in self._ready(cases, "declined"):
            if stage.chance(30):
                continue
            case = self.cases[problem.pk]
            case.desk = stage.one_of([d for d in stage.cast.desks if d is not case.desk])
            case.fate = "fixed"
            assign_problems(
                problems=[problem],
                actor=actor,
                now=stage.now,
                unit=case.desk.unit,
                owner=case.desk.owners[0],
            )
            self._assigned(case)

    def extend(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        stage = self.stage
        # What the ministry took over has nobody above it that could extend it here.
        below = [p for p in self._ready(cases, *OPEN) if p.record.unit != stage.cast.ministry]
        ready = [problem for problem in below if problem.record.due_on is not None]
        if ready:
            latest = max(stage.today, *(p.record.due_on or stage.today for p in ready))
            extend_problems(
                problems=ready,
                due_on=stage.working_day(latest + datetime.timedelta(30)),
                actor=actor,
                now=stage.now,
                reason=stage.pen.reason("extend"),
            )

    def close(self, actor: Person, cases: Sequence[Case], determination: Hashable) -> None:
        stage = self.stage
        ready = self._ready(cases, "verified")
        close_problems(problems=ready, actor=actor, now=stage.now, determination=str(determination))
        for problem in ready:
            if stage.deal("close", REOPENED):
                case = self.cases[problem.pk]
                stage.put(stage.office_day(15), "problem.reopen", actor, case)

    def reopen(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        ready = self._ready(cases, "closed")
        reopen_problems(
            problems=ready,
            actor=actor,
            now=self.stage.now,
            reason=self.stage.pen.reason("reopen"),
        )
        for problem in ready:
            self.answer(self.cases[problem.pk])

    def end(self, actor: Person, cases: Sequence[Case], key: Hashable) -> None:
        """The endings of a higher authority, some of them decided on paper by the minister."""
        stage = self.stage
        fate, is_paper = key if isinstance(key, tuple) else (str(key), False)
        ready = self._ready(cases, *OPEN)
        said: dict[str, Any] = {
            "problems": ready,
            "actor": actor,
            "now": stage.now,
            "reason": stage.pen.reason(fate),
            "paper": self.papers.signed_by(stage.cast.minister) if is_paper else None,
        }
        if fate == "risk_accepted":
            accept_problem_risks(until=stage.today + datetime.timedelta(183), **said)
        elif fate == "superseded":
            supersede_problems(**said)
        else:
            end_unimplemented_problems(**said)


MEASURE_KINDS = (
    (MeasureKind.IMMEDIATE, 25.0),
    (MeasureKind.TIME_BOUND, 50.0),
    (MeasureKind.INSTITUTIONAL, 25.0),
)
