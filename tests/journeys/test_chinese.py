"""Chinese pages write marks as Chinese does: nowhere a half-width one beside a Chinese word.

The pages are found by following links, those of one shape once, in a demonstration in Chinese.
"""

import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from guantong.demonstration.building import build
from guantong.demonstration.tests.test_building import TINY
from guantong.people.models import Appointment, Role
from tests.journeys.test_accessibility import pages

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="pages are the same on both databases"
)
WORD = "[\u4e00-\u9fff“”《》（）]"
# A code may stand before a colon, and a time has one: only marks that touch a Chinese word count.
HALF = re.compile(rf"{WORD} ?[,;!?()]|{WORD} ?:(?![0-9/])|[,;!?()] ?{WORD}")
# What people wrote, and what is code.
APART = {"code", "option", "pre", "script", "style", "textarea"}
# Lists that are narrowed or shown otherwise, to which no link without a question leads.
FILTERED = ("/problems/?overdue=1", "/projects/?as=board", "/sessions/?as=month", "/search/?q=P")
READ_OUT = ("alt", "aria-label", "data-label", "placeholder", "title")


class Said(HTMLParser):
    """Collects the texts of a page, those that are read out among them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.within: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in READ_OUT and value]
        if tag in APART:
            self.within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if not self.within:
            self.texts.append(" ".join(data.split()))


def test_marks_beside_chinese_words_are_chinese(transactional_db: None):
    build(size=TINY, language="zh", today=timezone.now().date())
    person = Appointment.objects.filter(role=Role.COORDINATOR).earliest("pk").person
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(person)
    found, looked_at = {}, 0
    for path in [*FILTERED, *pages(person)]:
        looked_at += 1
        texts = Said(client.get(path).content.decode()).texts
        if wrong := sorted({text for text in texts if HALF.search(text)}):
            found[path] = wrong[:5]
    assert found == {}
    assert looked_at > 60
