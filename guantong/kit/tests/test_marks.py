"""A colon stands as the page's language writes it."""

import pytest
from django.template import Context, Template
from django.utils import translation


@pytest.mark.parametrize(
    ("language", "written"), [("zh-hans", "责任单位：综合处"), ("en", "责任单位: 综合处")]
)
def test_a_colon_is_that_of_the_language(language: str, written: str):
    page = Template("{% load marks %}{{ label }}{% colon %}{{ words }}")
    with translation.override(language):
        assert page.render(Context({"label": "责任单位", "words": "综合处"})) == written


@pytest.mark.parametrize(("language", "written"), [("zh-hans", "甲、乙"), ("en", "甲, 乙")])
def test_a_comma_is_that_of_the_language(language: str, written: str):
    page = Template("{% load marks %}{{ one }}{% comma %}{{ other }}")
    with translation.override(language):
        assert page.render(Context({"one": "甲", "other": "乙"})) == written
