"""Marks between words, as each language writes them."""

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def colon() -> str:
    """Return the colon of the page's language, as in {{ label }}{% colon %}{{ words }}."""
    return "：" if (get_language() or "").startswith("zh") else ": "


@register.simple_tag
def comma() -> str:
    """Return what stands between the things of a list: 甲、乙 or A, B."""
    return "、" if (get_language() or "").startswith("zh") else ", "
