"""The bulletin that comes with Guantong: a report on a whole campaign, in both languages."""

from __future__ import annotations

from importlib.resources import files

from django.utils.translation import gettext as _
from django.utils.translation import override

from guantong.bulletins.models import LANGUAGES

FOLDER = files("guantong.bulletins") / "templates" / "bulletins" / "shipped"


def shipped_text(language: str) -> str:
    """Return the text with its placeholders."""
    return (FOLDER / f"report.{language}.md").read_text("utf-8")


def shipped_distribution() -> str:
    """Return to whom such a report customarily goes; a bulletin has one for both languages."""
    with override(LANGUAGES["zh"]):
        return _("Report to: the leading group\nCopy to: the departments\nDistribute to: the units")


def shipped_title(language: str) -> str:
    with override(LANGUAGES[language]):
        return _("From study to result: report on the campaign")
