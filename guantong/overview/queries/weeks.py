"""What waits for each role in a week, as it is written in `weeks/`, in the reader's language."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from guantong.kit.languages import written_in
from guantong.people.models import Person
from guantong.people.rules import ROLES

# Who holds no role reads only.
READER = "reader"
WEEKS = (*ROLES, READER)
FOLDER = Path(__file__).resolve().parents[1] / "weeks"
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


def weeks_of(person: Person, on: datetime.date) -> list[str]:
    """Return the roles that `person` holds on `on`, in their order; else the reader."""
    held = {grant.role for grant in person.grants(on)}
    return [role for role in ROLES if role in held] or [READER]


def week_in_words(role: str) -> SafeString:
    """Return one role's week as markup, in the language of the page."""
    return _rendered(role, written_in())


@cache
def _rendered(role: str, language: str) -> SafeString:
    text = (FOLDER / language / f"{role}.md").read_text("utf-8")
    # Our own text, and MARKDOWN lets no markup through.
    # On a phone its tables become cards.
    return mark_safe(MARKDOWN.render(text).replace("<table>", '<table class="cards">'))
