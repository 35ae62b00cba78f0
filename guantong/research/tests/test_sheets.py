import datetime
from typing import Any

import pytest

from guantong.kit.sheets import Change, Context, Row, Sheet
from guantong.ledger.queries import story_of
from guantong.ledger.verification import verify
from guantong.records.models import StatePeriod
from guantong.research.models import Finding, Project
from guantong.research.sheets import SHEETS
from guantong.research.tests.factories import LATER, MONDAY, World, days
from guantong.units.tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
PROJECTS, FINDINGS, POLICIES, PRACTICES = SHEETS


@pytest.fixture
def world() -> World:
    return World()


def context(
    world: World, actor: str = "liaison_d1", source: str = "", now: datetime.datetime = NOW
) -> Context:
    return Context(world.people[actor], now, world.campaign.day_of(now), world.campaign, source)


def row(sheet: Sheet, world: World, **values: Any) -> dict[str, Any]:
    empty = {column.name: column.parse.empty for column in sheet.columns}
    return {**empty, "title": "Castings", "unit": world.units["D1"], **values}


def errors(sheet: Sheet, values: dict[str, Any], found: Context, thing: Any = None) -> list[str]:
    return [error.column for error in sheet.check([Row(2, values, thing)], found)]


def test_projects_are_proposed_or_adopted(world: World) -> None:
    april = datetime.date(2023, 4, 3)
    person = world.people["researcher_d1"]
    rows = [
        row(PROJECTS, world, owner=person, method="tracking", due_on=MONDAY),
        row(
            PROJECTS,
            world,
            title="Old",
            state="closed_by_source",
            opened_on=april,
            state_on=april + days(9),
        ),
    ]
    one, two = PROJECTS.create(rows, context(world, source="old"))
    assert (one.record.state, one.record.owner, one.method) == ("proposed", person, "tracking")
    assert (two.record.state, two.record.opened_on) == ("closed_by_source", april)
    assert StatePeriod.objects.get(record=two.pk, ends_on=None).starts_on == april + days(9)
    found = {project.record.reference: project for project in PROJECTS.things(context(world))}
    old = {column.name: column.value_of(found["R-0002"]) for column in PROJECTS.columns}
    assert (old["state"], old["state_on"]) == ("closed_by_source", april + days(9))
    assert PROJECTS.find([("R-0001",)], context(world)) == {("R-0001",): found["R-0001"]}
    assert PROJECTS.find([("R-0001",)], context(world, "liaison_d2")) == {}


def test_a_later_snapshot_is_adopted_too(world: World) -> None:
    (project,) = PROJECTS.create(
        [row(PROJECTS, world, state="approved")], context(world, source="old")
    )
    changes = [Change(project, {"state": "closed_by_source", "state_on": None, "title": "Cast"})]
    PROJECTS.update(changes, context(world, source="old"))
    project = Project.objects.get(pk=project.pk)
    assert (project.record.state, project.record.title) == ("closed_by_source", "Cast")


def test_a_project_has_several_sectors_places_and_sites(world: World) -> None:
    aviation, shipping = (world.sites[code].sector for code in ("A1", "S1"))
    north, port = (world.sites[code].place for code in ("A1", "S1"))
    works, yard = world.sites["A1"], world.sites["S1"]
    values = {"sectors": (shipping, aviation), "places": (north,), "sites": (yard, works)}
    (made,) = PROJECTS.create([row(PROJECTS, world, **values)], context(world))
    (project,) = PROJECTS.things(context(world))
    assert set(PROJECTS.column("sectors").value_of(project)) == {aviation, shipping}
    assert set(PROJECTS.column("sites").value_of(project)) == {works, yard}
    changed = {"sectors": (aviation,), "places": (port, north), "sites": (works,)}
    change = Change(project, changed)
    PROJECTS.update([change], context(world))
    (project,) = PROJECTS.things(context(world))
    assert PROJECTS.column("sectors").value_of(project) == (aviation,)
    assert set(PROJECTS.column("places").value_of(project)) == {north, port}
    [corrected] = story_of(made.pk, limit=1)
    assert corrected.changes["sites"] == (sorted([works.pk, yard.pk]), [works.pk])
    assert corrected.changes["places"] == ([north.pk], sorted([north.pk, port.pk]))
    assert verify(kinds=("project",)).lines() == []
    Project.sectors.through.objects.create(project=project, sector=shipping)
    [line] = verify(kinds=("project",)).lines()
    assert "R-0001" in line
    assert "sectors" in line


def test_what_would_be_refused_of_projects(world: World) -> None:
    own, old = context(world), context(world, source="old")
    assert errors(PROJECTS, row(PROJECTS, world), own) == []
    assert errors(PROJECTS, row(PROJECTS, world, unit=world.units["D2"]), own) == ["unit"]
    wrong = row(PROJECTS, world, starts_on=MONDAY, due_on=TODAY)
    assert errors(PROJECTS, wrong, own) == ["due_on"]
    assert errors(PROJECTS, row(PROJECTS, world, opened_on=MONDAY), old) == ["opened_on"]
    assert errors(PROJECTS, row(PROJECTS, world, state="completed"), old) == ["state"]


def test_findings_come_of_visits_and_projects(world: World) -> None:
    project = world.approved()
    visit = world.made(project)
    found = context(world, now=LATER)
    rows = [
        row(FINDINGS, world, visit=visit, seen="One maker.", concluded="Too few."),
        row(FINDINGS, world, project=project, seen="They ask.", finding_kind="request"),
    ]
    one, two = FINDINGS.create(rows, found)
    there = {finding.pk: finding for finding in FINDINGS.things(found)}
    values = {column.name: column.value_of(there[one.pk]) for column in FINDINGS.columns}
    assert (values["visit"], values["project"], values["sector"]) == (
        visit,
        None,
        world.sites["A1"].sector,
    )
    assert FINDINGS.column("project").value_of(there[two.pk]) == project
    FINDINGS.update([Change(there[two.pk], {"seen": "They ask for benches."})], found)
    assert Finding.objects.get(pk=two.pk).seen == "They ask for benches."


def test_what_would_be_refused_of_findings(world: World) -> None:
    project = world.approved()
    own = context(world)
    good = row(FINDINGS, world, project=project, seen="One maker.", concluded="Too few.")
    assert errors(FINDINGS, good, own) == []
    assert errors(FINDINGS, {**good, "project": None}, own) == ["visit"]
    assert errors(FINDINGS, {**good, "concluded": ""}, own) == ["concluded"]
    assert errors(FINDINGS, {**good, "concluded": "", "finding_kind": "request"}, own) == []
    assert errors(FINDINGS, {**good, "found_on": MONDAY}, own) == ["found_on"]
    assert errors(FINDINGS, {**good, "unit": world.units["U1"]}, own) == ["unit"]
