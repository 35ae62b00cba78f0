"""Workbooks as offices send them: what is understood of each, to the row."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation

from guantong.exchange.reading import CannotRead, Wanted, read_table
from guantong.exchange.tests.workbooks import rewritten
from guantong.kit.sheets import Number, Spoilt
from guantong.kit.sheets.cells import Percent


def read(content, **wanted):
    table = read_table(content, "x.xlsx", Wanted(**wanted))
    assert table.is_accounted_for()
    return table


def workbook(build, **options):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, options) as book:
        build(book)
    return stream.getvalue()


def test_a_workbook_whose_table_starts_at_c5_on_its_second_sheet():
    def build(book):
        book.add_worksheet("Read me").write_row(0, 0, ["Some", "words"])
        sheet = book.add_worksheet("Data")
        sheet.write_row(4, 2, ["code", "unit", "made on"])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(5, 2, ["0012", "甲"])
        sheet.write_datetime(5, 4, dt.datetime(2023, 7, 1), day)

    table = read(workbook(build), headers=(("code",), ("unit",)))
    assert table.sheet == "Data"
    assert table.header_rows == [5]
    assert table.rows == [["0012", "甲", dt.date(2023, 7, 1)]]
    assert table.columns == [2, 3, 4]
    assert "not read: “Read me”" in table.notes[0]


def test_merged_headers_of_two_rows_in_a_workbook():
    def build(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 4, "Rectification ledger")
        sheet.merge_range(1, 0, 2, 0, "No.")
        sheet.merge_range(1, 1, 1, 2, "Unit")
        sheet.merge_range(1, 3, 1, 4, "Days")
        sheet.write_row(2, 1, ["code", "name", "made", "closed"])
        sheet.write_row(3, 0, [1, "u1", "甲", "2023-01-01", ""])

    table = read(workbook(build))
    assert table.header == ["No.", "Unit / code", "Unit / name", "Days / made", "Days / closed"]
    assert table.numbers == [4]
    assert table.preamble == 1


def test_a_workbook_that_counts_from_1904():
    table = read(
        workbook(lambda book: book.add_worksheet().write_row(0, 0, ["a", "b"]), date_1904=True),
    )
    assert table.from_1904


def test_formulas_without_a_value_are_no_empty_cells():
    book = openpyxl.Workbook()
    book.active.append(["code", "total", "day"])
    book.active.append(["1", "=1+1", "#N/A"])
    stream = io.BytesIO()
    book.save(stream)
    table = read(stream.getvalue())
    assert table.rows == [["1", "=1+1", "#N/A"]]
    assert [type(cell) for cell in table.rows[0][1:]] == [Spoilt, Spoilt]


def test_cells_merged_over_several_rows_are_read_in_each():
    def build(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["unit", "problem"])
        sheet.merge_range(1, 0, 3, 0, "甲司")
        for y, problem in enumerate(["a", "b", "c"], start=1):
            sheet.write(y, 1, problem)

    table = read(workbook(build))
    assert table.rows == [["甲司", "a"], ["甲司", "b"], ["甲司", "c"]]
    assert "2 cells are merged with the one above and were read as it." in table.notes


def test_a_cell_merged_over_rows_and_columns_is_read_in_the_first_column_of_each_row():
    def build(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["no", "unit", "note", "problem"])
        sheet.merge_range(1, 1, 2, 2, "甲司")
        for y in (1, 2):
            sheet.write(y, 0, y)
            sheet.write(y, 3, "x")

    table = read(workbook(build))
    assert [row[:3] for row in table.rows] == [[1, "甲司", ""], [2, "甲司", ""]]
    assert "1 cell is merged over several columns and was read in the first of them." in table.notes


def test_what_a_sheet_does_not_show_is_read_and_said():
    def build(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "name", "note"])
        for y in range(1, 5):
            sheet.write_row(y, 0, [y, "a", "b"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})

    table = read(workbook(build))
    assert len(table.rows) == 4
    assert "A row that the sheet doesn't show is read as the others: 3." in table.notes
    assert "Columns that the sheet doesn't show are read as the others: note." in table.notes


def test_a_formula_that_comes_to_nothing_is_an_empty_cell():
    def build(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "name"])
        sheet.write(1, 0, "1")
        sheet.write_formula(1, 1, '=IF(A2="","x","")', None, "zzz")

    # As Excel writes it; the library that wrote this would write a nought.
    content = rewritten(workbook(build), "xl/worksheets/sheet1.xml", b"<v>zzz</v>", b"<v></v>")
    assert read(content).rows == [["1", ""]]


def test_a_workbook_whose_elements_have_a_prefix():
    def build(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["code", "name"])
        sheet.write(1, 0, "1")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    part = "xl/worksheets/sheet1.xml"
    content = workbook(build)
    for name in (b"worksheet", b"sheetData", b"row", b"c", b"v", b"f"):
        content = rewritten(content, part, b"</" + name + b">", b"</x:" + name + b">")
        for after in (b" ", b">"):
            content = rewritten(content, part, b"<" + name + after, b"<x:" + name + after)
    content = rewritten(content, part, b"xmlns=", b"xmlns:x=")
    table = read(content)
    assert table.rows == [["1", "#DIV/0!"]]
    assert type(table.rows[0][1]) is Spoilt


def test_a_line_that_says_who_sent_it_is_no_part_of_the_merged_header_below():
    def build(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "整改台账")
        sheet.write_row(1, 0, ["填报单位：甲司", "", "填报日期：5月1日"])
        sheet.merge_range(2, 0, 3, 0, "序号")
        sheet.merge_range(2, 1, 2, 2, "问题")
        sheet.write_row(3, 1, ["问题", "责任单位"])
        sheet.merge_range(2, 3, 3, 3, "备注")
        sheet.write_row(4, 0, [1, "台账不全", "甲司", ""])

    table = read(workbook(build))
    assert table.header_rows == [3, 4]
    assert table.header == ["序号", "问题", "问题 / 责任单位", "备注"]


def test_a_sheet_that_is_shown_goes_before_a_fuller_hidden_one():
    def build(book):
        book.add_worksheet("Now").write_row(0, 0, ["code", "name"])
        book.get_worksheet_by_name("Now").write_row(1, 0, ["1", "new"])
        old = book.add_worksheet("Old")
        old.hide()
        for y, row in enumerate([["code", "name"], ["1", "old"], ["2", "older"]]):
            old.write_row(y, 0, row)

    table = read(workbook(build))
    assert table.rows == [["1", "new"]]
    assert "not read: “Old”" in table.notes[0]


def test_two_sheets_with_the_same_columns_are_not_chosen_among():
    def build(book):
        for name in ("D1", "D2"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["code", "name"])
            sheet.write_row(1, 0, ["1", name])

    with pytest.raises(CannotRead, match="Several sheets have these columns: “D1”, “D2”"):
        read(workbook(build))
    assert read(workbook(build), sheet="D2").rows == [["1", "D2"]]


@pytest.mark.parametrize(
    ("other", "is_alike"),
    [
        (["state", "code", "name"], True),
        (["code", "name", "state", "remarks"], True),
        (["code", "name"], False),
        (["code", "measure", "state"], False),
    ],
)
def test_a_sheet_with_the_same_columns_in_another_order_or_more_is_not_passed_over(other, is_alike):
    def build(book):
        for name, header in (("D1", ["code", "name", "state"]), ("D2", other)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, header)
            sheet.write_row(1, 0, ["1", *header[1:]])

    if is_alike:
        with pytest.raises(CannotRead, match="Several sheets have these columns"):
            read(workbook(build), headers=(("code",), ("name",), ("state",)))
    else:
        table = read(workbook(build), headers=(("code",), ("name",), ("state",)))
        assert table.sheet == "D1"


@pytest.mark.parametrize(
    ("form", "is_percent"),
    [("0%", True), ("0.00%", True), ("[Red]0.0%", True), ('0.0"%"', False), ("0.00", False)],
)
def test_a_number_that_is_shown_as_a_percentage_is_read_as_it_is_held_and_said(form, is_percent):
    book = openpyxl.Workbook()
    for row in (["name", "share"], ["a", 0.125], ["b", 1], ["c", "none"]):
        book.active.append(row)
        book.active.cell(book.active.max_row, 2).number_format = form
    out = io.BytesIO()
    book.save(out)
    cells = [row[1] for row in read_table(out.getvalue(), "shares.xlsx").rows]
    assert cells == [0.125, 1, "none"]
    assert [isinstance(cell, Percent) for cell in cells] == [is_percent, is_percent, False]
    with translation.override("en"):
        parser, notes = Number().fitted(cells)
    assert [parser.read(cell) for cell in cells[:2]] == [Decimal("0.125"), 1]
    said = "2 cells are shown as percentages and read as what they hold: 12.5% is 0.125."
    assert notes == ([said] if is_percent else [])


def test_a_sheet_that_reaches_to_the_end_of_what_a_program_shows_is_refused():
    def build(book):
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["code", "name"])
        sheet.write(1_048_575, 16_383, 1)

    with pytest.raises(CannotRead, match="“Data” reaches far beyond its table"):
        read(workbook(build))


def test_a_workbook_that_would_fill_all_memory_is_refused(monkeypatch):
    content = workbook(lambda book: book.add_worksheet().write_row(0, 0, ["code", "name"]))
    monkeypatch.setattr("guantong.exchange.reading.workbooks._MOST_BYTES", 1 << 10)
    with pytest.raises(CannotRead, match="unpacks to"):
        read(content)
