"""A chart is defined once: its numbers are those of the figure, its texts stay texts."""

import datetime
import re
from decimal import Decimal

import pytest
from django.utils import translation

from guantong.figures.charts import (
    PAGE,
    PAPER,
    Chart,
    Point,
    bars_of,
    draw,
    line_of,
)
from guantong.figures.forms import scope_from
from guantong.figures.queries import break_down, trend_of
from guantong.figures.registry import figure_of
from guantong.figures.tests.test_queries import HELD
from guantong.study.tests.factories import held, world
from guantong.units.tests.factories import START, TODAY

BARS = Chart("Sessions", (Point("A <b>\"'", Decimal(3), "3"), Point("乙", Decimal(1), "1")))


def scope_of(w):
    return scope_from(campaign=w.campaign, viewer=w.people["coordinator"], today=TODAY)


def test_names_that_look_like_markup_stay_names():
    svg = draw(BARS, PAPER)
    assert "<b>" not in svg
    assert "&lt;b&gt;" in svg
    assert "乙" in svg
    assert 'role="img"' in svg
    assert "Sessions" in svg.split(">")[0]


def test_two_parts_of_one_name_are_two_bars():
    twice = Chart("Sessions", (Point("Office", Decimal(3), "3"), Point("Office", Decimal(1), "1")))
    # Once for each bar, and twice in the words that stand for the whole.
    assert draw(twice, PAPER).count("Office") == 4


def test_the_page_brings_its_colours_and_paper_has_its_own():
    assert "var(--thread)" in draw(BARS, PAGE)
    assert "var(" not in draw(BARS, PAPER)
    assert "style=" not in draw(BARS, PAGE), "the site's policy refuses inline styles"


def test_days_are_days_whatever_the_machines_zone(monkeypatch):
    monkeypatch.setenv("TZ", "America/New_York")
    points = tuple(
        Point(str(n), Decimal(n), str(n), datetime.date(2023, 6, 1 + n)) for n in range(8)
    )
    with translation.override("zh-hans"):
        svg = draw(Chart("逐日", points, is_line=True), PAPER)
    assert "6月1日" in svg
    assert "5月31日" not in svg


@pytest.mark.django_db
def test_a_chart_shows_what_the_figure_counts():
    w = world()
    for unit in ("D1", "D1", "D2"):
        held(w, unit, on=TODAY)
    figure = figure_of(HELD)
    scope = scope_of(w)
    bars = bars_of(break_down(figure, scope, "unit"), "Sessions")
    assert {point.label: int(point.amount) for point in bars.points if point.amount} == {
        "Alloy Department": 2,
        "Zinc Department": 1,
    }
    line = line_of(trend_of(figure, scope, START), "Sessions")
    assert int(line.points[-1].amount) == 3
    assert "3" in line.in_words
    assert line_of(trend_of(figure, scope, TODAY), "Sessions") is None


def test_the_last_number_stands_beside_its_line_and_numbers_are_written_as_elsewhere():
    points = tuple(
        Point(str(n), Decimal(3000 - 100 * n), str(3000 - 100 * n), datetime.date(2023, 6, 1 + n))
        for n in range(8)
    )
    chart = Chart("Open", points, is_line=True)
    with translation.override("en"):
        svg = draw(chart, PAGE)
    assert ">3,000<" in svg
    with translation.override("zh-hans"):
        svg = draw(chart, PAGE)
    assert ">3000<" in svg
    # The texts of an axis end at its line; the number at the line's end begins there.
    assert re.search(r'text-anchor="start"[^>]*>2300<', svg)


def test_a_pages_chart_is_narrow_enough_for_a_phone_and_papers_fills_its_column():
    def width(svg: str) -> float:
        return float(svg.split('viewBox="')[1].split()[2])

    assert width(draw(BARS, PAGE)) < 470 < 600 < width(draw(BARS, PAPER))
