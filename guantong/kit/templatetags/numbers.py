"""Whole numbers as each language writes them: 4,026 in English, 4026 in Chinese."""

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """Part thousands by commas where the language does so."""
    return str(number) if (get_language() or "").startswith("zh") else f"{number:,}"
