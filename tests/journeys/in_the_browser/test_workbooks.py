"""Workbooks that go down, up and back for repair, and what is published of them."""

import io
from typing import Any

import openpyxl

from guantong.records.models import Record
from guantong.study.tests.factories import World
from tests.journeys.counted import check
from tests.journeys.desk import Desk, Work
from tests.journeys.in_the_browser.cases import Case, in_days

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_week_of_a_unit_is_one_sheet_down_and_up(desk: Desk, here: World):
    case, liaison = Case(desk, here), here.people["liaison_d1"]
    desk.sits(liaison)
    desk.opens("/new/problems/")
    problem = desk.enters(title="Furnace logs are incomplete", severity="medium")
    case.by("coordinator", problem, "Assign", owner="owner_d1", due_on=in_days(30))
    measures = case.measures(problem, "Name a keeper", "Check monthly")
    for measure in measures:
        case.by("head_d1", measure, "Approve the measure")
    desk.sits(liaison)
    desk.work = Work()
    desk.opens("/my-work/")
    desk.work.presses += 1
    address = desk.page.locator("a[href$='weekly-sheet.xlsx']").get_attribute("href")
    book = openpyxl.load_workbook(io.BytesIO(desk.page.request.get(desk.address + address).body()))
    rows = {row[0].value: row[0].row for row in book.active.iter_rows(min_row=2)}
    columns = {str(cell.value): cell.column for cell in book.active[1]}
    progress = columns[desk.said("Progress this week")]
    for measure in measures:
        book.active.cell(rows[measure.reference], progress, "Half of it is done")
    out = io.BytesIO()
    book.save(out)
    brings(desk, {"name": "week.xlsx", "mimeType": XLSX, "buffer": out.getvalue()})
    desk.work.presses += 1
    desk.page.click("main button[value=import]")
    desk.page.wait_for_load_state()
    check("A unit's week: the sheet down and up", desk)
    for measure in measures:
        desk.opens(measure)
        assert "Half of it is done" in desk.page.inner_text("main")


def book(rows: list[tuple[str, str, str]]) -> dict[str, Any]:
    """A workbook as somebody made it: a title above the headers, the rows beneath."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["Problems of the Alloy Department"])
    sheet.append(["Problem", "Responsible unit", "Due day", "What is wrong"])
    for row in rows:
        sheet.append([*row, "Seen on the round"])
    out = io.BytesIO()
    made.save(out)
    return {"name": "problems.xlsx", "mimeType": XLSX, "buffer": out.getvalue()}


GOOD_ROWS = [
    ("Ladles have no lids", "D1", "2099-03-01"),
    ("Scales are not calibrated", "D1", "2099-03-02"),
    ("The crane log is lost", "O1", "2099-03-03"),
]


def brings(desk: Desk, file: dict[str, Any]) -> str:
    desk.opens("/import/")
    desk.fill(file=file)
    desk.press("See what it says")
    return str(desk.page.inner_text("main"))


def test_a_coordinator_repairs_a_workbook_and_publishes_and_an_auditor_verifies(
    desk: Desk, here: World
):
    desk.sits(here.people["coordinator"])
    broken = [("Ladles have no lids", "D9", "2099-03-01"), GOOD_ROWS[1], ("No day", "D1", "soon")]
    said = brings(desk, book(broken))
    assert "D9" in said
    assert "soon" in said
    assert not Record.objects.filter(kind="problem").exists()
    assert brings(desk, book(GOOD_ROWS)).count("D9") == 0
    desk.page.click("main button[value=import]")
    desk.page.wait_for_load_state()
    problems = Record.objects.filter(kind="problem")
    assert problems.count() == len(GOOD_ROWS)
    desk.page.locator("main .facts dd a").first.click()
    desk.page.wait_for_load_state()
    for title, _unit, _day in GOOD_ROWS:
        assert title in desk.page.inner_text("main")
    brings(desk, book(GOOD_ROWS))
    assert desk.shows("The file says nothing new: there is nothing to import.")
    # A bulletin of them, and what is behind its figure.
    desk.opens("/bulletins/new/?from=blank")
    text = 'There are {{ figure "rectification.problems_identified" }} problems.'
    desk.page.locator("main input[name=language][value=zh]").check()
    desk.fill(
        title="发现的问题", text_zh='共有问题{{ figure "rectification.problems_identified" }}个。'
    )
    desk.page.locator("main input[name=language][value=en]").check()
    desk.fill(title_en="What was found", text_en=text)
    desk.press("Save the draft")
    bulletin = Record.objects.get(kind="bulletin")
    for step in ("Send for review", "Sign", "Publish"):
        desk.opens(bulletin)
        desk.does(step)
    edition = f"/bulletins/{bulletin.pk}/en.html"
    desk.opens(edition)
    desk.page.locator("a:text-is('3')").first.click()
    desk.page.locator("li:target a[href*='/figures/']").click()
    desk.page.wait_for_load_state()
    assert all(title in desk.page.inner_text("main") for title, _unit, _day in GOOD_ROWS)
    # Whoever has the file sees whether it is the one that was published.
    desk.sits(here.people["auditor"])
    published = desk.page.request.get(desk.address + edition).body()
    for content, words in (
        (published, "Genuine: the file is exactly as it was published."),
        (published.replace(b">3<", b">2<"), "Not genuine: this is not what was published."),
    ):
        desk.opens("/bulletins/verify/")
        desk.fill(file={"name": "en.html", "mimeType": "text/html", "buffer": content})
        desk.press("Check it")
        assert desk.shows(words)
