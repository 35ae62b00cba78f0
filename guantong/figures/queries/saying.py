"""How the value of a figure is written."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from guantong.figures.queries.valuing import Value
from guantong.figures.registry import Shape
from guantong.figures.rules import grouped, in_words, rounded_down


def say(value: Value, form: str = "exact") -> str:
    """Write a value in one of the forms of `rules.FORMS`, in the language that is active."""
    language = get_language() or ""
    if form == "percent" or value.shape is Shape.RATIO:
        return _("none to count") if value.share is None else f"{value.share}%"
    if value.shape is Shape.MEDIAN:
        return _("none to count") if value.median is None else f"{value.median}"
    if form == "over":
        floor, is_over = rounded_down(value.numerator)
        number = grouped(floor, language)
        return pgettext("rounded", "over %(number)s") % {"number": number} if is_over else number
    if form == "words":
        return in_words(value.numerator, language)
    if form == "digits":
        return str(value.numerator)
    return grouped(value.numerator, language)


def together(sentences: Iterable[str]) -> str:
    """Set sentences one after the other; Chinese puts no space between them."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(sentences)
