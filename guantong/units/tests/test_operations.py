import datetime

import pytest

from guantong.ledger.models import Entry
from guantong.units.models import Unit, parents_on
from guantong.units.operations import (
    CannotArrangeUnits,
    CannotMoveUnit,
    CannotRegisterUnits,
    UnitDraft,
    close_unit,
    correct_unit,
    move_unit,
    register_units,
)
from guantong.units.tests.factories import NOW, START, organisation

pytestmark = pytest.mark.django_db


def codes(units: object) -> list[str]:
    return [unit.code for unit in units]  # type: ignore[attr-defined]


def test_the_order_is_official_never_alphabetical() -> None:
    organisation()
    assert codes(Unit.objects.in_official_order()) == ["M", "D2", "D1", "O1", "U1"]


def test_under_and_above() -> None:
    units = organisation()
    assert codes(Unit.objects.under(units["D1"]).in_official_order()) == ["D1", "O1"]
    assert codes(Unit.objects.above(units["O1"])) == ["M", "D1"]
    assert codes(Unit.objects.above(units["M"])) == []


def test_a_parent_may_stand_below_its_children_in_the_sheet() -> None:
    units = register_units(
        drafts=[UnitDraft("b", "B", parent="a"), UnitDraft("a", "A")],
        actor=None,
        now=NOW,
        starts_on=START,
    )
    assert [(u.code, len(u.path)) for u in units] == [("a", 4), ("b", 8)]


@pytest.mark.parametrize(
    ("drafts", "error", "says"),
    [
        ([UnitDraft("M", "again")], CannotRegisterUnits, "M"),
        ([UnitDraft("x", "X"), UnitDraft("x", "X")], CannotRegisterUnits, "x"),
        ([UnitDraft("x", "X", parent="nowhere")], CannotRegisterUnits, "nowhere"),
        (
            [UnitDraft("x", "X", parent="y"), UnitDraft("y", "Y", parent="x")],
            CannotArrangeUnits,
            "x",
        ),
    ],
)
def test_what_makes_no_tree_is_refused_whole(
    drafts: list[UnitDraft], error: type[Exception], says: str
) -> None:
    organisation()
    entries = Entry.objects.count()
    with pytest.raises(error, match=says):
        register_units(drafts=drafts, actor=None, now=NOW, starts_on=START)
    assert Unit.objects.count() == 5
    assert Entry.objects.count() == entries


def test_last_months_parents_stay_with_last_month() -> None:
    units = organisation()
    moved_on = datetime.date(2023, 6, 1)
    move_unit(unit=units["O1"], parent=units["D2"], moves_on=moved_on, actor=None, now=NOW)
    assert codes(Unit.objects.under(units["D2"]).in_official_order()) == ["D2", "O1"]
    before = parents_on(moved_on - datetime.timedelta(1))
    after = parents_on(moved_on)
    assert before[units["O1"].pk] == units["D1"].pk
    assert after[units["O1"].pk] == units["D2"].pk


def test_a_unit_is_not_moved_under_itself() -> None:
    units = organisation()
    with pytest.raises(CannotMoveUnit, match="beneath"):
        move_unit(unit=units["D1"], parent=units["O1"], moves_on=START, actor=None, now=NOW)


def test_a_unit_is_not_moved_before_its_last_move() -> None:
    units = organisation()
    early = START - datetime.timedelta(1)
    with pytest.raises(CannotMoveUnit, match="1 Apr 2023"):
        move_unit(unit=units["O1"], parent=units["D2"], moves_on=early, actor=None, now=NOW)


def test_a_unit_is_not_moved_from_a_day_to_come() -> None:
    units = organisation()
    tomorrow = NOW.date() + datetime.timedelta(1)
    with pytest.raises(CannotMoveUnit, match="in the future"):
        move_unit(unit=units["O1"], parent=units["D2"], moves_on=tomorrow, actor=None, now=NOW)


def test_the_day_of_a_move_is_corrected_within_what_came_before() -> None:
    units = organisation()
    moved, later = START + datetime.timedelta(10), START + datetime.timedelta(20)
    move_unit(unit=units["O1"], parent=units["D2"], moves_on=moved, actor=None, now=NOW)
    again = {"unit": units["O1"], "parent": units["D2"], "actor": None, "now": NOW}
    move_unit(moves_on=later, **again)
    assert parents_on(later - datetime.timedelta(1))[units["O1"].pk] == units["D1"].pk
    assert parents_on(later)[units["O1"].pk] == units["D2"].pk
    with pytest.raises(CannotMoveUnit, match="1 Apr 2023"):
        move_unit(moves_on=START - datetime.timedelta(1), **again)


def test_who_closed_a_unit_can_open_it_again() -> None:
    units = organisation()
    unit = close_unit(unit=units["U1"], closes_on=START, actor=None, now=NOW)
    assert unit.closed_on == START
    assert close_unit(unit=unit, closes_on=None, actor=None, now=NOW).closed_on is None
    assert Entry.objects.filter(code="units.unit.closed").count() == 2


def test_a_correction_of_the_order_moves_the_whole_branch() -> None:
    units = organisation()
    correct_unit(unit=units["D1"], actor=None, now=NOW, position=0)
    assert codes(Unit.objects.in_official_order()) == ["M", "D1", "O1", "D2", "U1"]
