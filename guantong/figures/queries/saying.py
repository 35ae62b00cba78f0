"""How the value of a figure is written."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guantong.figures.queries.valuing import Value
from guantong.figures.registry import Shape
from guantong.figures.rules import in_words, rounded_down
from guantong.kit.languages import written_in
from guantong.kit.templatetags.numbers import grouped


def say(value: Value, form: str = "exact") -> str:
    """Write a value in one of the forms of `rules.FORMS`, in the language that is active."""
    if form == "percent" or value.shape is Shape.RATIO:
        return _("none to count") if value.share is None else f"{value.share}%"
    if value.shape is Shape.MEDIAN:
        return _("none to count") if value.median is None else f"{value.median}"
    if form == "over":
        floor, is_over = rounded_down(value.numerator)
        number = grouped(floor)
        return pgettext("rounded", "over %(number)s") % {"number": number} if is_over else number
    if form == "words":
        return in_words(value.numerator, written_in()) or grouped(value.numerator)
    if form == "digits":
        return str(value.numerator)
    return grouped(value.numerator)


def together(sentences: Iterable[str]) -> str:
    """Set sentences one after the other; Chinese puts no space between them."""
    return ("" if written_in() == "zh" else " ").join(sentences)
