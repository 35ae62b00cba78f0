"""Errors are sentences with a way out, in both languages, and need no database."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation


@pytest.mark.parametrize("page", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_error_page_says_what_to_do(page: str, language: str):
    with translation.override(language):
        text = render_to_string(page)
    assert "<h1>" in text
    assert 'href="/"' in text
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in text
