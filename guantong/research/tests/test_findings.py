import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guantong.ledger.models import Entry
from guantong.records.models import Link, Record
from guantong.records.operations import link_records
from guantong.research.models import Finding
from guantong.research.operations import (
    CannotDecideNoAction,
    CannotJudgeFindings,
    CannotReviseFindings,
    CannotWriteFindings,
    accept_findings,
    decide_no_action,
    reject_findings,
    return_findings,
    revise_findings,
    write_findings,
)
from guantong.research.queries import settled
from guantong.research.tests.factories import LATER, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def state(finding: Finding) -> str:
    return Record.objects.get(pk=finding.pk).state


def test_a_finding_comes_of_a_visit_and_knows_where(world: World) -> None:
    visit = world.made(world.approved())
    finding = world.finding(visit.record, accept=False)
    finding = Finding.objects.get(pk=finding.pk)
    assert finding.record.reference == "F-0001"
    assert (finding.sector, finding.place) == (visit.site.sector, visit.site.place)
    assert finding.source_kind == "visit"
    assert Link.objects.get(target=finding.pk).kind == "raised"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"origin": None}, "comes of something"),
        ({"seen": "  "}, "what was seen"),
        ({"concluded": ""}, "what is concluded"),
        ({"concluded": "", "finding_kind": "risk"}, "what is concluded"),
    ],
)
def test_a_finding_that_says_too_little_is_refused(
    world: World, values: dict[str, str], says: str
) -> None:
    draft = world.finding_draft(**{"origin": world.approved().record, **values})
    with pytest.raises(CannotWriteFindings, match=says):
        write_findings(drafts=[draft], actor=world.people["researcher_d1"], now=LATER)


@pytest.mark.parametrize("kind", ["good_practice", "request", "suggestion"])
def test_of_other_kinds_nothing_need_be_concluded(world: World, kind: str) -> None:
    origin = world.approved().record
    world.finding(origin, concluded="", finding_kind=kind)
    assert Finding.objects.get().record.state == "accepted"


def test_a_second_person_judges(world: World) -> None:
    origin = world.approved().record
    researcher = world.people["researcher_d1"]
    finding = world.finding(origin, accept=False, researchers=[researcher, world.people["head_d1"]])
    for name in ("researcher_d1", "head_d1"):
        with pytest.raises(CannotJudgeFindings, match="second person"):
            accept_findings(findings=[finding], actor=world.people[name], now=LATER)
    for name in ("liaison_d2", "owner_d1", "administrator"):
        with pytest.raises(CannotJudgeFindings, match="is for"):
            accept_findings(findings=[finding], actor=world.people[name], now=LATER)
    accept_findings(findings=[finding], actor=world.people["liaison_d1"], now=LATER)
    assert state(finding) == "accepted"


def test_of_a_priority_finding_nobody_of_the_unit_judges(world: World) -> None:
    origin = world.approved().record
    finding = world.finding(origin, accept=False, is_priority=True)
    for name in ("liaison_d1", "head_d1"):
        with pytest.raises(CannotJudgeFindings, match="second person"):
            accept_findings(findings=[finding], actor=world.people[name], now=LATER)
    accept_findings(findings=[finding], actor=world.people["head_m"], now=LATER)


def test_a_returned_finding_comes_back_with_what_it_now_says(world: World) -> None:
    origin = world.approved().record
    finding = world.finding(origin, accept=False)
    head = world.people["head_d1"]
    with pytest.raises(CannotJudgeFindings, match="needs a written reason"):
        return_findings(findings=[finding], actor=head, now=LATER, reason="")
    return_findings(findings=[finding], actor=head, now=LATER, reason="Who says so?")
    with pytest.raises(CannotReviseFindings, match="a researcher on it"):
        revise_findings(findings=[finding], actor=world.people["liaison_d1"], now=LATER)
    revise_findings(
        findings=[finding],
        actor=world.people["researcher_d1"],
        now=LATER,
        seen="The works' own stock list says so.",
    )
    finding = Finding.objects.get(pk=finding.pk)
    assert (finding.record.state, finding.seen) == ("draft", "The works' own stock list says so.")
    assert finding.concluded
    reject_findings(findings=[finding], actor=head, now=LATER, reason="The list is old.")
    assert state(finding) == "rejected"


