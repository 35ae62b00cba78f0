"""The pages in a real browser: no scripts needed, nothing refused by the policy, no overflow."""

import datetime
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from guantong.campaigns.models import Campaign
from guantong.industry.operations import SiteDraft, register_sites
from guantong.overview.operations import give_page
from guantong.overview.tests.factories import idea
from guantong.overview.views.outcome import SALT
from guantong.records.models import Record
from guantong.study.tests.factories import World, held, planned, world

WIDE, PHONE = {"width": 1366, "height": 860}, {"width": 390, "height": 844}


@pytest.fixture
def here(transactional_db: None) -> World:
    made = world()
    Campaign.objects.update(is_demonstration=True)
    return made


@pytest.fixture
def address(live_server: Any, here: World) -> str:
    session = held(here, "D1", title="学习贯彻新型工业化推进大会精神专题读书班第一次集中学习")
    idea(here, session=session, title="Keep two suppliers for every part that stops a line" * 3)
    # A pasted address is one word.
    idea(here, session=session, title="https://archive.example/" + "measures-of-the-year-" * 20)
    planned(here, "D2")
    return str(live_server.url)


def click_through(page: Any, what: str) -> None:
    """Click what leads to another page, and wait for all of it: a click waits for its head only."""
    page.click(what)
    page.wait_for_load_state()


def come_in(page: Any, address: str, language: str, role: str = "coordinator") -> None:
    page.goto(f"{address}/sign-in/")
    page.click(f"button[name=language][value={language}]")
    click_through(page, f".cast button:has(span:text-is('{role}'))")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_fits_wide_and_on_a_phone(browser: Any, address: str, language: str):
    records = [
        f"/r/{pk}/" for pk in Record.objects.filter(kind="idea").values_list("pk", flat=True)
    ]
    paths = ["/", "/my-work/", "/sessions/", "/ideas/", *records, "/ledger/", "/new/sessions/"]
    for size in (WIDE, PHONE):
        context = browser.new_context(viewport=size)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said, kept=complaints: kept.append(said.text))
        page.on("pageerror", lambda error, kept=complaints: kept.append(str(error)))
        come_in(page, address, language, "Coordinator")
        for path in paths:
            assert page.goto(address + path).status == 200
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, (path, size["width"])
        assert complaints == []
        context.close()


def test_work_is_done_without_scripts_by_keyboard_and_on_a_phone(browser: Any, address: str):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    come_in(page, address, "en", "Coordinator")
    # The menu is a link to the navigation, which is shown when it is the target.
    assert not page.is_visible("#navigation")
    page.click(".top .menu")
    assert page.is_visible("#navigation")
    page.click("#navigation >> text=Study")
    page.click("#navigation >> text=Study sessions")
    page.click("text=Reading chapter one")
    page.click("a.button.primary")
    page.fill("[name=held_on]", "2023-06-02")
    page.fill("[name=head_count]", "12")
    click_through(page, "main button.primary")
    assert page.is_visible("p.message.success")
    assert Record.objects.filter(kind="session", state="held").count() == 2
    context.close()


def test_the_first_press_of_the_tabulator_skips_to_the_page(browser: Any, address: str):
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    come_in(page, address, "en", "Coordinator")
    page.goto(f"{address}/sessions/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#page"
    context.close()


def test_keys_lead_through_the_pages(browser: Any, address: str):
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    come_in(page, address, "en", "Coordinator")
    page.keyboard.press("g")
    page.keyboard.press("w")
    page.wait_for_url(f"{address}/my-work/")
    page.keyboard.press("/")
    page.keyboard.type("chapter")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/search/?q=chapter")
    page.wait_for_selector("th[scope=row]")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/r/**")
    page.wait_for_selector(".moves a.button")
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/r/*/hold/")
    page.wait_for_selector("main form")
    page.keyboard.press("m")
    assert page.evaluate("document.activeElement.name") == "held_on"
    page.evaluate("document.activeElement.blur()")
    # Twice, before what it shows has come.
    page.keyboard.press("?")
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open] kbd")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    assert page.locator("dialog.keys").count() == 1
    context.close()


def test_paper_takes_a_small_thread_and_no_empty_comments(
    browser: Any, live_server: Any, here: World
):
    record = planned(here, "D2").record
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    come_in(page, str(live_server.url), "en", "Liaison D2")
    idea(here, "D2", session=held(here, "D2"))
    page.goto(f"{live_server.url}/r/{record.pk}/")
    assert page.is_visible("#comments")
    page.emulate_media(media="print")
    assert not page.is_visible("#comments")
    page.goto(f"{live_server.url}/ideas/")
    page.emulate_media(media="screen")
    click_through(page, "main th a >> nth=0")
    page.emulate_media(media="print")
    assert page.locator(".thread-picture").bounding_box()["width"] <= 288
    context.close()


def test_the_keys_pass_over_rows_that_are_folded_away(browser: Any, live_server: Any, here: World):
    for number in range(8):
        planned(here, "D2", title=f"Reading {number}")
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    come_in(page, str(live_server.url), "en", "Liaison D2")
    page.goto(f"{live_server.url}/my-work/")
    reached = []
    for unfolds in (False, True):
        if unfolds:
            page.locator("main details summary").click()
        for _press in range(12):
            page.keyboard.press("j")
        reached.append(page.evaluate("document.activeElement.textContent"))
    assert reached == ["Reading 4", "Reading 7"]
    context.close()


