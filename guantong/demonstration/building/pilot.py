"""The campaign before the present one: it was run, and closed with problems still open."""

from __future__ import annotations

import datetime
import random
from collections.abc import Hashable, Sequence
from dataclasses import replace

from guantong.campaigns.models import Campaign
from guantong.campaigns.operations import AreaDraft, close_campaign, open_campaign, set_areas
from guantong.demonstration.building.cast import Cast
from guantong.demonstration.building.inspection import Inspection
from guantong.demonstration.building.papers import Papers
from guantong.demonstration.building.pen import Pen
from guantong.demonstration.building.rectification import Rectification
from guantong.demonstration.building.remedies import Remedies
from guantong.demonstration.building.stage import Stage, load, moment
from guantong.demonstration.sizes import Size
from guantong.demonstration.words.around import AroundWords
from guantong.people.models import Person
from guantong.rectification.models import Problem
from guantong.rectification.operations import carry_forward
from guantong.rectification.queries import measures_of
from guantong.rectification.rules import PROBLEM

# A pilot is small, however large the campaign after it; its desks and its office sit often.
DAYS, PROBLEMS, MEASURES, PACE, OFFICE_PACE = 112, 16, 26, 14, 5


class Pilot:
    """Sixteen problems on the same ways as later, among the same people."""

    def __init__(
        self, *, pen: Pen, size: Size, cast: Cast, dice: random.Random, seed: str,
        first: datetime.date, words: AroundWords,
    ) -> None:  # fmt: skip
        self.words = words
        self.campaign = _open(pen, cast, first, words)
        self.stage = Stage(
            campaign=self.campaign,
            cast=cast,
            pen=pen,
            size=replace(
                size, problems=PROBLEMS, measures=MEASURES, pace=PACE, office_pace=OFFICE_PACE
            ),
            dice=dice,
            seed=f"{seed}-pilot",
            last=first + datetime.timedelta(DAYS),
            areas=list(self.campaign.areas.all()),
        )
        papers = Papers(self.stage)
        self.rectification = Rectification(
            self.stage, papers, may_take_up=lambda desk, problem: None, sectors=[None]
        )
        remedies = Remedies(self.stage, papers, self.rectification, indicators={})
        Inspection(self.stage, self.rectification, remedies)

    def run(self) -> None:
        """Let its days pass, and close it on the last of them; the campaign's luck is untouched."""
        stage = self.stage
        luck = stage.dice.getstate()
        stage.dice.seed(stage.seed)
        self.rectification.prepare(PROBLEMS)
        stage.run(lambda share: None)
        stage.dice.setstate(luck)
        close_campaign(
            campaign=self.campaign,
            actor=stage.cast.coordinators[0],
            now=stage.now,
            reason=self.words.pilot_closed,
        )


def _open(pen: Pen, cast: Cast, first: datetime.date, words: AroundWords) -> Campaign:
    now = moment(first)
    campaign = open_campaign(
        code="pilot",
        name=words.pilot,
        word=pen.words.campaign_word,
        unit=cast.ministry,
        starts_on=first,
        ends_on=first + datetime.timedelta(DAYS),
        goals=pen.words.goals,
        is_demonstration=True,
        actor=None,
        now=now,
    )
    goals = list(campaign.goals.all())
    drafts = [
        AreaDraft(
            area.code,
            area.name,
            goal=goals[number % len(goals)],
            unit=cast.desks[number % len(cast.desks)].unit,
        )
        for number, area in enumerate(pen.words.areas)
    ]
    set_areas(campaign=campaign, drafts=drafts, actor=None, now=now)
    return campaign


class CarriedForward:
    """What the pilot left open goes on in the campaign, on the way that it was on."""

    def __init__(self, stage: Stage, pilot: Pilot, rectification: Rectification) -> None:
        self.stage, self.pilot, self.rectification = stage, pilot, rectification
        stage.step("problem.carry_forward", self.carry)

    def prepare(self) -> None:
        stage = self.stage
        stage.put(stage.office_day(1), "problem.carry_forward", stage.cast.coordinators[0], None)

    def carry(self, actor: Person, _rows: Sequence[None], _key: Hashable) -> None:
        stage, earlier = self.stage, self.pilot.rectification.cases
        was = [p for p in load(Problem, earlier) if not PROBLEM.state(p.record.state).is_final]
        now = carry_forward(problems=was, campaign=stage.campaign, actor=actor, now=stage.now)
        measures = measures_of([problem.pk for problem in now])
        for before, problem in zip(was, now, strict=True):
            # Where all of them were accepted already, nothing is left to be claimed.
            going = [m.pk for m in measures.get(problem.pk, []) if m.record.state == "approved"]
            case = replace(earlier[before.pk], problem=problem.pk, measures=going)
            self.rectification.go_on(case, problem.record.state)
