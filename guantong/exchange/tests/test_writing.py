"""Files that come back with their errors, and exports that come back unchanged."""

import io

import openpyxl
import pytest
from django.utils import translation
from openpyxl.styles import Font

from guantong.campaigns.models import Area
from guantong.campaigns.operations import correct_area
from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.models import RunState
from guantong.exchange.operations.importing import context_of
from guantong.exchange.reading import read_table
from guantong.exchange.tests.factories import bring, later, sentences
from guantong.exchange.writing import error_file, export_rows, template_of
from guantong.kit.sheets import Pending
from guantong.kit.sheets.registry import lookups, sheets
from guantong.people.models import Person
from guantong.people.tests.factories import cast
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def world():
    units = organisation()
    people = cast(units)
    return {"actor": people["coordinator"], "campaign": campaign_of(units)}


def export(kind, world, form):
    context = context_of(now=NOW, source="", **world)
    out = io.BytesIO()
    count = export_rows(sheets()[kind], context, lookups(), form, out)
    return out.getvalue(), count


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
@pytest.mark.parametrize("kind", ["units", "people", "areas"])
def test_what_is_exported_comes_back_unchanged(world, language, kind, form):
    Unit.objects.get(code="M")
    content, count = export(kind, world, form)
    assert count == {"units": 5, "people": 16, "areas": 2}[kind]
    outcome = bring(kind, content, name=f"x.{form}", **world)
    assert sentences(outcome) == []
    assert outcome.counts()[kind]["unchanged"] == count
    assert outcome.state == RunState.DONE
    again = bring(kind, content, name=f"x.{form}", now=later(1), **world)
    assert again.counts()[kind]["unchanged"] == count


def test_an_edited_export_changes_only_what_was_edited(world):
    content, _count = export("areas", world, "csv")
    edited = content.replace(b"Carbon peaking", b"Carbon neutrality")
    outcome = bring("areas", edited, now=later(1), **world)
    assert outcome.counts()["areas"]["changed"] == 1
    assert Area.objects.get(code="carbon").name == "Carbon neutrality"


def test_an_export_that_grew_old_undoes_nothing(world):
    content, _count = export("areas", world, "csv")
    area = Area.objects.get(code="carbon")
    correct_area(area=area, actor=world["actor"], now=later(1), name="Renamed here")
    with translation.override("en"):
        outcome = bring("areas", content, now=later(2), **world)
    assert outcome.state == RunState.REFUSED
    assert "changed here since the export: here “Renamed here”" in outcome.faults[0].sentence
    area.refresh_from_db()
    assert area.name == "Renamed here"


def test_texts_that_a_program_would_run_stay_texts(world):
    dangerous = ["=1+1", "+8613", "-x", "@me", "'=quoted", "'plain"]
    guarded = ["'" + text if text != "'plain" else text for text in dangerous]
    rows = "\n".join(f"A{n},{text}" for n, text in enumerate(guarded))
    bring("areas", "code,name\n" + rows, **world)
    assert list(Area.objects.filter(code__startswith="A").values_list("name", flat=True)) == (
        dangerous
    )
    for form in ("csv", "xlsx", "json"):
        content, count = export("areas", world, form)
        if form == "csv":
            assert b",=1+1" not in content
        if form == "xlsx":
            page = openpyxl.load_workbook(io.BytesIO(content)).active
            assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value} == {
                "s"
            }
        outcome = bring("areas", content, name=f"x.{form}", now=later(1), **world)
        assert outcome.counts()["areas"]["unchanged"] == count


