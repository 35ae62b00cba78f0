"""Reads over indicators: their target paths, and where they stand against them."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from guantong.development.models import Indicator, Milestone, Observation
from guantong.development.rules import VALIDATED, Point, expected_on, is_on_path
from guantong.records.models import StatePeriod


def path_points(indicators: Iterable[Indicator]) -> dict[int, list[Point]]:
    """Return the points of each indicator's target path; none where baseline or target lacks."""
    paths: dict[int, list[Point]] = {}
    for indicator in indicators:
        baseline, target = indicator.baseline_value, indicator.target_value
        if (
            baseline is None
            or target is None
            or indicator.baseline_on is None
            or indicator.target_on is None
        ):
            paths[indicator.pk] = []
        else:
            paths[indicator.pk] = [
                Point(indicator.baseline_on, baseline),
                Point(indicator.target_on, target),
            ]
    for milestone in Milestone.objects.filter(indicator__in=list(paths)):
        if paths[milestone.indicator_id]:
            paths[milestone.indicator_id].append(Point(milestone.day, milestone.value))
    return paths


def latest_observations(indicator_ids: Iterable[int], on: datetime.date) -> dict[int, Observation]:
    """Return each indicator's latest value as it was known at the end of `on`.

    Only what had been validated by then and is no projection; of a day's several values the one
    entered last, which is the correction.
    """
    validated = StatePeriod.objects.on(on).filter(state=VALIDATED)
    rows = Observation.objects.filter(
        indicator__in=list(indicator_ids),
        is_projection=False,
        observed_on__lte=on,
        record__in=validated.values("record"),
    ).order_by("indicator", "observed_on", "pk")
    return {row.indicator_id: row for row in rows}


@dataclass(frozen=True)
class Standing:
    """Where an indicator stands against its path on the day of its latest value."""

    observation: Observation
    expected: Decimal
    is_on_path: bool


def standings_against_path(
    indicators: Sequence[Indicator], on: datetime.date
) -> Mapping[int, Standing]:
    """Return the standing of each indicator that has both a path and a value by `on`."""
    paths = path_points(indicators)
    latest = latest_observations(paths, on)
    found = {}
    for indicator in indicators:
        observation = latest.get(indicator.pk)
        if observation is None:
            continue
        expected = expected_on(paths[indicator.pk], observation.observed_on)
        if expected is not None:
            found[indicator.pk] = Standing(
                observation,
                expected,
                is_on_path(indicator.direction, observation.value, expected),
            )
    return found


def series_of(
    indicator_ids: Iterable[int], on: datetime.date
) -> dict[int, tuple[list[Point], list[Point]]]:
    """Return each indicator's validated values and its projections, by day, as known on `on`."""
    validated = StatePeriod.objects.on(on).filter(state=VALIDATED)
    rows = Observation.objects.filter(
        indicator__in=list(indicator_ids), record__in=validated.values("record")
    ).order_by("observed_on", "pk")
    values: dict[int, dict[datetime.date, Decimal]] = defaultdict(dict)
    projections: dict[int, dict[datetime.date, Decimal]] = defaultdict(dict)
    for row in rows:
        there = projections if row.is_projection else values
        there[row.indicator_id][row.observed_on] = row.value
    return {
        indicator_id: (
            [Point(day, value) for day, value in values[indicator_id].items()],
            [Point(day, value) for day, value in projections[indicator_id].items()],
        )
        for indicator_id in {*values, *projections}
    }
