"""From a session to a problem, and from a project to what it was converted into."""

from django.utils import timezone

from guantong.industry.operations import SiteDraft, register_sites
from guantong.study.tests.factories import World
from tests.journeys.counted import check
from tests.journeys.desk import Desk
from tests.journeys.in_the_browser.cases import in_days, state_of


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
