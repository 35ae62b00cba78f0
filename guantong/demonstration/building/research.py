"""Research in the demonstration: projects on their way from proposal to completion."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from guantong.demonstration.building.cast import Desk
from guantong.demonstration.building.field import LED_SECTORS, Field
from guantong.demonstration.building.papers import Papers
from guantong.demonstration.building.pen import Theme
from guantong.demonstration.building.stage import Stage, load
from guantong.demonstration.building.study import Study
from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Record
from guantong.records.queries import refusals_of
from guantong.research.models import Finding, Method, Project
from guantong.research.operations.findings import decide_no_action
from guantong.research.operations.projects import (
    approve_projects,
    resubmit_projects,
    return_projects,
)
from guantong.research.operations.proposing import ProjectDraft, propose_projects
from guantong.research.operations.reporting import (
    complete_projects,
    convert_projects,
    report_projects,
    return_reports,
)
from guantong.research.operations.steering import (
    extend_projects,
    merge_projects,
    withdraw_projects,
)
from guantong.research.rules import PROJECT
from guantong.units.models import UnitKind

RESEARCHING = (UnitKind.DEPARTMENT, UnitKind.AFFILIATED, UnitKind.UNIVERSITY)
LEADERS_OWN = 8
FATES = (("done", 90.0), ("slow", 6.0), ("merged", 1.5), ("withdrawn", 2.5))


@dataclass
class Inquiry:
    """One project: what it is about, who makes it, and what is to become of it."""

    theme: Theme
    desk: Desk
    researcher: Person
    sectors: list[Any]
    places: list[Any]
    sites: list[Any]
    leader: Person | None
    fate: str
    due_on: datetime.date
    project: int = 0
    visited: int = 0
    findings: list[int] = field(default_factory=list)


class Research:
    """Lets projects be proposed, approved, reported, converted and completed."""

    def __init__(self, stage: Stage, field_: Field, study: Study, papers: Papers) -> None:
        self.stage, self.field, self.study, self.papers = stage, field_, study, papers
        self.inquiries: dict[int, Inquiry] = {}
        self.approved: Any = lambda inquiry: None
        self._approved: list[int] = []
        self._returned: set[int] = set()
        stage.step("project.propose", self.propose)
        stage.step("project.return", self.send_back)
        stage.step("project.resubmit", self.resubmit)
        stage.step("project.approve", self.approve)
        stage.step("project.merge", self.merge)
        stage.step("project.withdraw", self.withdraw)
        stage.step("project.extend", self.extend)
        stage.step("project.report", self.report)
        stage.step("project.return_report", self.return_report)
        stage.step("project.convert", self.convert)
        stage.step("project.complete", self.complete)

    def prepare(self) -> None:
        """All but a few projects come in the first weeks; some still wait at the end."""
        stage = self.stage
        desks = stage.cast.desks_of(*RESEARCHING)
        late = max(4, stage.size.projects // 20)
        named = map(self.field.places.get, stage.pen.words.provinces)
        provinces = [place for place in named if place is not None]
        for number in range(stage.size.projects + late):
            desk = desks[number % len(desks)]
            is_late = number >= stage.size.projects
            share = stage.size.days - stage.between(5, 25) if is_late else stage.between(1, 25)
            leader = None
            if number < LEADERS_OWN:
                leader = stage.cast.leaders[number % len(stage.cast.leaders)]
            day = stage.desk_day(desk.number, 0, stage.first + datetime.timedelta(share))
            theme = stage.pen.theme(number % len(stage.areas))
            sector = stage.one_of(self.field.sectors[: LED_SECTORS + 2])
            sectors = _and_next(sector, self.field.sectors, number)
            inquiry = Inquiry(
                theme=theme,
                desk=desk,
                researcher=desk.researchers[number // len(desks) % len(desk.researchers)],
                sectors=sectors,
                places=_and_next(self.field.places.get(theme.place), provinces, number + 2),
                sites=self._wanted(sectors, number),
                leader=leader,
                fate="late" if is_late else stage.deal("project", FATES),
                due_on=stage.working_day(day + datetime.timedelta(stage.between(80, 120))),
            )
            if leader is not None:
                inquiry.fate = "done"
            stage.put(day, "project.propose", desk.liaison, inquiry)

    def _wanted(self, sectors: Sequence[Any], number: int) -> list[Any]:
        """One lead company of each sector; every fourth project leaves open where it goes."""
        leads = [self.field.leads.get(sector.pk, []) for sector in sectors]
        return [some[number % len(some)] for some in leads if some] if number % 4 else []

    def propose(self, actor: Person, inquiries: Sequence[Inquiry], _key: Hashable) -> None:
        stage, pen = self.stage, self.stage.pen
        words = pen.words
        projects = propose_projects(
            drafts=[
                ProjectDraft(
                    campaign=stage.campaign,
                    unit=inquiry.desk.unit,
                    title=pen.line(words.project_title, inquiry.theme),
                    owner=inquiry.researcher,
                    team=inquiry.desk.researchers,
                    leader=inquiry.leader,
                    is_leaders_own=inquiry.leader is not None,
                    questions=pen.line(words.project_question, inquiry.theme),
                    method=stage.one_of(Method.values),
                    area=stage.areas[inquiry.theme.area],
                    sectors=inquiry.sectors,
                    places=inquiry.places,
                    sites=inquiry.sites,
                    starts_on=stage.today,
                    due_on=inquiry.due_on,
                )
                for inquiry in inquiries
            ],
            actor=actor,
            now=stage.now,
        )
        coordinator = stage.cast.coordinators[0]
        for inquiry, project in zip(inquiries, projects, strict=True):
            inquiry.project = project.pk
            self.inquiries[project.pk] = inquiry
            if stage.chance(6 if inquiry.fate != "late" else 50):
                day, reason = stage.office_day(1), pen.reason("return_project")
                stage.put(day, "project.return", coordinator, inquiry, reason)
            elif inquiry.fate != "late":
                stage.put(stage.office_day(1), "project.approve", coordinator, inquiry)

    def _ready(self, inquiries: Iterable[Inquiry], *states: str) -> list[Project]:
        projects = load(Project, [inquiry.project for inquiry in inquiries])
        return [project for project in projects if project.record.state in states]

    def send_back(self, actor: Person, inquiries: Sequence[Inquiry], reason: Hashable) -> None:
        stage = self.stage
        ready = self._ready(inquiries, "proposed")
        return_projects(projects=ready, actor=actor, now=stage.now, reason=str(reason))
        for project in ready:
            inquiry = self.inquiries[project.pk]
            if inquiry.fate != "late":
                day = stage.desk_day(inquiry.desk.number, 1)
                stage.put(day, "project.resubmit", inquiry.desk.liaison, inquiry)

    def resubmit(self, actor: Person, inquiries: Sequence[Inquiry], _key: Hashable) -> None:
        stage = self.stage
        ready = self._ready(inquiries, "returned")
        resubmit_projects(projects=ready, actor=actor, now=stage.now)
        for project in ready:
            inquiry = self.inquiries[project.pk]
            stage.put(stage.office_day(1), "project.approve", stage.cast.coordinators[0], inquiry)

    def approve(self, actor: Person, inquiries: Sequence[Inquiry], _key: Hashable) -> None:
        """Approved in one sitting of the office; leaders' own projects were decided on paper."""
        stage = self.stage
        ready = self._ready(inquiries, "proposed")
        own = [p for p in ready if self.inquiries[p.pk].leader is not None]
        others = [p for p in ready if self.inquiries[p.pk].leader is None]
        for several, paper in (
            (own, self.papers.signed_by(stage.cast.coordinators[1])),
            (others, None),
        ):
            approve_projects(
                projects=several,
                actor=actor,
                now=stage.now,
                overlap_decision=stage.pen.words.overlap,
                paper=paper,
            )
        for project in ready:
            inquiry = self.inquiries[project.pk]
            self.study.may_take_up(inquiry.desk, project.pk)
            self._go_on(inquiry)

    def _go_on(self, inquiry: Inquiry) -> None:
        stage, coordinator = self.stage, self.stage.cast.coordinators[0]
        if inquiry.fate in ("merged", "withdrawn"):
            name = "project.merge" if inquiry.fate == "merged" else "project.withdraw"
            reason = stage.pen.reason("merge" if inquiry.fate == "merged" else "withdraw")
            stage.put(stage.office_day(20), name, coordinator, inquiry, reason)
            return
        self._approved.append(inquiry.project)
        self.approved(inquiry)
        wait = max(40, (inquiry.due_on - stage.today).days)
        if inquiry.fate == "slow":
            stage.put(stage.office_day(wait), "project.extend", coordinator, inquiry)
            wait += 60
        day = stage.desk_day(inquiry.desk.number, wait - stage.between(5, 40))
        stage.put(day, "project.report", inquiry.researcher, inquiry, inquiry.theme.subject)

    def merge(self, actor: Person, inquiries: Sequence[Inquiry], reason: Hashable) -> None:
        going = (p for p in load(Project, self._approved) if p.record.state == "approved")
        target = next(going)
        merge_projects(
            projects=self._ready(inquiries, "approved"),
            into=target,
            actor=actor,
            now=self.stage.now,
            reason=str(reason),
        )

    def withdraw(self, actor: Person, inquiries: Sequence[Inquiry], reason: Hashable) -> None:
        withdraw_projects(
            projects=self._ready(inquiries, "approved"),
            actor=actor,
            now=self.stage.now,
            reason=str(reason),
        )

    def extend(self, actor: Person, inquiries: Sequence[Inquiry], _key: Hashable) -> None:
        stage = self.stage
        ready = self._ready(inquiries, "approved")
        if ready:
            latest = max(p.record.due_on or stage.today for p in ready)
            extend_projects(
                projects=ready,
                due_on=stage.working_day(latest + datetime.timedelta(45)),
                actor=actor,
                now=stage.now,
                reason=stage.pen.reason("extend"),
            )

    def report(self, actor: Person, inquiries: Sequence[Inquiry], _key: Hashable) -> None:
        stage, pen = self.stage, self.stage.pen
        ready = self._ready(inquiries, "approved", "report_returned")
        inquiry = inquiries[0]
        report_projects(
            projects=ready,
            actor=actor,
            now=stage.now,
            report=pen.line(pen.words.report, inquiry.theme, count=max(1, inquiry.visited)),
        )
        coordinator = stage.cast.coordinators[0]
        for project in ready:
            inquiry = self.inquiries[project.pk]
            wait = stage.between(8, 30)
            if project.pk not in self._returned and stage.chance(8):
                self._returned.add(project.pk)
                reason = pen.reason("return_report")
                stage.put(
                    stage.office_day(3), "project.return_report", coordinator, inquiry, reason
                )
                continue
            if inquiry.fate == "done":
                stage.put(stage.office_day(wait), "project.convert", coordinator, inquiry)

    def return_report(self, actor: Person, inquiries: Sequence[Inquiry], reason: Hashable) -> None:
        stage = self.stage
        ready = self._ready(inquiries, "reported")
        return_reports(projects=ready, actor=actor, now=stage.now, reason=str(reason))
        for project in ready:
            inquiry = self.inquiries[project.pk]
            day = stage.desk_day(inquiry.desk.number, 5)
            key = inquiry.theme.subject
            stage.put(day, "project.report", inquiry.researcher, inquiry, key)

    def convert(self, actor: Person, inquiries: Sequence[Inquiry], _key: Hashable) -> None:
        """Convert what is settled; of half of the rest, decide on what nothing took up."""
        stage = self.stage
        ready = self._ready(inquiries, "reported")
        transition = PROJECT.transition("convert")

        def refused(projects: Sequence[Project]) -> dict[int, Any]:
            return refusals_of(projects, transition, person=actor, on=stage.today)

        open_ = refused(ready)
        settling = [self.inquiries[pk] for pk in open_ if stage.chance(60)]
        ids = [finding for inquiry in settling for finding in inquiry.findings]
        taken_up = Link.objects.filter(source__in=ids, kind=LinkKind.TAKEN_UP).values("source")
        loose = Record.objects.filter(pk__in=ids, state="accepted").exclude(pk__in=taken_up)
        undecided = loose.filter(finding__no_action_on=None).values_list("pk", flat=True)
        accepted = load(Finding, undecided)
        decide_no_action(
            findings=accepted,
            actor=actor,
            now=stage.now,
            reason=stage.pen.reason("no_action_finding"),
        )
        still = refused(ready)
        convert_projects(
            projects=[p for p in ready if p.pk not in still], actor=actor, now=stage.now
        )
        for project in ready:
            inquiry = self.inquiries[project.pk]
            if project.pk in still:
                stage.put(stage.office_day(25), "project.convert", actor, inquiry)
            elif stage.chance(75):
                stage.put(stage.office_day(10), "project.complete", actor, inquiry)

    def complete(self, actor: Person, inquiries: Sequence[Inquiry], _key: Hashable) -> None:
        complete_projects(
            projects=self._ready(inquiries, "converted"), actor=actor, now=self.stage.now
        )


def _and_next(first: Any, among: Sequence[Any], number: int) -> list[Any]:
    """Return one sector or place, of some projects with the next one or two after it."""
    if first is None:
        return []
    more = 2 if number % 12 == 7 else 1 if number % 4 == 1 else 0
    at = among.index(first) if first in among else -1
    return list(dict.fromkeys([first, *(among[(at + n + 1) % len(among)] for n in range(more))]))
