from decimal import Decimal

import pytest
from django.utils import translation

from guantong.kit.templatetags.numbers import exact, grouped


@pytest.mark.parametrize(
    ("language", "number", "written"),
    [("en", 4026, "4,026"), ("en", 7, "7"), ("zh-hans", 4026, "4026")],
)
def test_thousands_are_parted_as_the_language_does(language: str, number: int, written: str):
    with translation.override(language):
        assert grouped(number) == written


@pytest.mark.parametrize(
    ("number", "written"), [("61.4400000000", "61.44"), ("100", "100"), ("0E-10", "0")]
)
def test_a_measured_number_has_no_zeros_added(number: str, written: str):
    assert exact(Decimal(number)) == written
