"""Marks between words, as each language writes them."""

from django import template

from guantong.kit.languages import written_in

register = template.Library()


@register.simple_tag
def colon() -> str:
    """Return the colon of the page's language, as in {{ label }}{% colon %}{{ words }}."""
    return "：" if written_in() == "zh" else ": "
