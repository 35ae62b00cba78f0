"""Each figure against a count in Python over hand-made rows, for two viewers and a past day."""

import datetime
from decimal import Decimal

import pytest

from guantong.development.models import Indicator, Observation
from guantong.development.operations import validate_observations
from guantong.development.rules import Point, expected_on
from guantong.development.tests.factories import active, drafted, reported, validated, world
from guantong.figures.registry import figure_of
from guantong.figures.scope import Scope
from guantong.records.models import Record
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
MAY = datetime.date(2023, 5, 1)
YESTERDAY = TODAY - datetime.timedelta(1)


@pytest.fixture
def full():
    w = world()
    early = datetime.date(2023, 4, 3)
    indicators = [
        active(w, title=f"I{n}", opened_on=early, **values)
        for n, values in enumerate(
            [{}, {}, {"direction": "down", "baseline_value": Decimal(60)}, {}, {}]
        )
    ]
    drafted(w)
    validated(w, indicators[0], 30, observed_on=MAY)
    validated(w, indicators[1], 30, observed_on=MAY)
    validated(w, indicators[1], 12)
    validated(w, indicators[2], 50, observed_on=MAY)
    validated(w, indicators[3], 99, is_projection=True, observed_on=TODAY.replace(year=2024))
    reported(w, indicators[4], 99)
    return w


def scope(w, viewer="coordinator", on=TODAY):
    return Scope(campaign=w.campaign, viewer=w.people[viewer], as_of=on, today=TODAY)


def by_hand(w) -> dict[bool, set[str]]:
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for indicator in Indicator.objects.all():
        values = [
            o
            for o in Observation.objects.filter(indicator=indicator).order_by("observed_on", "pk")
            if not o.is_projection and Record.objects.get(pk=o.pk).state == "validated"
        ]
        if not values or indicator.record.state != "active":
            continue
        last = values[-1]
        path = [
            Point(indicator.baseline_on, indicator.baseline_value),
            Point(indicator.target_on, indicator.target_value),
        ]
        gap = last.value - expected_on(path, last.observed_on)
        is_fine = gap >= 0 if indicator.direction == "up" else gap <= 0
        found[is_fine].add(indicator.record.title)
    return found


def titles(code, found):
    return set(figure_of(code).records(found).values_list("title", flat=True))


def test_on_and_off_their_path(full):
    expected = by_hand(full)
    assert expected == {True: {"I0", "I2"}, False: {"I1"}}
    for viewer in ("coordinator", "liaison_d1"):
        found = scope(full, viewer)
        assert titles("development.indicators_on_path", found) == expected[True]
        assert titles("development.indicators_off_path", found) == expected[False]
        share = figure_of("development.share_on_path")
        assert share.records(found).count() == 2
        assert share.denominator(found).count() == 3
    other = scope(full, "liaison_d2")
    assert titles("development.indicators_on_path", other) == set()
    assert titles("development.indicators_off_path", other) == set()


def test_a_past_day_knows_only_what_was_validated_then(full):
    # All was activated and validated today; the day before, nothing was.
    found = scope(full, on=YESTERDAY)
    assert titles("development.indicators_active", found) == set()
    assert titles("development.indicators_on_path", found) == set()
    assert figure_of("development.observations_validated").records(found).count() == 0


def test_what_is_left_out_adds_up(full):
    found = scope(full)
    all_indicators = found.of_kind("indicator").count()
    for code in ("development.indicators_on_path", "development.indicators_off_path"):
        figure = figure_of(code)
        left_out = sum(rows.count() for _label, rows in figure.excluded(found))
        assert figure.records(found).count() + left_out == all_indicators


def test_observations_validated(full):
    figure = figure_of("development.observations_validated")
    rows = figure.records(scope(full))
    assert rows.count() == 5
    path = figure.by["projection"][1]
    assert sorted(rows.values_list(path, flat=True)) == [False] * 4 + [True]
    waiting = Observation.objects.get(record__state="reported")
    validate_observations(observations=[waiting], actor=full.people["head_d1"], now=NOW)
    assert figure.records(scope(full)).count() == 6
