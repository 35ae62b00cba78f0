"""Development in the demonstration: the indicators of the eight areas and their values."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guantong.demonstration.building.cast import Desk
from guantong.demonstration.building.stage import Stage, load
from guantong.development.models import Indicator, Observation
from guantong.development.operations import (
    IndicatorDraft,
    ObservationDraft,
    activate_indicators,
    draft_indicators,
    reject_observations,
    report_observations,
    retire_indicators,
    revise_indicators,
    validate_observations,
)
from guantong.development.rules import UP
from guantong.people.models import Person
from guantong.units.models import UnitKind

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Course:
    """How one indicator fares: which share of its way it has gone at the end of its path."""

    indicator: int
    desk: Desk
    first: datetime.date
    last: datetime.date
    baseline: Decimal
    target: Decimal
    pace: Decimal
    is_projected: bool

    def value_on(self, day: datetime.date, noise: Decimal) -> Decimal:
        way = Decimal((day - self.first).days) / Decimal((self.last - self.first).days)
        gone = (self.target - self.baseline) * (way * self.pace + noise)
        return (self.baseline + gone).quantize(CENT)


class Development:
    """Drafts and activates the indicators; each month their values come in and are validated."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.indicators: dict[int, list[int]] = {}
        self.courses: list[Course] = []
        stage.step("development.report", self.report)
        stage.step("development.validate", self.validate)
        stage.step("development.reject", self.reject)
        stage.step("development.revise", self.revise)
        stage.step("development.retire", self.retire)

    def prepare(self) -> None:
        stage, cast = self.stage, self.stage.cast
        coordinator = cast.coordinators[0]
        first = stage.first - datetime.timedelta(90)
        last = stage.first + datetime.timedelta(275)
        desks = cast.desks_of(UnitKind.DEPARTMENT)
        drafts, places = [], []
        for number, area in enumerate(stage.pen.words.areas):
            for turn, (name, measure, direction, baseline, target) in enumerate(area.indicators):
                desk = desks[(number + turn) % len(desks)]
                low, high = Decimal(baseline), Decimal(target)
                middle = stage.first + datetime.timedelta(90)
                drafts.append(
                    IndicatorDraft(
                        campaign=stage.campaign,
                        unit=desk.unit,
                        title=name,
                        area=stage.areas[number],
                        owner=desk.owners[turn % len(desk.owners)],
                        definition=f"{name}（{measure}）" if direction == UP else name,
                        unit_of_measure=measure,
                        direction=direction,
                        baseline_value=low,
                        baseline_on=first,
                        target_value=high,
                        target_on=last,
                        # Some paths start slowly.
                        milestones={middle: low + (high - low) * Decimal("0.4")}
                        if turn == 1
                        else None,
                    )
                )
                places.append((number, turn, desk, low, high))
        indicators = draft_indicators(drafts=drafts, actor=coordinator, now=stage.now)
        # One stays a draft: not everything is agreed.
        active = indicators[:-1]
        activate_indicators(indicators=active, actor=coordinator, now=stage.now)
        for indicator, (number, _turn, desk, low, high) in zip(active, places, strict=False):
            self.indicators.setdefault(number, []).append(indicator.pk)
            pace = Decimal(str(stage.one_of([1.15, 1.1, 1.05, 1.2, 0.7, 0.55])))
            is_projected = len(self.courses) % 3 == 0
            course = Course(indicator.pk, desk, first, last, low, high, pace, is_projected)
            self.courses.append(course)
            for month in range(1, 7):
                day = stage.desk_day(desk.number, 28 * month - 14)
                stage.put(day, "development.report", desk.liaison, (course, month))
        stage.put(stage.office_day(80), "development.revise", coordinator, indicators[1].pk)
        stage.put(stage.office_day(150), "development.retire", coordinator, indicators[-2].pk)

    def report(self, actor: Person, rows: Sequence[tuple[Course, int]], _key: Hashable) -> None:
        stage = self.stage
        indicators = {i.pk: i for i in load(Indicator, {course.indicator for course, _m in rows})}
        drafts = []
        for course, month in rows:
            indicator = indicators[course.indicator]
            if indicator.record.state == "retired":
                continue
            noise = Decimal(stage.between(-3, 3)) / 100
            drafts.append(
                ObservationDraft(indicator, course.value_on(stage.today, noise), stage.today)
            )
            if month == 3 and course.is_projected:
                drafts.append(
                    ObservationDraft(
                        indicator,
                        course.value_on(course.last, noise),
                        course.last,
                        is_projection=True,
                    )
                )
        if not drafts:
            return
        second = stage.cast.coordinators[1]
        for observation in report_observations(drafts=drafts, actor=actor, now=stage.now):
            if stage.chance(4):
                stage.put(stage.office_day(2), "development.reject", second, observation.pk)
            elif not stage.chance(3):
                stage.put(stage.office_day(2), "development.validate", second, observation.pk)

    def validate(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        validate_observations(observations=load(Observation, ids), actor=actor, now=self.stage.now)

    def reject(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        """What was rejected comes back corrected."""
        stage = self.stage
        rejected = load(Observation, ids)
        reject_observations(
            observations=rejected,
            actor=actor,
            now=stage.now,
            reason=stage.pen.reason("reject_observation"),
        )
        by_indicator = {course.indicator: course for course in self.courses}
        for old in rejected:
            course = by_indicator[old.indicator_id]
            corrected = report_observations(
                drafts=[
                    ObservationDraft(
                        load(Indicator, [old.indicator_id])[0],
                        course.value_on(old.observed_on, Decimal(0)),
                        old.observed_on,
                        is_projection=old.is_projection,
                        corrects=old,
                    )
                ],
                actor=course.desk.liaison,
                now=stage.now,
            )[0]
            stage.put(stage.office_day(3), "development.validate", actor, corrected.pk)

    def revise(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        indicators = load(Indicator, ids)
        for indicator in indicators:
            way = indicator.target_value - indicator.baseline_value
            revise_indicators(
                indicators=[indicator],
                actor=actor,
                now=self.stage.now,
                reason=self.stage.pen.reason("revise_indicator"),
                target_value=(indicator.target_value + way / 10).quantize(CENT),
            )

    def retire(self, actor: Person, ids: Sequence[int], _key: Hashable) -> None:
        retire_indicators(indicators=load(Indicator, ids), actor=actor, now=self.stage.now)
