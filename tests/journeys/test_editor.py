"""What the bulletin editor's scripts do: the page follows, figures go in, no text gets lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from guantong.bulletins.models import Bulletin
from guantong.bulletins.tests.factories import studied
from guantong.study.tests.factories import World
from tests.journeys.desk import Desk


@pytest.fixture
def here(transactional_db: None, settings: Any, tmp_path: Any) -> World:
    settings.HOME = tmp_path
    return studied()


@pytest.fixture(params=["en", "zh-hans"])
def desk(
    request: pytest.FixtureRequest, browser: Any, live_server: Any, here: World
) -> Iterator[Desk]:
    made = Desk(browser, str(live_server.url), request.param, is_phone=False, has_scripts=True)
    made.sits(here.people["coordinator"])
    made.opens("/bulletins/new/?from=blank")
    yield made
    made.close()


def turns_to(desk: Desk, language: str) -> None:
    desk.page.locator(f"main input[name=language][value={language}]").check()


def saves(desk: Desk) -> None:
    """Save once the page has followed the text, and go on once its scripts have what they ask."""
    desk.waits_for_answers()
    with desk.page.expect_navigation():
        desk.page.locator("#editor button.primary").click()
    desk.waits_for_answers()


def test_the_page_follows_what_is_typed_and_figures_go_in_where_the_cursor_stands(desk: Desk):
    page, preview = desk.page, desk.page.locator("#preview")
    turns_to(desk, "en")
    page.locator("[name=text_en]").fill("Sessions held:  in all")
    expect(preview).to_contain_text("Sessions held: in all")
    page.locator("[name=text_en]").evaluate("field => field.setSelectionRange(15, 15)")
    # The palette finds a figure by its name, says its value, and puts it in by one press.
    page.locator("#palette [name=q]").fill(desk.said("Study sessions held"))
    page.locator("#palette [name=q]").press("Enter")
    offer = page.locator('#palette button[data-insert*="study.sessions_held"]').first
    offer.click()
    expect(page.locator("[name=text_en]")).to_have_value(
        'Sessions held: {{ figure "study.sessions_held" }} in all'
    )
    expect(preview.locator("data[data-figure]").first).to_have_text("12")
    # What is put in is taken back by the key that people know.
    page.locator("[name=text_en]").press("Control+z")
    expect(page.locator("[name=text_en]")).to_have_value("Sessions held:  in all")
    expect(preview.locator("data[data-figure]")).to_have_count(0)
    # A mistake is told beside the text and leads to its line.
    page.locator("[name=text_en]").fill('Fine.\n\n{{ figure "study.nothing" }}')
    page.locator("#remarks button[data-line='3']").click()
    selected = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert page.locator("[name=text_en]").evaluate(selected) == '{{ figure "study.nothing" }}'
    assert not Bulletin.objects.exists()


def test_one_language_is_written_and_the_other_said_to_lack(desk: Desk):
    page = desk.page
    turns_to(desk, "en")
    expect(page.locator("#written-en")).to_have_text(desk.said("not yet written"))
    desk.fill(text_en="All went well")
    expect(page.locator("#written-en")).to_have_text("")
    # No title: the form comes back and says so by the title that is seen.
    saves(desk)
    assert page.locator("[name=text_en]").input_value() == "All went well"
    expect(page.locator(".text-en .errorlist")).to_be_visible()
    desk.fill(title_en="June")
    saves(desk)
    assert page.locator(".message.success").count()
    expect(page.locator("#written-zh")).to_have_text(desk.said("not yet written"))
    assert Bulletin.objects.get().languages == ["en"]


def test_what_the_browser_itself_asks_for_is_unfolded(desk: Desk):
    page = desk.page
    turns_to(desk, "en")
    desk.fill(title_en="June", text_en="All went well")
    page.locator("#id_as_of").evaluate("field => field.value = ''")
    expect(page.locator("#id_as_of")).to_be_hidden()
    page.locator("#editor button.primary").click()
    expect(page.locator("#id_as_of")).to_be_visible()
    assert not Bulletin.objects.exists()


def test_who_leaves_with_a_text_unsaved_is_asked_and_who_saved_is_not(desk: Desk):
    page = desk.page
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    turns_to(desk, "en")
    page.locator("[name=text_en]").click()
    page.keyboard.type("All went well")
    with page.expect_event("dialog"):
        page.locator("nav a[href='/']").first.click(no_wait_after=True)
    assert asked == ["beforeunload"]
    assert page.url.endswith("/bulletins/new/?from=blank")
    desk.fill(title_en="June")
    saves(desk)
    page.locator("nav a[href='/']").first.click()
    page.wait_for_url(desk.address + "/")
    assert asked == ["beforeunload"]


def test_the_second_of_two_writers_loses_nothing_and_sees_the_first(desk: Desk):
    page = desk.page
    turns_to(desk, "en")
    desk.fill(title_en="June", text_en="All went well")
    saves(desk)
    other = desk.context.new_page()
    other.goto(page.url)
    desk.page = other
    desk.fill(text_en="Theirs")
    saves(desk)
    desk.page = page
    desk.fill(text_en="Mine")
    saves(desk)
    assert page.locator("[name=text_en]").input_value() == "Mine"
    expect(page.locator(".message.warning")).to_contain_text("Theirs")
    assert Bulletin.objects.get().text_en == "Theirs"
    saves(desk)
    assert Bulletin.objects.get().text_en == "Mine"
