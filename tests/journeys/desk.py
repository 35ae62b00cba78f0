"""Somebody at a browser: they press what the page says in their language and fill in its forms."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from guantong.people.models import Person
from guantong.records.models import Record
from tests.browser import PATIENCE

DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


@dataclass
class Work:
    """What a way through the pages costs: pages shown, presses, and fields filled in.

    To open a record is a press, as from My work or a list.
    """

    pages: int = 0
    presses: int = 0
    fields: int = 0


# So long scripts wait for another letter before they ask, in milliseconds. By the page's own clock:
# on it no later timer overtakes one that asks, however busy the machine is.
LULL = """() => {
  const lulls = { "[data-suggest]": 150, "[data-advice]": 300, "#editor": 400 };
  const here = Object.keys(lulls).filter((found) => document.querySelector(found));
  return new Promise((done) => setTimeout(done, Math.max(0, ...here.map((found) => lulls[found]))));
}"""


class Desk:
    """One browser window after another, each with one person signed in."""

    def __init__(
        self, browser: Any, address: str, language: str, *, is_phone: bool, has_scripts: bool
    ) -> None:
        self.address, self.language, self.has_scripts = address, language, has_scripts
        self.context = browser.new_context(
            viewport=PHONE if is_phone else DESK, java_script_enabled=has_scripts
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page = self.context.new_page()
        # What a script broke on; whoever only looks at the page would not see it.
        self.complaints: list[str] = []
        self.work = Work()
        self.page.on("framenavigated", self._shown)
        # Of the whole context: a desk may have several tabs.
        self._asked: set[Any] = set()
        self.context.on("request", self._asks)
        for ending in ("requestfinished", "requestfailed"):
            self.context.on(ending, self._is_answered)
        self.context.on("weberror", lambda found: self.complaints.append(str(found.error)))

    def _asks(self, request: Any) -> None:
        if request.resource_type == "fetch":
            self._asked.add(request)

    def _is_answered(self, request: Any) -> None:
        self._asked.discard(request)

    def waits_for_answers(self) -> None:
        """Let what scripts asked be answered: a test's threads share SQLite's one connection."""
        if self.has_scripts:
            self.page.evaluate(LULL)
        self.waits_for(lambda: not self._asked)

    def waits_for(self, comes: Callable[[], object]) -> None:
        """Let the browser go on until this comes true."""
        deadline = time.monotonic() + PATIENCE
        while not comes():
            asked = [request.url for request in self._asked]
            assert time.monotonic() < deadline, f"not on {self.page.url}; unanswered: {asked}"
            self.page.wait_for_timeout(10)

    def _shown(self, frame: Any) -> None:
        self.work.pages += frame == self.page.main_frame and "#" not in frame.url

    def close(self) -> None:
        self.waits_for_answers()
        self.context.close()
        assert self.complaints == []

    def sits(self, person: Person) -> None:
        """Let another person sit down: their session, and the language of this desk."""
        client = Client()
        client.force_login(person)
        cookies = {
            settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
            settings.LANGUAGE_COOKIE_NAME: self.language,
        }
        self.context.clear_cookies()
        self.context.add_cookies(
            [{"name": name, "value": word, "url": self.address} for name, word in cookies.items()]
        )

    def opens(self, path: str | Record) -> None:
        path = f"/r/{path.pk}/" if isinstance(path, Record) else path
        self.work.presses += 1
        answer = self.page.goto(self.address + path)
        assert answer.status == 200, path

    def said(self, words: str) -> str:
        with translation.override(self.language):
            return gettext(words)

    def press(self, words: str, within: str = "main") -> None:
        """Press the link, button or fold that says exactly these words, in this language."""
        exactly = re.compile(rf"^\s*{re.escape(self.said(words))}\s*$")
        found = self.page.locator(f"{within} :is(a, button, summary)").filter(has_text=exactly)
        assert found.count(), f"nothing says “{self.said(words)}” on {self.page.url}"
        self.unfold(found.first)
        self.work.presses += 1
        self.waits_for_answers()
        found.first.click()
        self.page.wait_for_load_state()

    def unfold(self, wanted: Any) -> None:
        """Open the fold that hides what is wanted, as somebody would who looks for it."""
        if not wanted.is_visible():
            self.work.presses += 1
            wanted.locator("xpath=ancestor::details[not(@open)]/summary").first.click()

    def fill(self, **values: Any) -> None:
        self.work.fields += len(values)
        for name, value in values.items():
            field = self.page.locator(f"main [name='{name}']").first
            match field.evaluate("field => field.type"):
                case "select-one":
                    field.select_option(value)
                case "checkbox":
                    field.set_checked(value)
                case "file":
                    field.set_input_files(value)
                case _:
                    field.fill(str(value))

    def does(self, move: str, **values: Any) -> None:
        """Take one step of the record at hand: its button, then its form where it has one."""
        self.press(move, within="main .moves")
        if self.page.locator("h2#move").count():
            self.fill(**values)
            self.press(move, within="main form")
        assert self.page.locator(".message.success").count(), self.page.inner_text("main")

    def enters(self, **values: Any) -> Record:
        self.fill(**values)
        self.press("Enter it", within="main form")
        return self.at_hand()

    def at_hand(self) -> Record:
        """The record whose page stands open."""
        found = re.search(r"/r/(-?\d+)/$", self.page.url)
        assert found, self.page.inner_text("main")
        return Record.objects.get(pk=found[1])

    def shows(self, words: str) -> bool:
        return self.said(words) in self.page.inner_text("main")
