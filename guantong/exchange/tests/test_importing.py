"""What an import writes, what it refuses and why, and what coming again does."""

import pytest

from guantong.campaigns.models import Area
from guantong.campaigns.operations import correct_area
from guantong.exchange.models import ImportRun, RunState, SourceRow
from guantong.exchange.tests.factories import bring, later, options, sentences
from guantong.kit.sheets.registry import sheets
from guantong.ledger.models import Entry
from guantong.people.models import Person
from guantong.units.models import Unit

pytestmark = pytest.mark.django_db


UNITS = "编码,单位名称,单位类别,上级单位\nX1,新司,department,M\nX2,新处,,X1\nX3,新科,,新处\n"


def test_rows_hang_from_rows_of_the_same_file(world):
    outcome = bring(
        "units", UNITS.replace("机关司局", "department").replace("其他单位", ""), **options(world)
    )
    assert sentences(outcome) == []
    assert outcome.state == RunState.DONE
    assert outcome.counts()["units"]["new"] == 3
    unit = Unit.objects.get(code="X3")
    assert (unit.parent.code, unit.parent.parent.code) == ("X2", "X1")
    assert unit.path.startswith(Unit.objects.get(code="X1").path)


def test_the_same_file_again_changes_nothing(world):
    text = "code,name,parent\nX1,New,M\n"
    bring("units", text, **options(world))
    entries = Entry.objects.exclude(subject_kind="import").count()
    outcome = bring("units", text, **options(world, now=later(1)))
    assert outcome.counts()["units"] | {"unchanged": 1, "new": 0} == outcome.counts()["units"]
    assert Entry.objects.exclude(subject_kind="import").count() == entries


def test_every_error_is_said_with_row_column_value_and_what_would_do(world):
    text = "code,name,kind,parent\nX1,,department,M\nX2,b,kingdom,Alloy Departmnt\nX2,c,,\n"
    outcome = bring("units", text, **options(world))
    assert outcome.state == RunState.REFUSED
    found = {(fault.number, fault.column): fault for fault in outcome.faults}
    assert "is missing" in found[2, "name"].sentence
    assert found[3, "kind"].value == "kingdom"
    assert "Department or bureau" in found[3, "kind"].accepted
    assert "in row 3 already, which differs in name" in found[4, ""].sentence
    assert not Unit.objects.filter(code__startswith="X").exists()


def test_what_nothing_is_called_comes_with_what_is_nearly_so_called(world):
    outcome = bring("units", "code,name,parent\nX1,a,Alloy Departmnt\n", **options(world))
    assert sentences(outcome) == [(2, "parent", "No unit is called “Alloy Departmnt”.")]
    assert "Alloy Department" in outcome.faults[0].accepted


def test_what_several_are_called_is_not_chosen_among(world):
    bring("units", "code,name,parent\nA,Twin,M\nB,Twin,D1\n", **options(world))
    outcome = bring("units", "code,name,parent\nC,c,Twin\n", **options(world))
    assert sentences(outcome) == [(2, "parent", "Several are called “Twin”.")]
    assert set(outcome.faults[0].accepted.split(", ")) == {"A", "B"}


def test_the_good_rows_alone_are_taken_on_demand_and_what_hangs_from_bad_ones_is_not(world):
    text = "code,name,kind,parent\nX1,a,kingdom,M\nX2,b,,X1\nX3,c,,X2\nX4,d,,M\n"
    outcome = bring("units", text, takes_part=True, **options(world))
    assert outcome.state == RunState.DONE
    assert set(Unit.objects.filter(code__startswith="X").values_list("code", flat=True)) == {"X4"}
    assert [number for number, *_rest in sentences(outcome)] == [2, 3, 4]
    assert "The row of this file that it refers to is refused itself." in sentences(outcome)[1]
    assert [fault.accepted for fault in outcome.faults][1:] == [
        "row 2 put right",
        "row 3 put right",
    ]


