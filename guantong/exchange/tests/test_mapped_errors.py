"""What a mapping makes nothing of is told by row, column and value, with what would do."""

import pytest

from guantong.exchange.tests.factories import bring, options
from guantong.rectification.models import Problem
from guantong.units.models import Unit

PROBLEMS = """
source = "register"
[[yield]]
kind = "problems"
key = ["No"]
repeated = "{repeated}"
[yield.columns]
title = {{ join = ["What", "Where"], glue = " in ", pattern = "(.+ in .+)" }}
unit = {{ column = "Dept", map = {{ "one" = "D1", "" = "D2" }} }}
"""


def told(world, text, repeated="error"):
    mapping = PROBLEMS.format(repeated=repeated)
    outcome = bring(None, text, mapping=mapping, **options(world))
    assert not Problem.objects.exists()
    return [(each.number, each.column, each.value, each.accepted) for each in outcome.faults]


def test_a_word_that_the_mapping_does_not_know_is_told_as_it_stands(world):
    text = "No,What,Where,Dept\r\n1,leak,hall,one\r\n2,leak,hall,three\r\n3,leak,,\r\n"
    assert told(world, text) == [
        (3, "Dept", "three", "one of: one"),
        (4, "What + Where", "leak", "(.+ in .+)"),
    ]


def test_a_row_without_a_key_and_rows_that_cannot_be_merged_are_told_what_would_do(world):
    text = "No,What,Where,Dept\r\n,a,hall,one\r\n2,a,hall,one\r\n2,b,hall,one\r\n"
    faults = told(world, text, repeated="merge")
    assert [fault[:3] for fault in faults] == [(2, "No", ""), (3, "What + Where", "b in hall")]
    assert all(accepted for *_place, accepted in faults)


@pytest.mark.parametrize("sign", ["", "\r\n"])
def test_two_rows_of_texts_are_one_header_where_a_mapping_names_them_joined(world, sign):
    mapping = """
    source = "register"
    [[yield]]
    kind = "units"
    key = ["基本 / 编码"]
    [yield.columns]
    code = "基本 / 编码"
    name = "基本 / 名称"
    parent = "关系 / 上级"
    """
    text = f'"基{sign}本",,关系,\r\n编码,"名{sign}称",上级,备注\r\nX1,甲,M,\r\nX2,乙,X1,\r\n'
    outcome = bring(None, text, mapping=mapping, **options(world))
    assert outcome.table.header_rows == [1, 2]
    assert outcome.counts()["units"]["new"] == 2
    assert set(Unit.objects.filter(code__startswith="X").values_list("name", flat=True)) == {
        "甲",
        "乙",
    }