def test_a_word_without_an_end_stays_on_the_page(browser: Any, address: str):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    come_in(page, address, "en", "Coordinator")
    page.goto(f"{address}/new/sessions/")
    page.fill("[name=title]", "x" * 400)
    page.fill("[name=unit]", "D1")
    page.select_option("[name=format]", "reading_class")
    page.click("main form button.primary")
    page.wait_for_url(f"{address}/r/**")
    for path in ("", "correct/", "hold/"):
        page.goto(page.url.split("/r/")[0] + f"/r/{Record.objects.latest('pk').pk}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    context.close()


CHOSEN = "[...document.querySelector('#evidence [type=file]').files].map((file) => file.name)"


def test_one_box_ticks_all_and_a_dropped_file_is_taken(browser: Any, address: str):
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    come_in(page, address, "en", "Coordinator")
    page.goto(f"{address}/sessions/")
    page.check("form.choice thead input[type=checkbox]")
    assert page.locator("form.choice input[name=id]:checked").count() == 2
    page.keyboard.press("Escape")
    click_through(page, "th[scope=row] >> text=Reading chapter one")
    page.evaluate(
        """() => {
            const files = new DataTransfer();
            files.items.add(new File(["minutes"], "minutes.txt", { type: "text/plain" }));
            const event = new DragEvent("drop", { dataTransfer: files, bubbles: true });
            document.querySelector("#evidence").dispatchEvent(event);
        }"""
    )
    assert page.input_value("#evidence input[type=file]").endswith("minutes.txt")
    page.evaluate(
        """() => {
            const files = new DataTransfer();
            for (const name of ["list.txt", "photo.png"]) files.items.add(new File(["x"], name));
            const event = new DragEvent("drop", { dataTransfer: files, bubbles: true });
            document.querySelector("#evidence").dispatchEvent(event);
        }"""
    )
    assert page.evaluate(CHOSEN) == ["minutes.txt", "list.txt", "photo.png"]
    # A picture pasted while one writes a comment is evidence; a text pasted there stays a text.
    for kind, name in (("image/png", "image.png"), ("text/plain", "")):
        page.evaluate(
            """([kind, name]) => {
                const data = new DataTransfer();
                if (name) data.items.add(new File(["x"], name, { type: kind }));
                else data.setData(kind, "a text");
                const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
                document.querySelector("#comments textarea").dispatchEvent(event);
            }""",
            [kind, name],
        )
        assert page.evaluate(CHOSEN)[3:] == ["image.png"]
    assert page.is_visible("#evidence form button")
    context.close()


def test_a_second_press_sends_nothing_twice(browser: Any, address: str):
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    come_in(page, address, "en", "Coordinator")
    page.goto(f"{address}/new/sessions/")
    page.fill("[name=title]", "Pressed twice")
    page.fill("[name=unit]", "D1")
    page.select_option("[name=format]", "reading_class")
    page.locator("main form button.primary").dblclick()
    page.wait_for_url(f"{address}/r/**")
    assert Record.objects.filter(title="Pressed twice").count() == 1
    context.close()


def test_what_comes_back_begins_where_it_is_wrong(browser: Any, address: str):
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    come_in(page, address, "en", "Coordinator")
    page.goto(f"{address}/new/sessions/")
    page.fill("[name=title]", "A reading")
    page.fill("[name=unit]", "No such unit")
    page.select_option("[name=format]", "reading_class")
    click_through(page, "main form button.primary")
    assert page.is_visible(".errorlist")
    assert page.evaluate("document.activeElement.name") == "unit"
    assert page.input_value("[name=title]") == "A reading", "nothing is lost"
    context.close()


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_the_other_campaigns_open_within_the_window(
    browser: Any, address: str, size: dict[str, int]
):
    now = Campaign.objects.get()
    Campaign.objects.create(
        unit=now.unit,
        name="专项工作试点阶段（演示数据，均为虚构）",
        code="pilot",
        starts_on=now.starts_on,
        is_demonstration=True,
    )
    context = browser.new_context(viewport=size)
    page = context.new_page()
    come_in(page, address, "en", "Coordinator")
    before = page.locator(".top").bounding_box()["height"]
    page.click(".where summary")
    box = page.locator(".where form").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    shown = "e => e.contains(document.elementFromPoint(%s, %s))"
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.locator(".where form").evaluate(shown % middle), "nothing covers or clips it"
    assert page.locator(".top").bounding_box()["height"] == before, "nothing moves for it"
    context.close()


def test_on_a_phone_the_list_comes_before_its_filters(browser: Any, address: str) -> None:
    """They unfold without scripts, and say how many of them hold."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    come_in(page, address, "en", "Coordinator")
    page.goto(f"{address}/sessions/?state=planned&owner=me")
    unfold = page.locator("a:has-text('Filters and order')")
    assert unfold.inner_text().split()[-1] == "2"
    assert not page.is_visible(".chips >> text=priority")
    unfold.click()
    assert page.is_visible(".chips >> text=priority")
    page.click("text=Fold the filters away")
    assert not page.is_visible(".chips >> text=priority")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.is_visible(".chips >> text=priority")
    assert not page.is_visible("text=Filters and order")
    context.close()


def test_who_is_given_a_page_chooses_its_language(browser: Any, address: str, here: World):
    actor, now = here.people["coordinator"], timezone.now()
    [site] = register_sites(drafts=[SiteDraft("S1", "North Foundry")], actor=actor, now=now)
    until = now.date() + datetime.timedelta(30)
    given = give_page(site=site, campaign=here.campaign, until=until, actor=actor, now=now)
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{address}/given/{signing.dumps(given.pk, salt=SALT)}/")
    for language, words in (
        ("zh-hans", "您反映的情况与办理结果"),
        ("en", "You said, this happened"),
    ):
        click_through(page, f"button[name=language][value={language}]")
        assert words in page.inner_text("h1")
    context.close()