def test_a_circle_of_parents_is_refused(world):
    outcome = bring("units", "code,name,parent\nX1,a,X2\nX2,b,X1\n", **options(world))
    assert outcome.state == RunState.REFUSED
    assert "in a circle" in outcome.faults[0].sentence
    assert not Unit.objects.filter(code="X1").exists()
    text = "code,name,parent\nX1,a,X2\nX2,b,X3\nX3,c,X2\nX4,d,X4\nX5,e,M\nX6,f,X5\n"
    outcome = bring("units", text, takes_part=True, **options(world))
    assert [(fault.number, fault.column, fault.value) for fault in outcome.faults] == [
        (2, "parent", "X2"), (3, "parent", "X3"), (4, "parent", "X2"), (5, "parent", "X4"),
    ]  # fmt: skip
    assert "in a circle: 3 → 4 → 3." in outcome.faults[1].sentence
    assert Unit.objects.filter(code__startswith="X").count() == 2


def test_a_dry_run_writes_no_thing(world):
    outcome = bring("units", "code,name\nX1,a\n", is_dry=True, **options(world))
    assert outcome.state == RunState.CHECKED
    assert outcome.counts()["units"]["new"] == 1
    assert not Unit.objects.filter(code="X1").exists()
    assert not SourceRow.objects.exists()


def test_columns_are_known_under_the_names_of_their_groups(world):
    text = "编码,基本情况,\n,单位名称,上级单位\nX1,新司,M\n"
    outcome = bring("units", text, **options(world))
    assert sentences(outcome) == []
    assert Unit.objects.get(code="X1").name == "新司"


def test_cells_without_a_value_are_refused_and_taken_for_nothing_else(world):
    text = "code,name,parent\nX1,#N/A,M\nX2,NULL,M\n"
    outcome = bring("units", text, **options(world))
    assert sentences(outcome) == [
        (2, "name", "The cell's formula failed with #N/A."),
        (3, "name", "Name is missing."),
    ]


def test_columns_that_nobody_reads_are_said(world):
    outcome = bring("units", "code,name,colour\nX1,a,red\n", **options(world))
    assert "Columns that are not read: colour." in outcome.notes


def test_columns_that_nobody_reads_nor_filled_are_counted(world):
    header = "code,name,colour," + ",".join(f"e{n}" for n in range(300))
    outcome = bring("units", f"{header}\nX1,a,red{',' * 300}\nX2,b{',' * 301}\n", **options(world))
    assert [note for note in outcome.notes if "not read" in note] == [
        "Columns that are not read: colour.",
        "Columns that are not read and have nothing in them: 300.",
    ]


REGISTER = """
source = "The register"
[[yield]]
kind = "areas"
key = ["No"]
[yield.columns]
code = { column = "No", prefix = "R-" }
name = "Title"
unit = { column = "Lead", map = { "alloys" = "D1", "" = "" } }
"""


def area(number):
    return Area.objects.get(code=f"R-{number}")


def test_three_ways_of_comparing(world):
    first = "No,Title,Lead\n1,One,alloys\n2,Two,\n3,Three,\n4,Four,\n"
    bring(None, first, mapping=REGISTER, **options(world))
    for number, name in ((2, "Two, corrected here"), (3, "Three, corrected here")):
        correct_area(area=area(number), actor=world["actor"], now=later(1), name=name)
    second = "No,Title,Lead\n1,One,\n2,Two,\n3,Three of theirs,\n"
    outcome = bring(None, second, mapping=REGISTER, **options(world, now=later(2)))
    # 1 changed there, 2 only here, 3 on both sides; 4 is no longer in the register.
    assert outcome.state == RunState.REFUSED
    assert [(f.number, f.column, f.value) for f in outcome.faults] == [
        (4, "Title", "Three of theirs")
    ]
    assert outcome.faults[0].sentence == (
        "Both sides changed it: last imported “Three”, here “Three, corrected here”, "
        "the file “Three of theirs”."
    )
    assert outcome.faults[0].ours == "Three, corrected here"
    assert outcome.batches[0].absent == ["4"]
    assert area(1).unit.code == "D1"

    outcome = bring(
        None, second, mapping=REGISTER, conflicts="ours", **options(world, now=later(3))
    )
    assert outcome.state == RunState.DONE
    assert area(1).unit is None
    assert area(2).name == "Two, corrected here"
    assert area(3).name == "Three, corrected here"
    third = second.replace("of theirs", "of theirs again")
    bring(None, third, mapping=REGISTER, conflicts="theirs", **options(world, now=later(4)))
    assert area(3).name == "Three of theirs again"


