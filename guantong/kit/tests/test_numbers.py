import pytest
from django.utils import translation

from guantong.kit.templatetags.numbers import grouped


@pytest.mark.parametrize(
    ("language", "number", "written"),
    [("en", 4026, "4,026"), ("en", 7, "7"), ("zh-hans", 4026, "4026")],
)
def test_thousands_are_parted_as_the_language_does(language: str, number: int, written: str):
    with translation.override(language):
        assert grouped(number) == written
