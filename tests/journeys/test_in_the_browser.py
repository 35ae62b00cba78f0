"""Whole journeys in a real browser, in both languages, on a desk, a phone and without scripts."""

import datetime
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from guantong.campaigns.models import Campaign
from guantong.industry.operations import SiteDraft, register_sites
from guantong.records.models import Record
from guantong.study.tests.factories import World, world
from tests.journeys.counted import check
from tests.journeys.desk import Desk, Work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Language, on a phone, with scripts: both languages at a desk and on a phone, and once without.
WAYS = {
    "en-desk": ("en", False, True),
    "zh-desk": ("zh-hans", False, True),
    "en-phone": ("en", True, True),
    "zh-phone-without-scripts": ("zh-hans", True, False),
}


@pytest.fixture
def here(transactional_db: None) -> World:
    return world()


@pytest.fixture(params=WAYS)
def desk(
    request: pytest.FixtureRequest, browser: Any, live_server: Any, here: World
) -> Iterator[Desk]:
    language, is_phone, has_scripts = WAYS[request.param]
    made = Desk(browser, str(live_server.url), language, is_phone=is_phone, has_scripts=has_scripts)
    yield made
    made.close()


def state_of(record: Record) -> str:
    return Record.objects.get(pk=record.pk).state


def in_days(number: int) -> str:
    today = Campaign.objects.get().day_of(timezone.now())
    return (today + datetime.timedelta(number)).isoformat()


def test_a_liaison_runs_a_session_whose_idea_becomes_a_problem(desk: Desk, here: World):
    desk.sits(here.people["liaison_d1"])
    desk.opens("/sessions/")
    desk.press("Enter a new one")
    session = desk.enters(title="Reading on chains", format="reading_class", planned_on=in_days(-1))
    assert session.unit == here.units["D1"]
    desk.does("Enter as held", head_count=24)
    assert state_of(session) == "held"
    desk.press("Idea", within="main .moves")
    idea = desk.enters(title="Keep two suppliers", text="For each part that stops a line")
    desk.press("Problem", within="main .moves")
    problem = desk.enters(title="One supplier only for the crucible")
    assert state_of(idea) == "linked"
    check("A session, its idea, the problem that takes it up", desk)
    # From the problem one walks back to the session.
    desk.opens(problem)
    desk.press(idea.title, within="main [aria-labelledby=thread]")
    desk.press(session.title, within="main [aria-labelledby=thread]")
    assert desk.at_hand() == session


def test_a_researchers_project_goes_from_proposal_to_conversion(desk: Desk, here: World):
    coordinator, researcher = here.people["coordinator"], here.people["researcher_d1"]
    register_sites(drafts=[SiteDraft("S1", "North Foundry")], actor=coordinator, now=timezone.now())
    desk.sits(researcher)
    desk.opens("/projects/")
    desk.press("Enter a new one")
    project = desk.enters(
        title="Where the crucibles come from",
        questions="Who makes them?",
        due_on=in_days(60),
    )
    desk.sits(coordinator)
    desk.opens(project)
    desk.does("Approve")
    desk.sits(researcher)
    desk.opens(project)
    desk.press("Field visit", within="main .moves")
    visit = desk.enters(
        title="A look at the North Foundry",
        site="S1",
        starts_on=in_days(0),
    )
    assert state_of(visit) == "cleared", "within the limits it clears itself"
    desk.does("Enter as made", made_on=in_days(0))
    desk.does("Write up", notes="They have one maker of crucibles only.")
    desk.press("Finding", within="main .moves")
    finding = desk.enters(
        title="One maker only",
        finding_kind="problem",
        seen="Two lines wait for one crucible",
        concluded="A second maker is needed",
    )
    assert state_of(visit) == "written_up"
    desk.sits(here.people["head_d1"])
    desk.opens(finding)
    desk.does("Accept")
    desk.sits(here.people["liaison_d1"])
    desk.opens(finding)
    desk.press("Problem", within="main .moves")
    problem = desk.enters()
    desk.sits(researcher)
    desk.opens(project)
    desk.does("Hand in the report", report="Crucibles come from one maker only.")
    desk.sits(coordinator)
    desk.opens(project)
    desk.does("Enter as converted")
    desk.does("Complete")
    check("A project from proposal to conversion and completion", desk)
    assert state_of(project) == "completed"
    desk.opens(problem)
    assert desk.page.locator(f"text={finding.reference}").count()


