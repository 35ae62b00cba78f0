"""Special rectifications in the demonstration, and what runs beside a problem's own way."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Sequence

from guantong.demonstration.building.rectification import Case, Rectification
from guantong.demonstration.building.stage import Stage, load
from guantong.demonstration.words import OversightWords
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.operations import escalate_by_hand
from guantong.rectification.models import Drive, Problem, Proposal
from guantong.rectification.operations import (
    DriveDraft,
    accept_problem_risks,
    accept_proposals,
    answer_routings,
    assign_problems,
    close_drives,
    dismiss_proposals,
    group_records,
    keep_long_term,
    open_drives,
    propose_systemic_problems,
    reopen_expired_risks,
    review_problems,
    route_problems_up,
    take_over_problems,
    ungroup_records,
)
from guantong.rectification.queries import members_of, waiting_routings
from guantong.rectification.rules import PROBLEM

# What is done about slow problems, in turn: asked of the ministry, kept up for long, its risk
# accepted for a while; the later in the campaign, the later it begins.
WAYS = ("route", "review", "risk", "route", "review")
ANSWERS = ("waiting", "taken_over", "answered")
LATE = 140


class Drives:
    """Opens special rectifications, and sees to slow problems and to what recurs."""

    def __init__(self, stage: Stage, rectification: Rectification, words: OversightWords) -> None:
        self.stage, self.rectification, self.words = stage, rectification, words
        self.drives: list[int] = []
        self.seen_to: set[int] = set()
        self.turns: dict[str, int] = {}
        stage.step("drive.open", self.open)
        stage.step("drive.gather", self.gather)
        stage.step("drive.close", self.close)
        stage.step("slow.see_to", self.see_to)
        stage.step("problem.route", self.route)
        stage.step("routing.answer", self.answer)
        stage.step("problem.keep", self.keep)
        stage.step("problem.review", self.review)
        stage.step("risk.accept", self.accept_risk)
        stage.step("risk.reopen", self.reopen_risks)
        stage.step("systemic.propose", self.propose)

    def prepare(self) -> None:
        stage, coordinator = self.stage, self.stage.cast.coordinators[0]
        for number, _words in enumerate(self.words.drives):
            stage.put(stage.office_day(45 + 20 * number), "drive.open", coordinator, number)
        for days in (80, 110, LATE):
            stage.put(stage.office_day(days), "drive.gather", coordinator, None)
            stage.put(stage.office_day(days), "slow.see_to", coordinator, None)
            stage.put(stage.office_day(days + 3), "risk.reopen", coordinator, None)
        stage.put(stage.office_day(150), "drive.close", coordinator, 0)
        for days in (120, 160):
            stage.put(stage.office_day(days), "systemic.propose", coordinator, None)

    def open(self, actor: Person, numbers: Sequence[int], _key: Hashable) -> None:
        stage = self.stage
        for number in numbers:
            title, purpose = self.words.drives[number]
            draft = DriveDraft(
                campaign=stage.campaign,
                unit=stage.cast.ministry,
                title=title,
                purpose=purpose,
                area=stage.areas[number],
                due_on=stage.working_day(stage.today + datetime.timedelta(100)),
            )
            [drive] = open_drives(drafts=[draft], actor=actor, now=stage.now)
            self.drives.append(drive.pk)

    def gather(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """Each drive takes in what is open in its area, with the measures for it."""
        stage = self.stage
        for drive in load(Drive, self.drives):
            there = Record.objects.filter(campaign=stage.campaign, area=drive.record.area)
            problems = there.of_kind("problem").in_states(*PROBLEM.open_states)
            measures = there.of_kind("measure").in_states("approved", "claimed")
            open_here = [*problems.order_by("pk")[:60], *measures.order_by("pk")[:60]]
            known = set(members_of(drive.pk).values_list("pk", flat=True))
            records = [record for record in open_here if record.pk not in known]
            if records and drive.record.state == "open":
                group_records(drives=[drive], records=records, actor=actor, now=stage.now)

    def close(self, actor: Person, numbers: Sequence[int], _key: Hashable) -> None:
        stage = self.stage
        for number in numbers:
            drives = load(Drive, [self.drives[number]])
            one = members_of(drives[0].pk).of_kind("problem").order_by("pk")[:1]
            if one:
                ungroup_records(
                    drives=drives,
                    records=list(one),
                    actor=actor,
                    now=stage.now,
                    reason=self.words.taken_out,
                )
            close_drives(
                drives=drives, conclusion=self.words.conclusion, actor=actor, now=stage.now
            )

    def see_to(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """Some slow problems are raised by hand, asked of the ministry, or kept up for long."""
        stage = self.stage
        slow = [p for p in load(Problem, self.rectification.slow) if p.record.state == "planned"]
        fresh = [problem for problem in slow if problem.pk not in self.seen_to]
        is_late = (stage.today - stage.first).days >= LATE
        if is_late:
            self.turns["slow"] = WAYS.index("risk")
        for problem in fresh[: max(3, len(fresh) // 3)]:
            self.seen_to.add(problem.pk)
            case = self.rectification.cases[problem.pk]
            way = self._turn("slow", WAYS)
            if way == "risk":
                stage.put(stage.working_day(stage.today), "risk.accept", stage.cast.minister, case)
            else:
                name = "problem.route" if way == "route" else "problem.keep"
                # The unit asks at once: its answer has a day of its own.
                stage.put(stage.working_day(stage.today), name, case.desk.head, case)
        if slow and slow[-1].record.escalation_level < 2:
            escalate_by_hand(
                details=slow[-1:],
                level=2,
                actor=actor,
                now=stage.now,
                reason=stage.pen.reason("escalate"),
            )

    def _turn(self, name: str, several: Sequence[str]) -> str:
        """Take one after another, so that even a small campaign has each."""
        number = self.turns.get(name, 0)
        self.turns[name] = number + 1
        return several[number % len(several)]

    def _planned(self, cases: Sequence[Case]) -> list[Problem]:
        problems = load(Problem, [case.problem for case in cases])
        return [problem for problem in problems if problem.record.state == "planned"]

    def route(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        stage = self.stage
        problems = self._planned(cases)
        route_problems_up(
            problems=problems,
            unit=stage.cast.ministry,
            actor=actor,
            now=stage.now,
            reason=stage.one_of(self.words.routed),
        )
        for problem in problems:
            answer = self._turn("routing", ANSWERS)
            if answer != "waiting":
                what = (problem.pk, answer)
                stage.put(stage.office_day(5), "routing.answer", stage.cast.minister, what)

    def answer(self, actor: Person, rows: Sequence[tuple[int, str]], _key: Hashable) -> None:
        stage = self.stage
        for pk, answer in rows:
            problems = load(Problem, waiting_routings([pk]))
            if not problems or problems[0].record.state not in PROBLEM.open_states:
                continue
            if answer == "taken_over":
                take_over_problems(
                    problems=problems,
                    owner=stage.cast.coordinators[1],
                    actor=actor,
                    now=stage.now,
                    reason=self.words.taken_over,
                )
            else:
                answer_routings(
                    problems=problems,
                    actor=actor,
                    now=stage.now,
                    reason=stage.one_of(self.words.answered),
                )

    def keep(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        stage = self.stage
        problems = self._planned(cases)
        keep_long_term(
            problems=problems,
            review_on=stage.working_day(stage.today + datetime.timedelta(20)),
            actor=actor,
            now=stage.now,
        )
        for problem in problems:
            if self._turn("review", ("left", "made")) == "made":
                case = self.rectification.cases[problem.pk]
                stage.put(stage.desk_day(case.desk.number, 15), "problem.review", actor, case)

    def review(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        stage = self.stage
        problems = [p for p in self._planned(cases) if p.review_on is not None]
        review_problems(
            problems=problems,
            actor=actor,
            now=stage.now,
            reason=stage.one_of(self.words.reviewed),
            next_on=stage.working_day(stage.today + datetime.timedelta(60)),
        )

    def accept_risk(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        """A risk accepted for a month only."""
        stage = self.stage
        accept_problem_risks(
            problems=self._planned(cases),
            until=stage.today + datetime.timedelta(20),
            actor=actor,
            now=stage.now,
            reason=self.words.short_risk,
        )

    def reopen_risks(self, _actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        reopen_expired_risks(campaign=self.stage.campaign, now=self.stage.now)

    def propose(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """What recurs is proposed; the first is accepted, the second dismissed, the rest wait."""
        stage = self.stage
        propose_systemic_problems(campaign=stage.campaign, actor=actor, now=stage.now)
        waiting = Proposal.objects.filter(
            record__campaign=stage.campaign, record__state="proposed"
        ).order_by("pk")
        ids = list(waiting.values_list("pk", flat=True)[:2])
        if not ids:
            return
        problems = accept_proposals(proposals=load(Proposal, ids[:1]), actor=actor, now=stage.now)
        assign_problems(
            problems=problems,
            actor=actor,
            now=stage.now,
            owner=stage.cast.coordinators[1],
            due_on=stage.working_day(stage.today + datetime.timedelta(60)),
        )
        dismiss_proposals(
            proposals=load(Proposal, ids[1:]),
            actor=actor,
            now=stage.now,
            reason=self.words.dismissed,
        )
