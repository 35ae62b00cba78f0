"""By the keyboard alone: signing in, finding, stepping on with evidence, filtering, writing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from guantong.evidence.models import Attachment
from guantong.records.models import Comment, Record
from guantong.study.tests.factories import World, world
from tests.journeys.desk import Desk
from tests.journeys.in_the_browser.cases import in_days, state_of

PASSWORD = "crucible-and-ladle-7"
# What has the focus, as somebody would name it who looks at the screen, and whether it shows.
FOCUS = """() => {
  const here = document.activeElement;
  const is_field = here.matches("input, select, textarea");
  const is_lined = getComputedStyle(here).outlineStyle !== "none";
  return {
    what: here.matches("body") ? "" : is_field ? here.name : here.innerText.trim(),
    shows: here.matches("body, main") || (is_lined && here.matches(":focus-visible")),
    in_main: !!here.closest("main"),
  };
}"""


class Keys:
    """A person without a mouse: looks where the focus is, and presses keys."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page, self.press = desk, desk.page, desk.page.keyboard.press
        self.type = desk.page.keyboard.type

    @property
    def here(self) -> dict[str, Any]:
        return dict(self.page.evaluate(FOCUS))

    def tab_to(self, wanted: str, *, most: int = 60) -> None:
        """Go on with Tab until what has the focus is named `wanted`; it shows all the way."""
        for _press in range(most):
            self.press("Tab")
            here = self.here
            # A day's own button for its calendar is drawn by the browser.
            assert here["shows"] or here["what"].endswith("_on"), here
            if here["what"] == wanted:
                return
        raise AssertionError(f"Tab leads nowhere to “{wanted}”, only to {self.here}")

    def enter(self, leads_to: str) -> None:
        """Press Enter, and look at the page that comes."""
        with self.page.expect_navigation(url=re.compile(leads_to)):
            self.press("Enter")

    def is_told(self) -> None:
        """After a step, the focus is on what the page says of it: one goes on from there."""
        told = self.page.locator("main > .message.success")
        told.wait_for()
        assert told.evaluate("told => told === document.activeElement"), self.here
        assert self.here["shows"]


