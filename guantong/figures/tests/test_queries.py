"""Values, breakdowns, trends and reasons, against counts made by hand over study sessions."""

import datetime
from dataclasses import replace

import pytest
from django.utils import translation

from guantong.campaigns.models import Format
from guantong.figures.queries import (
    UnknownKey,
    break_down,
    dimensions_of,
    rows_of,
    say,
    trend_of,
    value_of,
    why,
)
from guantong.figures.registry import MEDIAN, Figure, Scope, figure_of, figures
from guantong.records.models import Record
from guantong.study.tests.factories import held, planned, world
from guantong.units.operations import move_unit
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(1)
LATER = NOW + 20 * DAY
MAY = datetime.date(2023, 5, 10)


@pytest.fixture
def campaign():
    """Six held sessions: two in D1, one in O1 beneath it, two in D2, one of M; one only planned."""
    w = world()
    held(w, "D1", on=MAY)
    held(w, "D1", on=MAY + 5 * DAY, format=Format.SYMPOSIUM)
    held(w, "O1", on=MAY + 5 * DAY)
    held(w, "D2", on=MAY + 9 * DAY, format=Format.STUDY_GROUP)
    held(w, "D2", on=TODAY, is_restricted=True)
    held(w, "M", on=TODAY)
    planned(w, "U1", opened_on=MAY)
    return w


def scope_of(w, name="coordinator", **values):
    return Scope(
        **{
            "campaign": w.campaign,
            "viewer": w.people[name],
            "as_of": TODAY,
            "today": TODAY,
            **values,
        }
    )


HELD = "study.sessions_held"


@pytest.mark.parametrize(
    ("name", "count"),
    [("coordinator", 6), ("auditor", 5), ("liaison_d1", 3), ("liaison_d2", 1), ("inspector", 0)],
)
def test_a_figure_counts_what_its_viewer_may_see(campaign, name, count):
    assert value_of(figure_of(HELD), scope_of(campaign, name)).numerator == count


@pytest.mark.parametrize(
    ("days", "count"), [(-1, 0), (0, 1), (4, 1), (5, 3), (8, 3), (9, 4), (21, 4), (22, 6)]
)
def test_a_figure_counts_as_of_its_day(campaign, days, count):
    scope = scope_of(campaign, as_of=MAY + days * DAY)
    assert value_of(figure_of(HELD), scope).numerator == count


def test_the_future_can_not_be_counted(campaign):
    with pytest.raises(ValueError, match="future"):
        scope_of(campaign, as_of=TODAY + DAY)


def lines(breakdown):
    return [(line.label, line.value.numerator) for line in breakdown.lines]


def test_units_are_rolled_up_in_official_order_with_the_empty_ones(campaign):
    found = break_down(figure_of(HELD), scope_of(campaign), "unit")
    assert [(line.key, line.value.numerator) for line in found.lines] == [
        ("M", 1),
        ("D2", 2),
        ("D1", 3),
        ("U1", 0),
    ]
    assert found.adds_up
    assert found.total.numerator == 6


def test_a_unit_is_broken_down_into_what_is_beneath_it(campaign):
    scope = scope_of(campaign, unit=campaign.units["D1"])
    found = break_down(figure_of(HELD), scope, "unit")
    assert [(line.key, line.value.numerator) for line in found.lines] == [("D1", 2), ("O1", 1)]


def test_a_past_day_has_the_units_of_that_day(campaign):
    move_unit(
        unit=campaign.units["O1"],
        parent=campaign.units["D2"],
        moves_on=MAY + 15 * DAY,
        actor=None,
        now=NOW,
    )
    now = break_down(figure_of(HELD), scope_of(campaign), "unit")
    assert {line.key: line.value.numerator for line in now.lines} == {
        "M": 1,
        "D2": 3,
        "D1": 2,
        "U1": 0,
    }
    then = scope_of(campaign, as_of=MAY + 10 * DAY)
    before = break_down(figure_of(HELD), then, "unit")
    assert {line.key: line.value.numerator for line in before.lines} == {
        "D2": 1,
        "D1": 3,
        "U1": 0,
    }
    beneath = replace(then, unit=campaign.units["D1"])
    assert value_of(figure_of(HELD), beneath).numerator == 3
    assert value_of(figure_of(HELD), scope_of(campaign, unit=campaign.units["D1"])).numerator == 2


def test_choices_come_in_their_own_order(campaign):
    with translation.override("en"):
        found = break_down(figure_of(HELD), scope_of(campaign), "format")
    assert lines(found) == [
        ("Reading class", 4),
        ("Theoretical study group session", 1),
        ("Symposium", 1),
    ]


def test_what_is_not_given_has_a_line(campaign):
    found = break_down(figure_of(HELD), scope_of(campaign), "area")
    assert [(line.key, line.value.numerator) for line in found.lines] == [("-", 6)]


