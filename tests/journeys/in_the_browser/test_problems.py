"""Problems from their entry to their close-out, and back."""

from guantong.records.models import Record
from guantong.study.tests.factories import World
from tests.journeys.counted import check
from tests.journeys.desk import Desk
from tests.journeys.in_the_browser.cases import Case, in_days, met, state_of


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
