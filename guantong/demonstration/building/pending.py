"""What still waits on the last day: a record for steps that else have all been taken."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Sequence
from typing import Any

from guantong.demonstration.building.stage import Stage, load
from guantong.demonstration.words import OversightWords
from guantong.industry.models import Site
from guantong.people.models import Person
from guantong.records.models import Record, RecordQuerySet
from guantong.rectification.models import Inspection, InspectionKind, Result, Stance
from guantong.rectification.operations import (
    InspectionDraft,
    Seen,
    feed_back_inspections,
    make_inspections,
    plan_inspections,
    reply_to_inspections,
)
from guantong.rectification.queries import checklists_of
from guantong.research.models import Finding, Project
from guantong.research.operations import return_projects
from guantong.research.operations.findings import return_findings
from guantong.visits.models import Visit
from guantong.visits.operations import VisitDraft, plan_visits

LOOKED_AT = 3


class Pending:
    """Each once, on the last day and after all other steps, so that nothing else depends on it."""

    def __init__(self, stage: Stage, words: OversightWords) -> None:
        self.stage, self.words = stage, words
        stage.step("pending.crowd", self.crowd)
        stage.step("pending.go", self.go)
        stage.step("pending.repeat", self.repeat)
        stage.step("pending.return", self.send_back)
        stage.step("pending.inspect", self.inspect)

    def prepare(self) -> None:
        stage, cast = self.stage, self.stage.cast
        for step in ("crowd", "go"):
            stage.put(stage.last, f"pending.{step}", cast.desks[1].researchers[0], None)
        stage.put(stage.last, "pending.repeat", cast.coordinators[0], None)
        stage.put(stage.last, "pending.return", cast.coordinators[1], None)
        stage.put(stage.last, "pending.inspect", cast.coordinators[0], None)

    def crowd(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """Somebody wants to go where others go on that day: the coordinator has yet to decide."""
        cleared = Visit.objects.filter(record__in=self._records("visit", "cleared").values("pk"))
        ahead = cleared.filter(starts_on__gt=self.stage.today, record__is_hidden=False)
        there = ahead.order_by("pk").last()
        if there is not None:
            self._plan(actor, there.site, there.starts_on)

    def go(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """Somebody is on the way today, to where nobody else goes."""
        site = Site.objects.filter(visits=None).order_by("pk").last()
        if site is not None:
            self._plan(actor, site, self.stage.today)

    def repeat(self, _actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """Who went to a site in vain wants to go there again, and hasn't said why as yet."""
        written = Visit.objects.filter(record__in=self._records("visit", "written_up").values("pk"))
        before = written.exclude(explanation="").order_by("starts_on", "pk").last()
        if before is not None and before.record.owner is not None:
            later = self.stage.last + datetime.timedelta(9)
            self._plan(before.record.owner, before.site, self.stage.working_day(later))

    def _plan(self, actor: Person, site: Site, day: datetime.date) -> None:
        stage, pen = self.stage, self.stage.pen
        open_ones = self._records("project", "approved", "report_returned")
        occasion = open_ones.first() or self._records("inspection", "planned").first()
        desk = next((one for one in stage.cast.desks if actor in one.researchers), None)
        if occasion is None or desk is None:
            return
        theme = pen.theme(place=site.place.name if site.place else "")
        draft = VisitDraft(
            campaign=stage.campaign,
            unit=desk.unit,
            title=pen.line(pen.words.visit_title, theme, site=site.name),
            site=site,
            occasion=occasion,
            starts_on=day,
            purpose=pen.line(pen.words.visit_purpose, theme),
            team=[actor],
            area=stage.areas[theme.area],
        )
        plan_visits(drafts=[draft], actor=actor, now=stage.now)

    def send_back(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """A finding and a proposal go back to who made them, who haven't mended them as yet."""
        stage = self.stage
        common: dict[str, Any] = {"actor": actor, "now": stage.now}
        for kind, state, model in (("project", "proposed", Project), ("finding", "draft", Finding)):
            waiting = load(model, self._records(kind, state).values_list("pk", flat=True))
            # One at least goes on waiting for the verdict.
            sent, reason = waiting[1:][-1:], stage.pen.reason(f"return_{kind}")
            if kind == "project":
                return_projects(projects=sent, reason=reason, **common)
            else:
                return_findings(findings=sent, reason=reason, **common)

    def inspect(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """One inspection brought what is no problem as yet; one waits for the reply; one has it."""
        words, cast = self.words, self.stage.cast
        made = self._inspect(InspectionKind.SPOT_CHECK, actor, Result.NOT_MET)
        told = self._inspect(InspectionKind.INSPECTION, actor, Result.MET)
        answered = self._inspect(InspectionKind.GUIDANCE_FEEDBACK, actor, Result.MET)
        asked: dict[str, Any] = {"actor": cast.inspectors[0], "now": self.stage.now}
        several = [made, told, answered]
        make_inspections(
            inspections=[one for one, _found in several],
            results={pk: seen for _one, found in several for pk, seen in found.items()},
            **asked,
        )
        feed_back_inspections(
            inspections=[told[0], answered[0]], feedback=words.feedback[0], **asked
        )
        reply_to_inspections(
            inspections=[answered[0]],
            stance=Stance.REPLY.value,
            text=words.replies[0],
            actor=cast.desks[1].head,
            now=self.stage.now,
        )

    def _inspect(
        self, kind: InspectionKind, actor: Person, found: Result
    ) -> tuple[Inspection, dict[int, Seen]]:
        """Plan one, and say what is to be found: `found` of the first item, the rest being met."""
        stage, words = self.stage, self.words
        unit = stage.cast.desks[1].unit
        draft = InspectionDraft(
            campaign=stage.campaign,
            unit=unit,
            title=words.titles[kind].format(unit=unit.name),
            inspection_kind=kind,
            purpose=words.purpose,
            planned_on=stage.today,
            items=words.checklist[:LOOKED_AT],
            inspectors=[stage.cast.inspectors[0]],
        )
        [inspection] = plan_inspections(drafts=[draft], actor=actor, now=stage.now)
        first, *others = checklists_of([inspection.pk])[inspection.pk]
        results = {item.pk: Seen(Result.MET.value, words.met[0]) for item in others}
        said = words.unmet if found == Result.NOT_MET else words.met
        return inspection, {**results, first.pk: Seen(found.value, said[-1])}

    def _records(self, kind: str, *states: str) -> RecordQuerySet:
        found = Record.objects.filter(campaign=self.stage.campaign, kind=kind, state__in=states)
        return found.select_related("unit", "campaign").order_by("pk")
