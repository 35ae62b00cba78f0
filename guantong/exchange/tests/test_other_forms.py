"""Workbooks that aren't XLSX: what their values alone don't say, and how they come back."""

import io

import openpyxl
import pytest

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.models import RunState
from guantong.exchange.reading import CannotRead, Wanted, read_table
from guantong.exchange.reading.facts import facts_of
from guantong.exchange.tests.factories import bring, later, sentences
from guantong.exchange.tests.workbooks import biff, ods, ods_cell, ods_row, rewritten, xlsb
from guantong.exchange.writing import error_file
from guantong.kit.sheets import Spoilt
from guantong.kit.sheets.cells import Percent
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import organisation

DIVISION_BY_NOUGHT = b"\x07"
HEADER = ["code", "name", "parent"]


def binary():
    rows = [HEADER, ["X1", "a", "D1"], ["X2", "b"], ["X3", DIVISION_BY_NOUGHT]]
    return xlsb(rows, merged=[(1, 3, 2, 2)], hidden=[2])


def document():
    merged = 'table:number-rows-spanned="3" table:number-columns-spanned="1"'
    covered = "<table:covered-table-cell/>"
    failed = ods_cell("#DIV/0!", 'table:formula="of:=1/0" office:string-value=""')
    return ods(
        ods_row(*map(ods_cell, HEADER))
        + ods_row(ods_cell("X1"), ods_cell("a"), ods_cell("D1", merged))
        + ods_row(ods_cell("X2"), ods_cell("b"), covered, visibility="collapse")
        + ods_row(ods_cell("X3"), failed, covered)
        + ods_row('<table:table-cell table:number-columns-repeated="16384"/>',
                  **{"number-rows-repeated": 1_048_572})
    )  # fmt: skip


FORMS = [("xlsb", binary()), ("ods", document())]


@pytest.mark.parametrize(("form", "content"), FORMS, ids=["xlsb", "ods"])
def test_what_failed_is_merged_or_hidden_is_known(form, content):
    table = read_table(content, f"x.{form}", Wanted())
    assert table.is_accounted_for()
    assert table.form == form
    assert table.rows == [["X1", "a", "D1"], ["X2", "b", "D1"], ["X3", "#DIV/0!", "D1"]]
    assert type(table.rows[2][1]) is Spoilt
    assert "2 cells are merged with the one above and were read as it." in table.notes
    assert "A row that the sheet doesn't show is read as the others: 3." in table.notes


def test_what_an_xls_says_of_its_cells():
    facts, from_1904 = facts_of(biff(errors=[(3, 2, 0x17)], hidden=[5], from_1904=True), "xls")
    assert from_1904
    assert facts["Data"].spoilt == {(3, 2): "#REF!"}
    assert facts["Data"].rows == {5}


FORMATS = ["General", "0.0%", '0.0"%"']


def test_what_an_xls_shows_as_a_percentage():
    numbers = [(1, 0, 0.125, 1), (2, 0, 0.125, 2), (3, 0, 0.125, 0)]
    facts, _from_1904 = facts_of(biff(numbers=numbers, formats=FORMATS), "xls")
    assert facts["Data"].percent == {(1, 0)}


def share(value, kind):
    return f'<table:table-cell office:value-type="{kind}" office:value="{value}"/>'


SHARES = [
    xlsb([["name", "share"], ["a", (0.125, 1)], ["b", (0.125, 2)], ["c", 12.5]], formats=FORMATS),
    ods(
        ods_row(ods_cell("name"), ods_cell("share"))
        + ods_row(ods_cell("a"), share(0.125, "percentage"))
        + ods_row(ods_cell("b"), share(0.125, "float"))
        + ods_row(ods_cell("c"), share(12.5, "float"))
    ),
]


@pytest.mark.parametrize("content", SHARES, ids=["xlsb", "ods"])
def test_a_number_that_is_shown_as_a_percentage_is_told_from_others(content):
    cells = [row[1] for row in read_table(content, "x").rows]
    assert cells == [0.125, 0.125, 12.5]
    assert [type(cell) is Percent for cell in cells] == [True, False, False]


@pytest.mark.django_db
@pytest.mark.parametrize(("form", "content"), FORMS, ids=["xlsb", "ods"])
def test_it_comes_back_as_xlsx_with_its_errors_and_is_taken_corrected(form, content):
    units = organisation()
    campaign = campaign_of(units)
    world = {"actor": cast(units)["administrator"], "campaign": campaign}
    outcome = bring("units", content, name=f"x.{form}", **world)
    assert [(row, said[:26]) for row, _column, said in sentences(outcome)] == [
        (4, "The cell's formula failed ")
    ]
    given, ending = error_file(content, outcome.table, outcome.faults)
    assert ending == ".xlsx"
    again = bring("units", given, name="x.xlsx", now=later(1), **world)
    assert sentences(again) == sentences(outcome)
    book = openpyxl.load_workbook(io.BytesIO(given))
    book["Data"]["B4"] = "c"
    stream = io.BytesIO()
    book.save(stream)
    corrected = bring("units", stream.getvalue(), name="x.xlsx", now=later(2), **world)
    assert corrected.state == RunState.DONE
    assert corrected.counts()["units"]["new"] == 3


@pytest.mark.parametrize("content", [binary(), document()], ids=["xlsb", "ods"])
def test_a_damaged_part_is_refused_with_a_sentence(content):
    part = b"sheet1.bin" if b"sheet1.bin" in content else b"content.xml"
    # The first mention is the relation's, or the part's own head.
    place = content.rindex(part, 0, content.index(b"PK\x01\x02")) + len(part)
    for spoilt in (content[: place + 40] + b"\xff" * 8 + content[place + 48 :],):
        with pytest.raises(CannotRead, match="can't be opened"):
            read_table(spoilt, "x", Wanted())


def test_a_part_that_ends_within_a_record_is_refused_with_a_sentence():
    whole = xlsb([["name"], ["a"]])
    # The number of styles is missing, on which the library that reads the values relies.
    counted, cut = b"\xe9\x04\x04\x00\x00\x00\x00", b"\xe9\x04\x00"
    content = rewritten(whole, "xl/styles.bin", counted, cut)
    with pytest.raises(CannotRead, match="can't be opened"):
        read_table(content, "x")