def test_a_conflict_over_what_a_cell_names_is_shown_by_its_names(world):
    bring(None, "No,Title,Lead\n1,One,alloys\n", mapping=REGISTER, **options(world))
    ours = {"actor": world["actor"], "now": later(1), "unit": world["units"]["D2"]}
    correct_area(area=area(1), **ours)
    outcome = bring(
        None,
        "No,Title,Lead\n1,One,\n",
        mapping=REGISTER,
        **options(world, now=later(2)),
    )
    assert sentences(outcome) == [
        (2, "Lead", f"Both sides changed it: here “{world['units']['D2']}”, the file “”.")
    ]


SEVERAL = """
source = "Agenda"
[[skip]]
column = "No"
blank = true
reason = "notes under the table"
[[yield]]
kind = "units"
key = ["Agency"]
repeated = "same"
[yield.columns]
code = "Short"
name = "Agency"
parent = { value = "M" }
[[yield]]
kind = "areas"
key = ["No"]
[yield.columns]
code = "No"
name = { join = ["Agency", "Question"], glue = ": ", cut = 30 }
unit = "Agency"
"""


def test_texts_that_no_rule_takes_are_told_with_their_row(world):
    rows = ("1,Agency of Ore,AO,Why?,", "2,Agency of Tin,AT,How?,By hand")
    text = "\n".join(("No,Agency,Short,Question,Later", *rows))
    outcome = bring(None, text, mapping='told = ["Later"]\n' + SEVERAL, **options(world))
    told = [note for note in outcome.notes if "taken nowhere" in note]
    assert told == ["Row 3, Later, taken nowhere: By hand"]
    assert not any("not read" in note for note in outcome.notes)


def test_one_mapping_yields_several_kinds(world):
    text = (
        "No,Agency,Short,Question\n1,Agency of Ore,AO,Does it melt at all?\n"
        "2,Agency of Ore,AO,Why?\n3,Agency of Tin,AT,How?\n,Compiled in May,,\n"
    )
    outcome = bring(None, text, mapping=SEVERAL, **options(world))
    assert sentences(outcome) == []
    assert (
        outcome.counts()["units"] | {"new": 2, "folded": 1, "skipped": 1}
        == (outcome.counts()["units"])
    )
    assert Area.objects.get(code="2").unit == Unit.objects.get(code="AO")
    assert Area.objects.get(code="1").name == "Agency of Ore: Does it melt a…"
    assert any("name was shortened to 30 characters in 1 row: 2" in n for n in outcome.notes)
    assert any("left out (notes under the table): 5" in n for n in outcome.notes)


def test_derived_rows_that_differ_are_no_silent_choice(world):
    text = "No,Agency,Short,Question\n1,Agency of Ore,AO,x\n2,Agency of Ore,ORE,y\n"
    outcome = bring(None, text, mapping=SEVERAL, **options(world))
    assert outcome.state == RunState.REFUSED
    assert "differs in Short" in outcome.faults[0].sentence


def test_who_may_not_register_units_does_not_by_a_sheet_either(world):
    outcome = bring(
        "units",
        "code,name\nX1,a\n",
        actor=world["people"]["liaison_d1"],
        campaign=world["campaign"],
    )
    assert outcome.state == RunState.REFUSED
    assert "system administrator or a coordinator" in outcome.faults[0].sentence


