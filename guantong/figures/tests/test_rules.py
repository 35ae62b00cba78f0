"""Roundings are true for every number, and medians are what sorting gives."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.figures.rules import LEAVES_OUT, in_words, median, percent, rounded_down


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (420, (400, True)),
        (400, (400, False)),
        (401, (400, True)),
        (470, (450, True)),
        (1999, (1900, True)),
        (1234, (1200, True)),
        (48, (48, False)),
        (43, (40, True)),
        (9, (9, False)),
        (0, (0, False)),
    ],
)
def test_roundings(number, said):
    assert rounded_down(number) == said


@given(st.integers(min_value=0, max_value=10**9))
def test_over_is_only_said_where_it_is_true(number):
    floor, is_over = rounded_down(number)
    assert floor <= number
    assert is_over == (floor < number)
    assert number - floor <= LEAVES_OUT * number
    assert not is_over or floor % 10 == 0


@given(st.lists(st.integers(min_value=-50, max_value=500), min_size=1, max_size=40))
def test_half_of_all_values_lie_on_either_side_of_the_median(values):
    middle = median(values)
    assert middle is not None
    assert sum(value < middle for value in values) <= len(values) / 2
    assert sum(value > middle for value in values) <= len(values) / 2


def test_the_median_of_an_even_number_is_between_the_middle_two():
    assert median([1, 2]) == Decimal("1.5")
    assert median([4, 2]) == 3
    assert median([]) is None


def test_percent_is_half_up():
    assert percent(1, 8) == Decimal("12.5")
    assert percent(2, 3) == Decimal("66.7")
    assert percent(1, 2000) == Decimal("0.1")


def test_numbers_in_both_languages():
    assert in_words(3, "en") == "three"
    assert in_words(3, "zh") == "三"
    assert in_words(13, "zh") == ""