@pytest.fixture
def here(transactional_db: None) -> World:
    made = world()
    for name in ("liaison_d1", "coordinator"):
        made.people[name].set_password(PASSWORD)
        made.people[name].save()
    return made


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_keyboard_alone_does_a_units_work(
    browser: Any, live_server: Any, here: World, tmp_path: Path, language: str
):
    desk = Desk(browser, str(live_server.url), language, is_phone=False, has_scripts=True)
    # Listened for from the start: asked for in the moment of the press, the browser's own dialog
    # may be quicker, and opens unseen (17 of 150 times on an idle machine).
    choosers: list[Any] = []
    desk.page.on("filechooser", lambda chooser: choosers.append(chooser))
    keys, said = Keys(desk), desk.said
    for title in ("Ladles have no lids", "Scales are not calibrated"):
        desk.sits(here.people["liaison_d1"])
        desk.opens("/new/problems/")
        problem = desk.enters(title=title, severity="low")
    desk.sits(here.people["coordinator"])
    desk.opens(problem)
    desk.does("Assign", owner="liaison_d1", due_on="2099-03-01")
    desk.context.clear_cookies()

    # Signing in: the name's field has the focus.
    desk.opens("/sign-in/")
    keys.tab_to("中文" if language == "zh-hans" else "English")
    keys.enter("/sign-in/")
    assert keys.here["what"] == "username"
    keys.type(here.people["liaison_d1"].username)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.enter(r":\d+/$")

    # Found by a word of its title, and opened.
    keys.press("/")
    assert keys.here["what"] == "q"
    keys.type("calibrated")
    keys.enter("/search/")
    keys.press("j")
    assert keys.here["what"] == problem.title
    keys.enter(f"/r/{problem.pk}/$")

    # A measure: from the step's button into its form, and back to what is said of it.
    keys.press("m")
    keys.enter("/propose_measures/$")
    keys.press("m")
    assert keys.here["what"] == "title"
    keys.type("Calibrate them")
    keys.tab_to(said("Propose a measure"))
    keys.enter(f"/r/{problem.pk}/$")
    keys.is_told()
    measure = Record.objects.get(kind="measure")
    # Tab goes on behind the message, not from the head of the page.
    keys.press("Tab")
    assert keys.here["in_main"]

    # A step with evidence; somebody else approves first.
    desk.sits(here.people["head_d1"])
    desk.opens(measure)
    desk.does("Approve the measure")
    desk.sits(here.people["liaison_d1"])
    keys.press("/")
    keys.type(measure.reference.lower())
    keys.enter(f"/r/{measure.pk}/$")
    keys.press("m")
    assert keys.here["what"] == said("Claim completion")
    keys.enter("/claim/$")
    shown = tmp_path / "log.txt"
    shown.write_text("Calibrated.")
    keys.tab_to("uploads")
    keys.press("Space")
    desk.waits_for(lambda: choosers)
    choosers[0].set_files(shown)
    keys.tab_to(said("Claim completion"))
    keys.enter(f"/r/{measure.pk}/$")
    keys.is_told()
    assert Record.objects.get(pk=measure.pk).state == "claimed"
    assert Attachment.objects.filter(record=measure).count() == 1

    # A comment that names another record becomes a link.
    keys.press("c")
    assert keys.here["what"] == "text"
    keys.type(f"As for {problem.reference.lower()}")
    keys.tab_to(said("Write the comment"))
    keys.enter("#comments")
    assert Comment.objects.get().record == measure
    [link] = desk.page.locator("#comments a.ref").all()
    assert link.inner_text() == problem.reference.lower()

    # A list, narrowed by a chip, and exported as it is shown.
    desk.opens("/problems/")
    keys.tab_to(chip(desk, "Assigned"))
    keys.enter(r"state=assigned")
    keys.tab_to(said("Export what is shown"))
    keys.press("Enter")
    keys.tab_to("XLSX")
    with desk.page.expect_download() as download:
        keys.press("Enter")
    assert download.value.suggested_filename.endswith(".xlsx")

    # What keys there are, and out again.
    keys.press("?")
    desk.page.locator("dialog.keys[open]").wait_for()
    keys.press("Escape")
    assert not desk.page.locator("dialog.keys[open]").count()
    desk.close()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_keyboard_alone_takes_one_through_a_step(
    browser: Any, live_server: Any, here: World, language: str
):
    desk = Desk(browser, str(live_server.url), language, is_phone=False, has_scripts=True)
    keyboard = desk.page.keyboard
    desk.sits(here.people["liaison_d1"])
    desk.opens("/sessions/")
    keyboard.press("n")
    desk.page.wait_for_url("**/new/sessions/")
    desk.page.locator("[name=title]").focus()
    keyboard.type("Typed without a mouse")
    for _field in range(20):
        keyboard.press("Tab")
        if desk.page.evaluate("document.activeElement.name") == "format":
            break
    keyboard.press("ArrowDown")
    desk.page.locator("[name=planned_on]").focus()
    desk.page.locator("[name=planned_on]").fill(in_days(-1))
    keyboard.press("Enter")
    desk.page.wait_for_url("**/r/*/")
    session = desk.at_hand()
    keyboard.press("m")
    keyboard.press("Enter")
    desk.page.wait_for_url("**/hold/")
    desk.page.locator("[name=head_count]").focus()
    keyboard.type("12")
    keyboard.press("Enter")
    desk.page.wait_for_url(f"**/r/{session.pk}/")
    assert state_of(session) == "held"
    desk.opens("/")
    keyboard.press("/")
    keyboard.type(session.reference)
    keyboard.press("Enter")
    desk.page.wait_for_url(f"**/r/{session.pk}/")
    keyboard.press("?")
    desk.page.locator("dialog.keys").wait_for()
    desk.close()


def chip(desk: Desk, words: str) -> str:
    """What the chip says that has these words, with its count."""
    found = desk.page.locator("main a.chip").filter(has_text=re.compile(f"^{desk.said(words)}"))
    return str(found.first.inner_text()).strip()
