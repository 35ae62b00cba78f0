"""Findings in the demonstration: written after visits, judged by a second person, taken up."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from guantong.demonstration.building.fieldwork import Trip
from guantong.demonstration.building.rectification import Rectification
from guantong.demonstration.building.remedies import Remedies
from guantong.demonstration.building.stage import Stage, load
from guantong.people.models import Person
from guantong.research.models import Finding, FindingKind
from guantong.research.operations.findings import (
    FindingDraft,
    accept_findings,
    decide_no_action,
    reject_findings,
    return_findings,
    revise_findings,
    write_findings,
)
from guantong.visits.models import Visit

KINDS = (
    (FindingKind.PROBLEM, 52.0),
    (FindingKind.GOOD_PRACTICE, 14.0),
    (FindingKind.REQUEST, 14.0),
    (FindingKind.SUGGESTION, 11.0),
    (FindingKind.RISK, 9.0),
)
CONCLUDED = (FindingKind.PROBLEM, FindingKind.RISK)


@dataclass
class Note:
    """One finding that is to be written after a visit."""

    trip: Trip
    kind: str
    finding: int = 0


class Insights:
    """Lets findings be written, judged, and taken up or answered with no action."""

    def __init__(self, stage: Stage, rectification: Rectification, remedies: Remedies) -> None:
        self.stage, self.rectification, self.remedies = stage, rectification, remedies
        stage.step("finding.write", self.write)
        stage.step("finding.accept", self.accept)
        stage.step("finding.return", self.send_back)
        stage.step("finding.reject", self.reject)
        stage.step("finding.revise", self.revise)
        stage.step("finding.no_action", self.no_action)

    def after(self, actor: Person, visit: Visit, trip: Trip) -> None:
        """Put the writing of a visit's findings on the agenda of the same day."""
        stage = self.stage
        # Not every planned visit is written up; those that are bring the more.
        most = max(1, round(stage.size.findings * 2.3 / stage.size.visits))
        for _number in range(stage.between(1, most)):
            what = Note(trip, stage.by_chance(KINDS))
            stage.put(stage.today, "finding.write", actor, what)

    def write(self, actor: Person, notes: Sequence[Note], _key: Hashable) -> None:
        stage, pen = self.stage, self.stage.pen
        words = pen.words
        visits = {v.pk: v for v in load(Visit, {i.trip.visit for i in notes})}
        drafts = []
        for note in notes:
            visit = visits[note.trip.visit]
            theme = pen.theme(note.trip.theme.area, note.trip.theme.place)
            note.trip = Trip(**{**note.trip.__dict__, "theme": theme})
            is_concluded = note.kind in CONCLUDED
            drafts.append(
                FindingDraft(
                    campaign=stage.campaign,
                    unit=visit.record.unit,
                    title=pen.line(words.finding_titles[note.kind], theme),
                    seen=pen.line(words.finding_seen, theme),
                    concluded=pen.line(words.finding_concluded, theme) if is_concluded else "",
                    origin=visit.record,
                    finding_kind=note.kind,
                    owner=actor,
                    area=stage.areas[theme.area],
                )
            )
        second = stage.cast.coordinators[1]
        findings = write_findings(drafts=drafts, actor=actor, now=stage.now)
        for note, finding in zip(notes, findings, strict=True):
            note.finding = finding.pk
            note.trip.inquiry.findings.append(finding.pk)
            fate = stage.deal(
                "finding", [("accept", 87.0), ("return", 5.0), ("reject", 4.0), ("wait", 4.0)]
            )
            reason = "" if fate in ("accept", "wait") else pen.reason(f"{fate}_finding")
            if fate != "wait":
                stage.put(stage.office_day(1), f"finding.{fate}", second, note, reason)

    def _ready(self, notes: Sequence[Note], *states: str) -> list[Finding]:
        findings = load(Finding, [note.finding for note in notes])
        return [finding for finding in findings if finding.record.state in states]

    def accept(self, actor: Person, notes: Sequence[Note], _key: Hashable) -> None:
        stage = self.stage
        by_id = {note.finding: note for note in notes}
        ready = self._ready(notes, "draft")
        accept_findings(findings=ready, actor=actor, now=stage.now)
        for finding in ready:
            self._accepted(by_id[finding.pk], actor)

    def _accepted(self, note: Note, actor: Person) -> None:
        """Most are taken up; some lead to nothing, by decision; on some nobody has decided."""
        stage = self.stage
        theme, desk = note.trip.theme, note.trip.inquiry.desk
        if note.kind in CONCLUDED:
            fate = stage.by_chance([("problem", 80.0), ("no_action", 6.0), ("wait", 14.0)])
        else:
            fate = stage.by_chance(
                [("problem", 20.0), ("measure", 30.0), ("no_action", 30.0), ("wait", 20.0)]
            )
        if fate == "problem":
            # What is found in one place is often another unit's to put right.
            owner = desk if stage.chance(40) else stage.one_of(stage.cast.desks)
            self.rectification.from_finding(note.finding, theme, owner)
        elif fate == "measure":
            self.remedies.from_finding(note.finding, theme, desk)
        elif fate == "no_action":
            reason = stage.pen.reason("no_action_finding")
            day = stage.office_day(8)
            stage.put(day, "finding.no_action", actor, note, reason)

    def send_back(self, actor: Person, notes: Sequence[Note], reason: Hashable) -> None:
        stage = self.stage
        by_id = {note.finding: note for note in notes}
        ready = self._ready(notes, "draft")
        return_findings(findings=ready, actor=actor, now=stage.now, reason=str(reason))
        for finding in ready:
            note = by_id[finding.pk]
            inquiry = note.trip.inquiry
            day = stage.desk_day(inquiry.desk.number, 1)
            stage.put(day, "finding.revise", inquiry.researcher, note)

    def revise(self, actor: Person, notes: Sequence[Note], _key: Hashable) -> None:
        stage, pen = self.stage, self.stage.pen
        ready = self._ready(notes, "returned")
        theme = notes[0].trip.theme
        revise_findings(
            findings=ready,
            actor=actor,
            now=stage.now,
            seen=pen.line(pen.words.finding_seen, theme),
        )
        by_id = {note.finding: note for note in notes}
        for finding in ready:
            second = stage.cast.coordinators[1]
            stage.put(stage.office_day(1), "finding.accept", second, by_id[finding.pk], "")

    def reject(self, actor: Person, notes: Sequence[Note], reason: Hashable) -> None:
        reject_findings(
            findings=self._ready(notes, "draft"),
            actor=actor,
            now=self.stage.now,
            reason=str(reason),
        )

    def no_action(self, actor: Person, notes: Sequence[Note], reason: Hashable) -> None:
        ready = [f for f in self._ready(notes, "accepted") if f.no_action_on is None]
        decide_no_action(findings=ready, actor=actor, now=self.stage.now, reason=str(reason))