def test_people_come_with_their_units(world):
    text = "用户名,姓名,单位,职务,领导\nwang,王工,Alloy Department,处长,是\n"
    bring("people", text, **options(world))
    person = Person.objects.get(username="wang")
    assert (person.unit.code, person.is_leader) == ("D1", True)
    assert not person.has_usable_password()
    outcome = bring("people", text.replace("处长", "司长"), **options(world, now=later(1)))
    assert outcome.counts()["people"]["changed"] == 1
    person.refresh_from_db()
    assert person.post == "司长"


def test_a_run_and_its_entries_can_be_found_from_each_other(world):
    outcome = bring("units", "code,name\nX1,a\n", **options(world))
    unit = Unit.objects.get(code="X1")
    run = ImportRun.objects.get(pk=outcome.run.pk)
    entry = Entry.objects.get(subject_kind="unit", subject_id=unit.pk, code="units.unit.registered")
    assert entry.operation == run.operation
    assert run.state == RunState.DONE
    assert run.outcome["counts"]["units"]["new"] == 1


FOREIGN_UNITS = """
source = "Elsewhere"
[[yield]]
kind = "units"
key = ["id"]
[yield.columns]
code = "id"
name = "title"
"""


def test_a_foreign_code_that_is_taken_here_overwrites_nothing(world):
    text = "id,title\nD1,Ministerial Department No. 1\nX9,New\n"
    outcome = bring(None, text, mapping=FOREIGN_UNITS, **options(world))
    assert outcome.state == RunState.REFUSED
    assert "taken here by “Alloy Department”" in outcome.faults[0].sentence
    assert Unit.objects.get(code="D1").name == "Alloy Department"
    agreed = FOREIGN_UNITS.replace("[yield.columns]", "matches = true\n[yield.columns]")
    outcome = bring(None, text, mapping=agreed, **options(world))
    assert outcome.counts()["units"] | {"changed": 1, "new": 1} == outcome.counts()["units"]


def test_what_an_operation_refuses_is_said_of_the_rows_that_it_refuses(world, monkeypatch):
    from dataclasses import replace

    class CannotRegisterGhosts(Exception):
        pass

    sheet = sheets()["units"]

    def create(rows, context):
        if any("ghost" in row["name"] for row in rows):
            raise CannotRegisterGhosts("A ghost can't be registered.")
        return sheet.create(rows, context)

    monkeypatch.setitem(sheets(), "units", replace(sheet, create=create))
    rows = [f"X{n},{'ghost' if n in (7, 30) else 'unit'} {n}" for n in range(40)]
    text = "code,name\n" + "\n".join(rows)
    outcome = bring("units", text, **options(world))
    assert outcome.state == RunState.REFUSED
    assert sentences(outcome) == [
        (9, "", "A ghost can't be registered."),
        (32, "", "A ghost can't be registered."),
    ]
    assert not Unit.objects.filter(code__startswith="X").exists()
    outcome = bring("units", text, takes_part=True, **options(world))
    assert outcome.counts()["units"]["new"] == 38
    assert Unit.objects.filter(code__startswith="X").count() == 38


def test_it_is_said_how_far_one_is_for_each_thousand_rows(world):
    rows = "".join(f"X{number},Site {number}\n" for number in range(2500))
    said = []
    bring(
        "sites",
        f"code,name\n{rows}",
        **options(world, progress=lambda *how_far: said.append(how_far)),
    )
    written = [(done, total) for kind, done, total in said if kind == "sites"]
    assert written == [(1000, 2500), (2000, 2500), (2500, 2500)]


def test_what_was_left_empty_and_filled_here_is_no_correction(world):
    text = "code,name,parent,Hangs there since\nX1,New,M,\n"
    bring("units", text, **options(world))
    outcome = bring("units", text.replace("New", "Newer"), **options(world, now=later(1)))
    assert outcome.counts()["units"]["changed"] == 1
    assert outcome.counts()["units"]["kept"] == 0, "the day was filled in by the import itself"
