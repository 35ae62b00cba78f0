"""Marks between words, as each language writes them."""

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def colon() -> str:
    """Return the colon of the page's language, as in {{ label }}{% colon %}{{ words }}."""
    return "：" if (get_language() or "").startswith("zh") else ": "