def test_states_are_those_of_the_day(campaign):
    everything = Figure("x.sessions", "x", "x", records=lambda scope: scope.of_kind("session"))
    then = break_down(everything, scope_of(campaign, as_of=MAY + 5 * DAY), "state")
    assert {line.key: line.value.numerator for line in then.lines} == {"planned": 1, "held": 3}


def every_line(w, scope):
    for figure in figures():
        for name in dimensions_of(figure):
            breakdown = break_down(figure, scope, name)
            yield figure, breakdown


@pytest.mark.parametrize("as_of", [TODAY, MAY + 5 * DAY])
@pytest.mark.parametrize("name", ["coordinator", "liaison_d1"])
def test_every_number_of_every_breakdown_opens_exactly_its_rows(campaign, name, as_of):
    scope = scope_of(campaign, name, as_of=as_of)
    for figure, breakdown in every_line(campaign, scope):
        for line in breakdown.lines:
            narrower = scope.within(only=line.only)
            assert value_of(figure, narrower) == line.value, (figure.code, line.only)
            assert rows_of(figure, narrower).count() == line.value.count
        if breakdown.adds_up:
            parts = sum(line.value.count for line in breakdown.lines)
            assert parts == breakdown.total.count, (figure.code, breakdown.dimension.name)


def test_keys_that_there_are_not_are_refused(campaign):
    for only in [{"format": "dance"}, {"colour": "red"}, {"unit": "Z9"}, {"area": "nowhere"}]:
        with pytest.raises(UnknownKey):
            value_of(figure_of(HELD), scope_of(campaign, only=only))


def test_several_keys_are_taken_together(campaign):
    scope = scope_of(campaign, only={"format": "symposium|study_group"})
    assert value_of(figure_of(HELD), scope).numerator == 2


def test_days_at_once_are_the_days_one_by_one(campaign, django_assert_max_num_queries):
    for code in [HELD, "study.ideas_raised", "study.contributions"]:
        figure = replace(figure_of(code), is_standing=True)
        scope = scope_of(campaign)
        with django_assert_max_num_queries(3):
            trend = trend_of(figure, scope, MAY - 3 * DAY)
        assert trend.is_every_day
        assert len(trend.points) == (TODAY - MAY).days + 4
        for day, value in trend.points:
            assert value == value_of(figure, scope.on(day))


def test_other_trends_are_sampled(campaign):
    trend = trend_of(figure_of("study.ideas_taken_up"), scope_of(campaign), TODAY - 100 * DAY)
    assert len(trend.points) == 31
    assert trend.points[0][0] == TODAY - 100 * DAY
    assert trend.points[-1][0] == TODAY
    assert not trend.is_every_day


def test_a_median_of_days_and_its_parts(campaign):
    figure = Figure(
        "x.wait",
        "x",
        "x",
        records=lambda scope: scope.standing(scope.of_kind("session"), "held"),
        shape=MEDIAN,
        of=("session__planned_on", "session__held_on"),
    )
    waits = [
        (record.session.held_on - record.session.planned_on).days
        for record in Record.objects.filter(kind="session", state="held")
    ]
    value = value_of(figure, scope_of(campaign))
    assert value.count == len(waits)
    assert float(value.amount) == sorted(waits)[2] / 2 + sorted(waits)[3] / 2
    by_unit = break_down(figure, scope_of(campaign), "unit")
    assert sum(line.value.count for line in by_unit.lines) == len(waits)


@pytest.mark.parametrize("name", ["coordinator", "liaison_d1", "inspector"])
@pytest.mark.parametrize("as_of", [TODAY, MAY + 6 * DAY])
def test_the_parts_of_a_reason_add_up(campaign, name, as_of):
    for figure in figures():
        found = why(figure, scope_of(campaign, name, as_of=as_of))
        if found.total is not None:
            assert sum(part.count for part in found.parts) == found.total, figure.code


def test_the_reason_names_what_was_left_out(campaign):
    with translation.override("en"):
        sentence = why(figure_of(HELD), scope_of(campaign)).sentence
    assert "Sessions held: 6 at the end of 1 June 2023." in sentence
    assert "Looked at: 7 (Study sessions); counted: 6." in sentence
    assert "Not counted: at “Scheduled” 1." in sentence
    assert "Only what Coordinator may see in Theme campaign is looked at." in sentence


def test_a_value_is_said_in_its_forms(campaign):
    value = value_of(figure_of(HELD), scope_of(campaign))
    with translation.override("en"):
        assert say(value) == "6"
        assert say(value, "words") == "six"
        assert say(replace(value, numerator=420), "over") == "over 400"
        assert say(replace(value, numerator=400), "over") == "400"
    with translation.override("zh-hans"):
        assert say(value, "words") == "六"
