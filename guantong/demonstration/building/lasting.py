"""Revisits in the demonstration: set down, assigned, made by every means, and concluded."""

from __future__ import annotations

import datetime
import random
from collections.abc import Collection, Hashable, Mapping, Sequence

from guantong.demonstration.building.rectification import Rectification
from guantong.demonstration.building.stage import Stage, load
from guantong.demonstration.words.afterwards import AfterWords
from guantong.industry.models import Site
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.queries import doers
from guantong.rectification.models import Means, Problem, Revisit
from guantong.rectification.operations import (
    assign_revisits,
    make_revisits,
    order_revisits,
    plan_revisit_visits,
    raise_revisits,
    recur_revisits,
    replace_revisit_inspectors,
    sustain_revisits,
)
from guantong.visits.models import Visit
from guantong.visits.operations import make_visits, write_up_visits

MEANS = (Means.VISIT, Means.TELEPHONE, Means.DOCUMENT, Means.DATA)
EVERY = 14


class Lasting:
    """Looks, some time after closing, whether what was put right lasts.

    It has dice of its own, so that nothing else in the demonstration depends on it.
    """

    def __init__(
        self,
        stage: Stage,
        words: AfterWords,
        rectification: Rectification,
        sites: Sequence[Site],
    ) -> None:
        self.stage, self.words, self.rectification = stage, words, rectification
        self.sites = sites
        self.dice = random.Random(f"lasting {stage.first}")
        self.made = 0
        self.recurred = False
        stage.step("revisit.raise", self.set_down)
        stage.step("revisit.order", self.order)
        stage.step("revisit.assign", self.assign)
        stage.step("revisit.replace", self.replace)
        stage.step("revisit.visit", self.visit)
        stage.step("revisit.make", self.make)
        stage.step("revisit.conclude", self.conclude)

    def prepare(self) -> None:
        """Every fortnight revisits are set down, and once the coordinator orders one more."""
        stage, coordinator = self.stage, self.stage.cast.coordinators[0]
        for days in range(46, stage.size.days + 1, EVERY):
            day = stage.working_day(stage.first + datetime.timedelta(days))
            stage.put(day, "revisit.raise", coordinator, None)
        day = stage.working_day(stage.first + datetime.timedelta(stage.size.days - 30))
        stage.put(day, "revisit.order", coordinator, None)

    def set_down(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        stage = self.stage
        raised = raise_revisits(campaign=stage.campaign, now=stage.now, seed="demonstration")
        self._to_assign(raised.revisits)

    def order(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        closed = Record.objects.filter(kind="problem", state="closed", campaign=self.stage.campaign)
        problem = closed.exclude(outbound__kind="revisited_by").order_by("pk").first()
        if problem is not None:
            problems = load(Problem, [problem.pk])
            now, reason = self.stage.now, self.words.complaint
            self._to_assign(order_revisits(problems=problems, actor=actor, now=now, reason=reason))

    def _to_assign(self, revisits: Sequence[Revisit]) -> None:
        stage, coordinator = self.stage, self.stage.cast.coordinators[0]
        involved = self._involved(revisits)
        for revisit in revisits:
            free = self._free(involved[revisit.pk])
            if free and self.dice.random() < 0.9:
                number = stage.cast.inspectors.index(free[self.dice.randrange(len(free))])
                stage.put(stage.office_day(1), "revisit.assign", coordinator, revisit.pk, number)

    def _involved(self, revisits: Sequence[Revisit]) -> Mapping[int, Collection[int]]:
        """Who had a hand in what is revisited (rule 1)."""
        return doers([revisit.record for revisit in revisits], self.stage.today)

    def _free(self, involved: Collection[int]) -> list[Person]:
        return [one for one in self.stage.cast.inspectors if one.pk not in involved]

    def assign(self, actor: Person, ids: Sequence[int], number: Hashable) -> None:
        stage = self.stage
        inspectors = stage.cast.inspectors
        inspector = inspectors[int(str(number))]
        revisits = load(Revisit, ids)
        assign_revisits(revisits=revisits, inspector=inspector, actor=actor, now=stage.now)
        for revisit in revisits:
            means = MEANS[self.made % len(MEANS)]
            self.made += 1
            going = inspector
            others = []
            if self.made % 9 == 4:
                free = self._free(self._involved([revisit])[revisit.pk])
                others = [one for one in free if one != inspector]
            if others:
                going = others[0]
                stage.put(stage.today, "revisit.replace", actor, revisit.pk, going.pk)
            name = "revisit.visit" if means == Means.VISIT else "revisit.make"
            day = stage.working_day(stage.today + datetime.timedelta(self.dice.randint(4, 24)))
            stage.put(day, name, going, revisit.pk, means.value)

    def replace(self, actor: Person, ids: Sequence[int], other: Hashable) -> None:
        replace_revisit_inspectors(
            revisits=load(Revisit, ids),
            inspector=next(p for p in self.stage.cast.inspectors if p.pk == other),
            actor=actor,
            now=self.stage.now,
            reason=self.words.away,
        )

    def visit(self, actor: Person, ids: Sequence[int], _means: Hashable) -> None:
        """The inspector goes there; where the site is crowded, a telephone call has to do."""
        stage = self.stage
        for revisit in load(Revisit, ids):
            [visit] = plan_revisit_visits(
                revisits=[revisit],
                site=self.sites[self.dice.randrange(len(self.sites))],
                starts_on=stage.today,
                purpose=self.words.visit_purpose,
                is_unannounced=self.made % 3 == 0,
                actor=actor,
                now=stage.now,
            )
            [visit] = load(Visit, [visit.pk])
            means = Means.TELEPHONE
            if visit.record.state == "cleared":
                make_visits(visits=[visit], actor=actor, now=stage.now, made_on=stage.today)
                notes = self.words.lasting[0]
                visits = load(Visit, [visit.pk])
                write_up_visits(visits=visits, actor=actor, now=stage.now, notes=notes)
                means = Means.VISIT
            stage.put(stage.today, "revisit.make", actor, revisit.pk, means.value)

    def make(self, actor: Person, ids: Sequence[int], means: Hashable) -> None:
        stage = self.stage
        for revisit in load(Revisit, ids):
            # The first one has come back, however small the campaign.
            comes_back = not self.recurred or self.dice.random() < 0.12
            said = self.words.back if comes_back else self.words.lasting
            make_revisits(
                revisits=[revisit],
                means=str(means),
                found=said[self.dice.randrange(len(said))],
                actor=actor,
                now=stage.now,
            )
            if comes_back or self.dice.random() < 0.85:
                self.recurred = self.recurred or comes_back
                day = stage.working_day(stage.today + datetime.timedelta(2))
                stage.put(day, "revisit.conclude", actor, revisit.pk, comes_back)

    def conclude(self, actor: Person, ids: Sequence[int], comes_back: Hashable) -> None:
        stage = self.stage
        revisits = load(Revisit, ids)
        if comes_back:
            reason = self.words.back[0]
            recur_revisits(revisits=revisits, actor=actor, now=stage.now, reason=reason)
            for revisit in revisits:
                case = self.rectification.cases.get(revisit.closure.record_id)
                if case is not None:
                    self.rectification.answer(case)
        else:
            closed = [r for r in revisits if r.closure.record.state == "closed"]
            sustain_revisits(revisits=closed, actor=actor, now=stage.now)
