"""Which of the two languages is being written: Chinese or English."""

from typing import Literal

from django.utils.translation import get_language


def written_in() -> Literal["zh", "en"]:
    """Return the language of the page, paper or sentence at hand."""
    return "zh" if (get_language() or "").startswith("zh") else "en"
