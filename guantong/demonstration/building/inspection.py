"""Inspection in the demonstration: claims are verified, returned, supervised and closed."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Sequence

from guantong.demonstration.building.rectification import Case, Rectification
from guantong.demonstration.building.remedies import Remedies
from guantong.demonstration.building.stage import Stage, load
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.operations import answer_escalations, comment_on
from guantong.rectification.models import Problem, Verification
from guantong.rectification.operations import (
    Item,
    escalate_overdue,
    fail_verifications,
    pass_verifications,
    pass_verifications_partly,
    replace_verifiers,
    request_verifications,
    return_problems,
)
from guantong.rectification.queries import subjects_of
from guantong.rectification.rules import ENDED

CONCLUDE = {
    "passed": pass_verifications,
    "partial": pass_verifications_partly,
    "failed": fail_verifications,
}


class Inspection:
    """Names inspectors, lets them judge, and sees to what is overdue."""

    def __init__(self, stage: Stage, rectification: Rectification, remedies: Remedies) -> None:
        self.stage, self.rectification = stage, rectification
        remedies.claimed = self.claimed
        rectification.claimed = self.claimed
        stage.step("problem.return", self.send_back)
        stage.step("verification.request", self.request)
        stage.step("verification.replace", self.replace)
        stage.step("verification.conclude", self.conclude)
        stage.step("supervise", self.supervise)
        stage.step("escalation.answer", self.answer)

    def prepare(self) -> None:
        """Once a month what is overdue is raised."""
        stage = self.stage
        for days in range(60, stage.size.days + 1, 28):
            day = stage.working_day(stage.first + datetime.timedelta(days))
            stage.put(day, "supervise", stage.cast.coordinators[0], None)

    def claimed(self, case: Case) -> None:
        """A claim waits for an inspector, or goes straight back."""
        stage, coordinator = self.stage, self.stage.cast.coordinators[0]
        if stage.chance(3):
            reason = stage.pen.reason("return_problem")
            stage.put(stage.office_day(1), "problem.return", coordinator, case, reason)
        else:
            inspector = stage.between(0, len(stage.cast.inspectors) - 1)
            if stage.cast.inspectors[inspector].pk == case.finder:
                inspector = (inspector + 1) % len(stage.cast.inspectors)
            stage.put(
                stage.office_day(stage.between(0, 6)),
                "verification.request",
                coordinator,
                case,
                inspector,
            )

    def send_back(self, actor: Person, cases: Sequence[Case], reason: Hashable) -> None:
        by_id = {case.problem: case for case in cases}
        ready = [p for p in load(Problem, by_id) if p.record.state == "claimed"]
        return_problems(problems=ready, actor=actor, now=self.stage.now, reason=str(reason))
        for problem in ready:
            self._plan_again(by_id[problem.pk])

    def _plan_again(self, case: Case) -> None:
        desk = case.desk
        self.stage.put(self.stage.desk_day(desk.number, 2), "problem.plan", desk.head, case)

    def request(self, actor: Person, cases: Sequence[Case], number: Hashable) -> None:
        stage = self.stage
        inspector = stage.cast.inspectors[int(str(number))]
        ready = [
            p for p in load(Problem, [c.problem for c in cases]) if p.record.state == "claimed"
        ]
        verifications = request_verifications(
            problems=ready,
            inspector=inspector,
            actor=actor,
            now=stage.now,
            due_on=stage.working_day(stage.today + datetime.timedelta(21)),
        )
        for problem, verification in zip(ready, verifications, strict=True):
            case = self.rectification.cases[problem.pk]
            if stage.chance(1) and len(stage.cast.inspectors) > 1:
                stage.put(
                    stage.office_day(3), "verification.replace", actor, (case, verification.pk)
                )
                continue
            self._to_conclude(case, verification.pk, inspector)

    def _to_conclude(self, case: Case, verification: int, inspector: Person) -> None:
        stage = self.stage
        verdict = stage.deal("verdict", [("passed", 84.0), ("partial", 9.0), ("failed", 7.0)])
        day = stage.office_day(stage.between(3, 9))
        stage.put(day, "verification.conclude", inspector, (case, verification), verdict)

    def replace(self, actor: Person, rows: Sequence[tuple[Case, int]], _key: Hashable) -> None:
        stage = self.stage
        for case, pk in rows:
            others = [one for one in stage.cast.inspectors if one.pk != case.finder]
            inspector = others[0]
            replace_verifiers(
                verifications=load(Verification, [pk]),
                inspector=inspector,
                actor=actor,
                now=stage.now,
                reason=stage.pen.reason("replace_verifier"),
            )
            self._to_conclude(case, pk, inspector)

    def conclude(self, actor: Person, rows: Sequence[tuple[Case, int]], verdict: Hashable) -> None:
        stage, pen = self.stage, self.stage.pen
        cases = {pk: case for case, pk in rows}
        verifications = load(Verification, cases)
        subjects = subjects_of(verifications)
        found: dict[str, tuple[list[Verification], dict[int, list[Item]]]] = {}
        for verification in verifications:
            claimed = [measure.pk for measure in subjects[verification.pk].claimed]
            # Of a single measure no part can fail.
            name = "failed" if verdict == "partial" and len(claimed) < 2 else str(verdict)
            items = [Item(pen.one_of(self._words(name == "passed")), name == "passed")]
            for number, measure in enumerate(claimed):
                is_met = name == "passed" or (name == "partial" and number > 0)
                items.append(Item(pen.one_of(self._words(is_met)), is_met, measure))
            several, by_id = found.setdefault(name, ([], {}))
            several.append(verification)
            by_id[verification.pk] = items
        for name, (several, by_id) in found.items():
            CONCLUDE[name](verifications=several, items=by_id, actor=actor, now=stage.now)
            for verification in several:
                self._concluded(cases[verification.pk], name)

    def _words(self, is_met: bool) -> tuple[str, ...]:
        words = self.stage.pen.words
        return words.verified if is_met else words.not_verified

    def _concluded(self, case: Case, verdict: str) -> None:
        stage = self.stage
        if verdict != "passed":
            self._plan_again(case)
        elif stage.chance(95):
            determination = stage.pen.one_of(stage.pen.words.determination)
            stage.put(
                stage.office_day(1),
                "problem.close",
                stage.cast.coordinators[0],
                case,
                determination,
            )

    def supervise(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """What is overdue is raised by the system; some units answer, and somebody asks."""
        stage = self.stage
        escalate_overdue(campaign=stage.campaign, now=stage.now)
        raised = Record.objects.filter(
            campaign=stage.campaign, kind="problem", escalation_level__gt=0
        )
        for record in raised.order_by("pk").select_related("campaign")[:40]:
            case = self.rectification.cases.get(record.pk)
            if case is None or not stage.chance(30):
                continue
            comment_on(record=record, text=stage.pen.reason("escalate"), actor=actor, now=stage.now)
            day = stage.desk_day(case.desk.number, 1)
            stage.put(day, "escalation.answer", case.desk.head, case)

    def answer(self, actor: Person, cases: Sequence[Case], _key: Hashable) -> None:
        for problem in load(Problem, [case.problem for case in cases]):
            is_theirs = problem.record.unit != self.stage.cast.ministry
            is_asked = problem.record.escalation_level > 0 and problem.record.state not in ENDED
            if is_asked and is_theirs:
                answer_escalations(
                    details=[problem],
                    reason=self.stage.pen.one_of(self.stage.pen.words.progress),
                    actor=actor,
                    now=self.stage.now,
                )
