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
