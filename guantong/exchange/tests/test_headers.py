"""By which headers the columns of our sheets are known."""

import pytest
from django.utils import translation

from guantong.exchange.mapping.matching import columns_found
from guantong.exchange.reading import read_table
from guantong.exchange.reading.headers import names_in_both_languages
from guantong.kit.sheets.registry import sheets


def found_in(sheet, headers):
    table = read_table(("|".join(headers) + "\n").encode(), "x.csv")
    return columns_found(sheet, table)


@pytest.mark.parametrize("kind", list(sheets()))
def test_each_column_is_known_by_its_own_names_and_by_no_others(kind):
    sheet = sheets()[kind]
    names = {column.name: [column.name] for column in sheet.columns}
    assert found_in(sheet, list(names)) == names
    for language in ("en", "zh-hans"):
        with translation.override(language):
            labels = {column.name: [str(column.label)] for column in sheet.columns}
        assert found_in(sheet, [label for (label,) in labels.values()]) == labels


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("课题名称 Project", {"课题名称", "Project"}),
        ("课题名称/Project", {"课题名称", "Project"}),
        ("Lead unit（牵头单位）", {"Lead unit", "牵头单位"}),
        ("基本情况 / 完成时限 Due day", {"完成时限", "Due day"}),
        ("ERP 编号", set()),
        ("APP名称", set()),
        ("课题名称", set()),
        ("Due day", set()),
    ],
)
def test_a_label_in_two_languages_has_two_names(label, names):
    assert names_in_both_languages(label) == names


def test_a_sheet_whose_headers_are_in_two_languages_needs_no_mapping():
    headers = ["序号 No.", "课题名称 Project", "牵头单位 Lead unit", "完成时限 Due", "ERP 编号"]
    found = found_in(sheets()["projects"], headers)
    assert found == {"title": [headers[1]], "unit": [headers[2]], "due_on": [headers[3]]}


def test_another_table_below_whose_columns_stand_otherwise_is_not_read_by_the_first_header():
    header = "No,Title,Unit,Note\n"
    text = f"{header}1,a,D1,x\n\nNo,Note,Title,Unit\n2,y,b,D1\n{header}3,c,D1,z\n"
    table = read_table(text.encode(), "tables.csv")
    assert table.repeats == [6]
    assert list(table.misfits) == [4, 5]
    assert all("From row 4 on" in said for said in table.misfits.values())
    assert [row[0] for row in table.rows] == ["1", "No", "2", "3"]
