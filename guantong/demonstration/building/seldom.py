"""What seldom happens: a problem changes hands, a list is written anew, a page goes to a site."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Sequence

from guantong.demonstration.building.stage import Stage, load
from guantong.industry.models import Site
from guantong.overview.operations import give_page
from guantong.people.models import Person
from guantong.records.models import Record, RecordQuerySet
from guantong.records.operations import refer_to
from guantong.rectification.models import ChecklistItem, Inspection, Problem
from guantong.rectification.operations import reassign_problems, write_checklists
from guantong.visits.models import Visit
from guantong.visits.operations import VisitDraft, clear_visits_over_limits, plan_visits


class Seldom:
    """Each once, on the last day and after all other steps, so that nothing else depends on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        stage.step("seldom.reassign", self.reassign)
        stage.step("seldom.checklist", self.write_checklist)
        stage.step("seldom.page", self.give_page)
        stage.step("seldom.refer", self.refer)
        stage.step("seldom.visit", self.visit)
        stage.step("seldom.crowd", self.crowd)

    def prepare(self) -> None:
        coordinator = self.stage.cast.coordinators[0]
        for step in ("reassign", "checklist", "page", "refer", "visit", "crowd"):
            self.stage.put(self.stage.last, f"seldom.{step}", coordinator, None)

    def reassign(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """A problem goes over to another unit, and somebody there answers for it."""
        stage = self.stage
        desk = stage.cast.desks[0]
        others = self._records("problem", "assigned").exclude(unit__in=desk.units)
        reassign_problems(
            problems=load(Problem, others.values_list("pk", flat=True)[:1]),
            unit=desk.unit,
            owner=desk.owners[0],
            reason=stage.pen.reason("reassign"),
            actor=actor,
            now=stage.now,
        )

    def write_checklist(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """What an inspection still to come looks at is written as an earlier one looked at it."""
        stage = self.stage
        made = ChecklistItem.objects.exclude(result="").order_by("pk").first()
        waiting = self._records("inspection", "planned")
        planned = load(Inspection, waiting.values_list("pk", flat=True)[:1])
        if made is not None and planned:
            [like] = load(Inspection, [made.record_id])
            write_checklists(inspections=planned, items=(), like=like, actor=actor, now=stage.now)

    def give_page(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """A visited site is given the page that says what became of what was found there."""
        stage = self.stage
        visited = Site.objects.filter(
            visits__record__outbound__kind="raised",
            visits__record__outbound__target__state="accepted",
        )
        site = visited.order_by("pk").first()
        if site is not None:
            until = stage.last + datetime.timedelta(180)
            give_page(site=site, campaign=stage.campaign, until=until, actor=actor, now=stage.now)

    def refer(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """Two problems of one area are put beside one another."""
        problems = self._records("problem", "planned")
        first = problems.exclude(area=None).first()
        other = problems.filter(area=first.area).exclude(pk=first.pk).first() if first else None
        if first is not None and other is not None:
            refer_to(record=first, other=other, actor=actor, now=self.stage.now)

    def visit(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """An inspection that is planned looks at a site; its inspector goes."""
        stage = self.stage
        inspector = stage.cast.inspectors[0]
        inspection = self._records("inspection", "planned").first()
        site = Site.objects.filter(visits=None).order_by("pk").first() or Site.objects.first()
        if inspection is not None and site is not None:
            day = stage.working_day(stage.last + datetime.timedelta(6))
            draft = VisitDraft(
                campaign=stage.campaign,
                unit=inspection.unit,
                title=inspection.title,
                site=site,
                occasion=inspection,
                starts_on=day,
                team=[inspector],
            )
            plan_visits(drafts=[draft], actor=actor, now=stage.now)

    def crowd(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        """For the same inspection another team must go there on that day, and is let."""
        stage = self.stage
        planner, inspector = stage.cast.coordinators[1], stage.cast.inspectors[1]
        visits = Visit.objects.filter(record__campaign=stage.campaign, starts_on__gt=stage.today)
        first = visits.filter(record__inbound__source__kind="inspection").order_by("pk").last()
        inspection = self._records("inspection", "planned").first()
        if first is None or inspection is None:
            return
        draft = VisitDraft(
            campaign=stage.campaign,
            unit=inspection.unit,
            title=inspection.title,
            site=first.site,
            occasion=inspection,
            starts_on=first.starts_on,
            team=[inspector],
        )
        waiting = plan_visits(drafts=[draft], actor=planner, now=stage.now)
        reason = stage.pen.reason("clear_visit")
        clear_visits_over_limits(visits=waiting, actor=actor, now=stage.now, reason=reason)

    def _records(self, kind: str, state: str) -> RecordQuerySet:
        found = Record.objects.filter(campaign=self.stage.campaign, kind=kind, state=state)
        return found.order_by("pk")
