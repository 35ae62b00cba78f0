import datetime
from typing import Any

import pytest

from guantong.kit.sheets import Change, Context, Row
from guantong.records.models import Record, StatePeriod
from guantong.units.tests.factories import NOW, TODAY
from guantong.visits.models import Visit
from guantong.visits.sheets import LOOKUPS, SHEETS
from guantong.visits.tests.factories import MONDAY, World, days

pytestmark = pytest.mark.django_db
(SHEET,) = SHEETS


class Project:
    """What a cell that names a project gives: something with a record."""

    def __init__(self, record: Record) -> None:
        self.record, self.pk = record, record.pk


@pytest.fixture
def world() -> World:
    return World()


def context(world: World, actor: str = "liaison_d1", source: str = "") -> Context:
    return Context(world.people[actor], NOW, TODAY, world.campaign, source)


def row(world: World, **values: Any) -> dict[str, Any]:
    empty = {column.name: column.parse.empty for column in SHEET.columns}
    return {
        **empty,
        "title": "Castings",
        "unit": world.units["D1"],
        "site": world.sites["A1"],
        "project": Project(world.project),
        "starts_on": MONDAY,
        "team": (world.people["researcher_d1"],),
        **values,
    }


def errors(world: World, values: dict[str, Any], **given: str) -> list[str]:
    found = SHEET.check([Row(2, values)], context(world, **given))
    return [error.column for error in found]


def test_rows_become_visits_in_their_order(world: World) -> None:
    rows = [
        row(world, starts_on=TODAY - days(3), late_reason="No network."),
        row(world),
        row(world, site=world.sites["A2"]),
        row(world, starts_on=TODAY - days(4), late_reason="Forgotten."),
    ]
    made = SHEET.create(rows, context(world))
    assert [(v.site.code, v.is_late, v.record.state) for v in made] == [
        ("A1", True, "made"),
        ("A1", False, "cleared"),
        ("A2", False, "cleared"),
        ("A1", True, "made"),
    ]


def test_another_register_is_adopted_on_its_own_days(world: World) -> None:
    april = datetime.date(2023, 4, 10)
    rows = [
        row(world, starts_on=april, registered_on=april - days(5), state="made"),
        row(world, starts_on=april, state=""),
        row(world, starts_on=april, state="cancelled"),
        row(world, site=world.sites["A2"], state="cleared"),
    ]
    made = SHEET.create(rows, context(world, source="old"))
    assert [(v.record.state, v.is_late) for v in made] == [
        ("made", False),
        ("made", True),
        ("cancelled", True),
        ("cleared", False),
    ]
    period = StatePeriod.objects.get(record=made[0].pk, state="made")
    assert period.starts_on == april


def test_what_would_be_refused_is_said_by_column(world: World) -> None:
    past = TODAY - days(1)
    assert errors(world, row(world)) == []
    assert errors(world, row(world, unit=world.units["D2"])) == ["unit"]
    assert errors(world, row(world, ends_on=past)) == ["ends_on"]
    assert errors(world, row(world, starts_on=past)) == ["late_reason"]
    assert errors(world, row(world, state="merged"), source="old") == ["state"]
    assert errors(world, row(world, state="made"), source="old") == ["state"]
    assert errors(world, row(world, starts_on=past, state="cleared"), source="old") == ["state"]
    assert errors(world, row(world, starts_on=past, state="made"), source="old") == []


def test_changes_ask_for_clearing_or_are_corrections(world: World) -> None:
    SHEET.create([row(world), row(world, site=world.sites["A2"])], context(world))
    there = {visit.site.code: visit for visit in SHEET.things(context(world))}
    SHEET.update(
        [
            Change(there["A1"], {"starts_on": MONDAY + days(1), "purpose": "Moulds"}),
            Change(there["A2"], {"site": world.sites["S1"]}),
        ],
        context(world),
    )
    one, two = (Visit.objects.get(pk=there[code].pk) for code in ("A1", "A2"))
    assert (one.starts_on, one.purpose, two.site.code) == (MONDAY + days(1), "Moulds", "S1")


@pytest.mark.parametrize("kind", ["inspection", "revisit"])
def test_a_visit_may_be_made_for_an_inspection_or_a_revisit(world: World, kind: str) -> None:
    occasion = Record.objects.create(
        campaign=world.campaign,
        kind=kind,
        reference="X-0001",
        unit=world.units["D1"],
        title="Whether it holds",
        state="planned",
        opened_on=TODAY,
    )
    found = LOOKUPS[0].find({"x-0001", "X-0002", "V-0001"}, context(world))
    assert found == {"x-0001": [occasion]}
    assert LOOKUPS[0].name(occasion) == "X-0001"
    (visit,) = SHEET.create([row(world, project=None, occasion=occasion)], context(world))
    assert visit.record.state == "cleared"
    (visit,) = SHEET.things(context(world))
    values = {c.name: c.value_of(visit) for c in SHEET.columns}
    assert (values["project"], values["occasion"]) == (None, occasion)


def test_a_visit_has_one_occasion(world: World) -> None:
    assert errors(world, row(world, project=None)) == ["project"]
    assert errors(world, row(world, occasion=world.project)) == ["project"]


def test_a_known_row_says_what_it_has(world: World) -> None:
    # Exports read a project through its record; this one stands for it.
    SHEET.create([row(world)], context(world))
    (visit,) = SHEET.things(context(world))
    values = {
        c.name: c.value_of(visit) for c in SHEET.columns if c.name not in ("project", "occasion")
    }
    assert values["reference"] == "V-0001"
    assert values["team"] == (world.people["researcher_d1"],)
    assert values["state"] == "cleared"
    assert SHEET.find([("V-0001",), ("V-9",)], context(world)) == {("V-0001",): visit}
    assert SHEET.find([("V-0001",)], context(world, "liaison_d2")) == {}
    over = Visit.objects.get(pk=visit.pk)
    over.record.state = "made"
    changed = Row(2, {"site": world.sites["A2"], "starts_on": MONDAY}, over)
    assert [error.column for error in SHEET.check([changed], context(world))] == ["site"]