def test_no_action_is_the_coordinators_in_writing(world: World) -> None:
    origin = world.approved().record
    finding = world.finding(origin)
    coordinator = world.people["coordinator"]
    with pytest.raises(CannotDecideNoAction, match="is for the coordinator"):
        decide_no_action(
            findings=[finding], actor=world.people["head_d1"], now=LATER, reason="Small."
        )
    with pytest.raises(CannotDecideNoAction, match="needs a written reason"):
        decide_no_action(findings=[finding], actor=coordinator, now=LATER, reason=" ")
    assert settled([finding.pk]) == set()
    decide_no_action(findings=[finding], actor=coordinator, now=LATER, reason="Small.")
    finding = Finding.objects.get(pk=finding.pk)
    assert (finding.record.state, finding.no_action_reason) == ("accepted", "Small.")
    assert settled([finding.pk]) == {finding.pk}
    entry = Entry.objects.get(code="research.finding.no_action_decided")
    assert set(entry.changes) == {"no_action_reason", "no_action_on"}


@pytest.mark.parametrize(
    ("kind", "state", "link", "is_settled"),
    [
        ("problem", "identified", "taken_up", True),
        ("measure", "proposed", "taken_up", True),
        ("instruction", "issued", "taken_up", True),
        ("project", "proposed", "taken_up", False),
        ("problem", "identified", "related", False),
        ("problem", "void", "taken_up", False),
        ("measure", "withdrawn", "taken_up", False),
    ],
)
def test_what_settles_a_finding(
    world: World, kind: str, state: str, link: str, is_settled: bool
) -> None:
    finding = world.finding(world.approved().record)
    target = world.problem(kind=kind, state=state)
    link_records(pairs=[(finding.record, target)], kind=link, actor=None, now=LATER)
    assert (settled([finding.pk]) == {finding.pk}) is is_settled


def test_findings_of_a_visit_that_is_unknown_would_give_it_away(world: World) -> None:
    project = world.approved()
    hidden = Record.objects.create(
        campaign=world.campaign,
        kind="visit",
        unit=world.units["D1"],
        title="Unannounced",
        state="cleared",
        is_hidden=True,
        opened_on=project.record.opened_on,
    )
    draft = world.finding_draft(hidden)
    with pytest.raises(CannotWriteFindings, match="not made yet"):
        write_findings(drafts=[draft], actor=world.people["researcher_d1"], now=LATER)


def test_plural_operations_are_set_wise(world: World) -> None:
    origin = world.made(world.approved()).record

    def queries(count: int) -> tuple[int, int]:
        drafts = [world.finding_draft(origin, title=f"No. {n}") for n in range(count)]
        with CaptureQueriesContext(connection) as writing:
            findings = write_findings(drafts=drafts, actor=world.people["researcher_d1"], now=LATER)
        with CaptureQueriesContext(connection) as accepting:
            accept_findings(findings=findings, actor=world.people["coordinator"], now=LATER)
        return len(writing), len(accepting)

    queries(1)
    # Rows go in statements of a hundred; so many findings with all that hangs from them fit in one.
    assert queries(3) == queries(25)


@pytest.mark.parametrize(
    ("sectors", "places", "expected"),
    [
        (["A1"], [], ("A1", None)),
        (["A1", "S1"], ["S1"], (None, "S1")),
        ([], ["A1", "S1"], (None, None)),
    ],
)
def test_sector_and_place_are_the_projects_where_it_has_just_one(
    sectors: list[str], places: list[str], expected: tuple[str | None, str | None]
) -> None:
    world = World()
    project = world.approved(
        sectors=[world.sites[code].sector for code in sectors],
        places=[world.sites[code].place for code in places],
    )
    finding = world.finding(project.record)
    sector, place = (world.sites[code] if code else None for code in expected)
    assert finding.sector == (sector.sector if sector else None)
    assert finding.place == (place.place if place else None)


@pytest.mark.parametrize("origin", ["project", "visit"])
def test_who_researches_the_project_judges_what_others_found_in_it(
    world: World, origin: str
) -> None:
    mate, researcher = world.people["researcher_d2"], world.people["researcher_d1"]
    project = world.approved(team=[researcher, mate])
    world.approved(title="Another", team=[world.people["liaison_d2"]])
    came_of = project.record if origin == "project" else world.made(project).record
    finding = world.finding(came_of, accept=False)
    assert finding.record in Record.objects.visible_to(mate, LATER.date())
    with pytest.raises(CannotJudgeFindings, match="second person"):
        accept_findings(findings=[finding], actor=researcher, now=LATER)
    with pytest.raises(CannotJudgeFindings, match="is for"):
        accept_findings(findings=[finding], actor=world.people["liaison_d2"], now=LATER)
    accept_findings(findings=[finding], actor=mate, now=LATER)
    assert state(finding) == "accepted"
