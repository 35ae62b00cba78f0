"""Files as old programs and careful offices write them: what is only form, and is read through."""

import pytest

from guantong.exchange.reading import CannotRead, read_table
from guantong.exchange.tests.factories import bring, options, sentences
from guantong.units.models import Unit


def read(text):
    table = read_table(text.encode(), "x.csv")
    assert table.is_accounted_for()
    return table


def test_a_text_that_is_written_as_a_formula_is_read_as_the_text():
    table = read('"code",="name"\r\n="007","=""a """"b"""""""\r\n"=""X""&A1",b\r\n')
    assert table.header == ["code", "name"]
    assert table.rows == [["007", 'a "b"'], ['="X"&A1', "b"]]
    said = '3 cells are written as ="…" and were read as the texts within.'
    assert said in table.notes


def test_one_mark_that_is_not_doubled_does_not_make_plain_characters_of_all_others():
    table = read('"code","name"\r\n"1","a"b"c"\r\n"2","d"\r\n"3","e"\r\n')
    assert table.header == ["code", "name"]
    assert table.rows[1:] == [["2", "d"], ["3", "e"]]
    assert list(table.misfits) == [2]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- old system -->\n<style>td {}</style><table><tr><td>code</td></tr></table>",
        '<meta charset="utf-8"/><table border=1><tr><td>code</td><td>name</td></tr></table>',
        '<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n--x\r\n<html></html>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_web_page_under_a_workbooks_name_is_refused_as_one(text, encoding):
    with pytest.raises(CannotRead, match="web page or XML"):
        read_table(text.encode(encoding), "x.xls")


def test_spaces_that_only_fit_a_header_or_word_into_its_cell_are_passed_over(world):
    text = '编 码,"单　位\n名 称",类 别\nX1,炼钢一厂,直 属 单 位\n'
    outcome = bring("units", text, **options(world))
    assert sentences(outcome) == []
    unit = Unit.objects.get(code="X1")
    assert (unit.name, unit.get_kind_display()) == ("炼钢一厂", "Affiliated unit")