class Case:
    """One problem on its way, with those who take its steps."""

    def __init__(self, desk: Desk, here: World) -> None:
        self.desk, self.people = desk, here.people

    def by(self, name: str, record: Record, move: str, **values: Any) -> Record:
        self.desk.sits(self.people[name])
        self.desk.opens(record)
        self.desk.does(move, **values)
        return self.desk.at_hand()

    def measures(self, problem: Record, *titles: str) -> list[Record]:
        """Propose one after the other, on the same page."""
        self.desk.sits(self.people["liaison_d1"])
        self.desk.opens(problem)
        self.desk.press("Propose a measure", within="main .moves")
        *before, last = titles
        for title in before:
            self.desk.fill(title=title)
            self.desk.press("Enter it and another", within="main form")
        self.desk.fill(title=last)
        self.desk.press("Propose a measure", within="main form")
        return [Record.objects.get(kind="measure", title=title) for title in titles]

    def show(self, measure: Record, text: bytes) -> None:
        """Claim that a measure is complete, with the file that shows it."""
        file = {"name": "log.txt", "mimeType": "text/plain", "buffer": text}
        self.by("liaison_d1", measure, "Claim completion", uploads=file)

    def verified(self, problem: Record, verdict: str, by: str = "", **found: Any) -> None:
        assert state_of(problem) == "claimed"
        named = {"inspector": by} if by else {}
        self.by("coordinator", problem, "Request verification", **named)
        verification = Record.objects.filter(kind="verification").latest("pk")
        self.by("inspector", verification, verdict, **found)


def met(measures: list[Record], *, is_met: bool) -> dict[str, Any]:
    """What the inspector finds of the criterion and of each measure."""
    names = ["criterion", *(f"measure_{measure.pk}" for measure in measures)]
    texts = {f"{name}_text": "Seen in the log" for name in names}
    ticks = {f"{name}_is_met": is_met for name in names}
    return texts | (ticks if not is_met else {})


def test_a_problem_is_refused_extended_closed_recurs_and_is_closed_again(desk: Desk, here: World):
    case = Case(desk, here)
    desk.sits(here.people["liaison_d1"])
    desk.opens("/new/problems/")
    problem = desk.enters(title="Furnace logs are incomplete", severity="medium")
    owner = "owner_d1"
    case.by("coordinator", problem, "Assign", owner=owner, due_on=in_days(30))
    first, second = case.measures(problem, "Name a keeper", "Check monthly")
    why = {"closure_criterion": "Three months without a gap", "root_cause": "Nobody was named"}
    case.by("head_d1", problem, "Set the measures", **why)
    for measure in (first, second):
        case.show(measure, b"Gaps are closed.")
    check("A problem with two measures, up to the application for closure", desk)
    refused = met([first, second], is_met=False)
    case.verified(problem, "Fail", by="inspector", **refused)
    assert state_of(problem) == "returned"
    why = {"due_on": in_days(45), "reason": "The keeper was ill"}
    case.by("head_m", problem, "Extend the due day", **why)
    case.by("head_d1", problem, "Set the measures")
    for measure in (first, second):
        case.show(measure, b"No gap any more.")
    case.verified(problem, "Pass", **met([first, second], is_met=True))
    assert state_of(problem) == "verified"
    case.by("coordinator", problem, "Close out", determination="Logs are whole")
    case.by("coordinator", problem, "Order a revisit", reason="It was long open")
    revisit = Record.objects.get(kind="revisit")
    case.by("coordinator", revisit, "Name the inspector", inspector="inspector")
    case.by("inspector", revisit, "Enter as made", means="document", found="A gap in the log")
    case.by("inspector", revisit, "Conclude: recurred", reason="The gap is back")
    assert state_of(problem) == "reopened"
    [third] = case.measures(problem, "Lock the log")
    case.by("head_d1", problem, "Set the measures")
    case.show(third, b"The log is locked.")
    case.verified(problem, "Pass", **met([third], is_met=True))
    case.by("coordinator", problem, "Close out", determination="It is locked now")
    assert state_of(problem) == "closed"
    check("A problem refused, extended, closed, recurring and closed again", desk)


def test_what_is_put_right_at_once_is_reported_in_one_form(desk: Desk, here: World):
    people = here.people
    desk.sits(people["liaison_d1"])
    desk.opens("/new/problems/at-once/")
    problem = desk.enters(
        title="A lamp is out",
        closure_criterion="The lamp burns",
        measure="Changed the lamp",
        uploads={"name": "lamp.txt", "mimeType": "text/plain", "buffer": b"It burns."},
    )
    assert state_of(problem) == "claimed"
    check("The fast lane, up to the claim", desk)
    [measure] = Record.objects.filter(kind="measure")
    case = Case(desk, here)
    case.by("coordinator", problem, "Request verification", inspector="inspector")
    verification = Record.objects.get(kind="verification")
    case.by("inspector", verification, "Pass", **met([measure], is_met=True))
    case.by("coordinator", problem, "Close out", determination="It burns")
    assert state_of(problem) == "closed"
    check("The fast lane, up to the close-out", desk)


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