TEXT = "代码;名称\rX1;某司\rX2;\r"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("code;name;note\nX1;Académie;l’été\nX2;;où\n", "mac_roman"),
        ("code;name;note\nX1;Académie;l’été\nX2;;où\n", "cp1252"),
        ("code;name;note\nX1;Académie;l’été\nX2;;où\n", "utf-16"),
        ("code;name;note\nX1;某司整改措施;甲\nX2;;乙丙\n", "gb18030"),
        ("code;name;note\nX1;某司整改措施;甲\nX2;;乙丙\n", "utf-8-sig"),
    ],
)
@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_a_text_file_comes_back_as_it_was_with_one_more_column(world, text, encoding, end):
    content = text.replace("\n", end).encode(encoding)
    with translation.override("en"):
        outcome = bring("units", content, **world)
        assert outcome.table.encoding == encoding
        given, ending = error_file(content, outcome.table, outcome.faults)
    assert ending == ""
    lines = given.decode(encoding).rstrip(end).split(end)
    for before, after in zip(text.rstrip("\n").split("\n"), lines, strict=True):
        assert after.startswith(before + ";")
    assert lines[1] == text.split("\n")[1] + ";"
    assert "Name is missing." in lines[2]
    # Corrected as it is, with the column of errors still there, it is taken.
    fixed = given.decode(encoding).replace("X2;;", "X2;Bureau;").encode(encoding)
    with translation.override("en"):
        corrected = bring("units", fixed, now=later(1), **world)
    assert sentences(corrected) == []
    assert corrected.counts()["units"]["new"] == 2
    assert not any("Errors" in note for note in corrected.notes)


def test_a_row_that_was_broken_stays_refused_until_somebody_says_it_is_right(world):
    content = b'code,name,kind\nX1,"a\nb",other\nX2,c\n'
    with translation.override("en"):
        outcome = bring("units", content, **world)
        given, _ending = error_file(content, outcome.table, outcome.faults)
        assert [number for number, *_rest in sentences(outcome)] == [3]
        again = bring("units", given, now=later(1), **world)
        assert [number for number, *_rest in sentences(again)] == [3]
        table = read_table(given, "x.csv")
        cleared = given.replace(table.rows[1][3].encode(), b"")
        assert sentences(bring("units", cleared, now=later(2), **world)) == []


def test_a_workbook_keeps_its_sheets_and_formats(world):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Data"
    page["B3"], page["C3"] = "code", "name"
    page["B3"].font = Font(bold=True, color="FF0000")
    page["B4"], page["C4"] = "X1", "a"
    page["B5"], page["C5"] = "X2", None
    page.column_dimensions["C"].width = 47
    book.create_sheet("Other")["A1"] = "kept"
    stream = io.BytesIO()
    book.save(stream)
    with translation.override("en"):
        outcome = bring("units", stream.getvalue(), name="x.xlsx", **world)
        given, ending = error_file(stream.getvalue(), outcome.table, outcome.faults)
    assert ending == ".xlsx"
    back = openpyxl.load_workbook(io.BytesIO(given))
    assert back.sheetnames == ["Data", "Other"]
    assert back["Other"]["A1"].value == "kept"
    page = back["Data"]
    assert page["B3"].font.bold
    assert page.column_dimensions["C"].width == 47
    assert page["D3"].value == "错误 / Errors"
    assert page["D4"].value is None
    assert "Name is missing." in page["D5"].value
    assert page["C5"].fill.fgColor.rgb.endswith("F7D9D5")
    page["C5"] = "b"
    stream = io.BytesIO()
    back.save(stream)
    assert sentences(bring("units", stream.getvalue(), name="x.xlsx", **world)) == []
    assert Unit.objects.filter(code__in=["X1", "X2"]).count() == 2


def test_a_template_names_the_columns_and_holds_no_rows(world, language):
    for kind, sheet in sheets().items():
        out = io.BytesIO()
        template_of(sheet, out)
        book = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
        assert len(book.sheetnames) == 2
        assert book.worksheets[0].max_row == 1
        filled = book.worksheets[0]
        assert filled.cell(1, 1).value
        table = read_table(out.getvalue(), f"{kind}.xlsx")
        assert table.form == "xlsx"


def test_a_filled_template_is_taken(world, language):
    out = io.BytesIO()
    template_of(sheets()["people"], out)
    book = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    page = book.worksheets[0]
    page.append(["wang", "王工", "D1", "处长", None, None])
    stream = io.BytesIO()
    book.save(stream)
    outcome = bring("people", stream.getvalue(), name="x.xlsx", **world)
    assert sentences(outcome) == []
    assert Person.objects.get(username="wang").unit.code == "D1"


def test_the_order_of_several_named_things_is_no_change(world):
    parser = sheets()["sessions"].column("partners").parse
    one, other = Unit.objects.order_by("pk")[:2]
    assert parser.keep((other, one)) == parser.keep((one, other)) == [one.pk, other.pk]
    assert parser.keep((one, Pending("units", "x"))) == [one.pk, None]
