"""A workbook that comes back with its errors: all that was in it is in it still."""

import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.tests.factories import bring, later, sentences
from guantong.exchange.writing import error_file
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import organisation

pytestmark = pytest.mark.django_db
SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"


@pytest.fixture
def world():
    units = organisation()
    return {"actor": cast(units)["administrator"], "campaign": campaign_of(units)}


def office_workbook():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("Data")
        money = book.add_format({"num_format": "#,##0.00", "bold": True})
        sheet.merge_range(0, 0, 0, 3, "Register")
        sheet.write_row(1, 0, ["code", "name", "kind", "spent"])
        sheet.set_column(2, 200, 11)
        for y, code in enumerate(["X1", "X2", "X3"], start=2):
            sheet.write(y, 0, code)
            sheet.write_formula(y, 1, f'="Bureau "&A{y + 1}', None, f"Bureau {code}")
            sheet.write(y, 3, 1234.5, money)
        sheet.write(4, 2, "castle", money)
        sheet.data_validation(2, 2, 9, 2, {"validate": "list", "source": ["a", "b"]})
        sheet.conditional_format(2, 3, 9, 3, {"type": "data_bar"})
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=Data!$D$3:$D$5"})
        sheet.insert_chart("H2", chart)
        book.add_worksheet("Other").write(0, 0, "kept")
    return stream.getvalue()


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_all_but_what_is_marked_stays_byte_for_byte(world):
    content = office_workbook()
    outcome = bring("units", content, name="x.xlsx", **world)
    assert [(row, column) for row, column, _said in sentences(outcome)] == [(5, "kind")]
    given, ending = error_file(content, outcome.table, outcome.faults)
    assert ending == ".xlsx"
    before, after = parts(content), parts(given)
    assert list(before) == list(after)
    assert [name for name in before if before[name] != after[name]] == [SHEET, STYLES]
    values = openpyxl.load_workbook(io.BytesIO(given), data_only=True)["Data"]
    assert [values.cell(y, 2).value for y in (3, 4, 5)] == ["Bureau X1", "Bureau X2", "Bureau X3"]
    assert values["E2"].value == "错误 / Errors"
    assert values["E3"].value is None
    assert values["E5"].value.startswith("kind: “castle” is not among the choices.")
    assert values["E5"].alignment.wrap_text
    assert values.column_dimensions["E"].width == 60
    assert values["C5"].fill.fgColor.rgb.endswith("F7D9D5")
    # A red cell keeps its format, and others that share it stay as they were.
    assert values["C5"].number_format == values["D3"].number_format == "#,##0.00"
    assert values["C5"].font.bold
    assert values["D3"].fill.fill_type is None
    for kept in (b"<dataValidation ", b"<drawing ", b"<conditionalFormatting "):
        assert kept in after[SHEET]


def test_formulas_are_still_computed_when_it_comes_back(world):
    content = office_workbook()
    outcome = bring("units", content, name="x.xlsx", **world)
    given, _ending = error_file(content, outcome.table, outcome.faults)
    again = bring("units", given, name="x.xlsx", now=later(1), **world)
    assert sentences(again) == sentences(outcome)
    # Its column of errors is written anew, not put beside the old one.
    second, _ending = error_file(given, again.table, again.faults)
    sheet = openpyxl.load_workbook(io.BytesIO(second))["Data"]
    assert [cell.value for cell in sheet[2]] == [
        "code", "name", "kind", "spent", "错误 / Errors",
    ]  # fmt: skip


def test_cells_that_the_file_leaves_out_and_does_not_number(world):
    """A red cell that wasn't there gets its place, in a sheet whose cells bear no names."""
    content = office_workbook()
    bare = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        '2006/main"><sheetData>'
        + "".join(
            "<row>"
            + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row)
            + "</row>"
            for row in (["code", "name", "kind"], ["X1", "a", "other"], ["X2"])
        )
        + "</sheetData></worksheet>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, written in parts(content).items():
            made.writestr(name, bare if name == SHEET else written)
    outcome = bring("units", stream.getvalue(), name="x.xlsx", **world)
    assert [(row, column) for row, column, _said in sentences(outcome)] == [(3, "name")]
    given, _ending = error_file(stream.getvalue(), outcome.table, outcome.faults)
    sheet = openpyxl.load_workbook(io.BytesIO(given))["Data"]
    assert sheet["B3"].fill.fgColor.rgb.endswith("F7D9D5")
    assert "Name is missing." in sheet["D3"].value
    assert sheet["D2"].value is None


def test_a_sheet_whose_elements_have_a_prefix(world):
    written = parts(office_workbook())
    sheet = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", written[SHEET]).replace(b" xmlns=", b" xmlns:x=")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for name, part in written.items():
            made.writestr(name, sheet if name == SHEET else part)
    outcome = bring("units", stream.getvalue(), name="x.xlsx", **world)
    assert [(row, column) for row, column, _said in sentences(outcome)] == [(5, "kind")]
    given, _ending = error_file(stream.getvalue(), outcome.table, outcome.faults)
    again = bring("units", given, name="x.xlsx", now=later(1), **world)
    assert sentences(again) == sentences(outcome)
    assert b"<x:t " in parts(given)[SHEET]
