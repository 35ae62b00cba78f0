"""Who made a table and when, below it: left out where it can't be a row, and said."""

import datetime as dt

import pytest

from guantong.exchange.reading import read_table
from guantong.exchange.reading.signatures import is_signature
from guantong.exchange.tests.factories import bring, options

HEAD = "code,name,parent,note\r\nX1,a,D1,\r\nX2,b,D1,\r\n"


@pytest.mark.parametrize(
    "line",
    [
        "审核人：张三,,制表人：李四,填报日期：2023年6月1日",
        "审 核 人：,张三,制表人：,李四",
        "单位负责人（签字）：,,填表人：王五,2023年6月1日",
        "填报单位（盖章）：示范部,,联系电话：010-1234567,",
        "Prepared by: Wang,,Approved by: Li,Date: 1 June 2023",
        "审核人：张三   制表人：李四   日期：2023-6-1,,,",
        "联系人：,王五,电话：,",
    ],
)
def test_signatures_below_a_table_are_left_out_and_said(line):
    text = HEAD + "\r\n" + line + "\r\n"
    table = read_table(text.encode(), "x.csv")
    assert table.numbers == [2, 3]
    assert table.signatures == [5]
    assert table.is_accounted_for()
    assert "Who made the table and when stands below it and was left out: row 5." in table.notes


def test_a_signature_within_a_table_is_no_footer():
    line = "审核人：张三,,制表人：李四,\r\n"
    table = read_table((HEAD + line + "X3,c,D1,\r\n" + line).encode(), "x.csv")
    assert table.numbers == [2, 3, 4, 5]
    assert table.signatures == [6]


def test_what_stands_below_signatures_is_refused_as_what_it_is():
    table = read_table((HEAD + "审核人：张三,,,\r\n注：含子公司,,,\r\n").encode(), "x.csv")
    assert table.signatures == [4]
    assert "looks like a note" in table.misfits[5]


@pytest.mark.parametrize(
    "row",
    [
        ["审核人：张三", "炼钢厂"],
        ["张三", "审核人：李四"],
        ["2023年6月1日", ""],
        ["审核人", "制表人"],
        [dt.date(2023, 6, 1)],
        ["负责人变更：张三改为李四"],
        ["Approved budget: 5"],
    ],
)
def test_a_row_that_could_be_one_is_no_signature(row):
    assert not is_signature(row)


def test_a_file_with_signatures_is_taken_whole(world):
    text = HEAD + "审核人：张三,,制表人：李四,日期：2023年6月1日\r\n"
    outcome = bring("units", text, **options(world))
    assert (outcome.state, outcome.counts()["units"]["new"]) == ("done", 2)


@pytest.mark.parametrize("total", ["合计：2条", "共2项", "总计 2", "小计"])
def test_a_total_that_counts_is_refused_as_one(total):
    table = read_table((HEAD + total + ",,,\r\n").encode(), "x.csv")
    assert "looks like a total" in table.misfits[4]
