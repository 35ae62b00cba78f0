"""Numbers as people write them: 4,026 in English, 4026 in Chinese; 61.44 without added zeros."""

from decimal import Decimal

from django import template

from guantong.kit.languages import written_in

register = template.Library()


@register.filter
def grouped(number: int) -> str:
    """Part thousands by commas where the language does so."""
    return str(number) if written_in() == "zh" else f"{number:,}"


@register.filter
def exact(number: Decimal) -> str:
    """Write a measured number without the zeros that the database adds: 61.44."""
    return f"{number.normalize():f}"
