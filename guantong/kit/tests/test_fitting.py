"""Columns are as wide as their words and what they say; rows are as high as their texts."""

import pytest

from guantong.kit.documents.fitting import column_widths, lines_of, row_lines, wide

WHOLE = 178.0


def test_a_chinese_sign_is_twice_as_wide_as_a_letter():
    assert wide("问题") == pytest.approx(2 * wide("ab"), rel=0.1)


def test_the_widths_fill_the_page_whatever_is_in_the_columns():
    for rows in ([], [["1", "P-0001", "x" * 900]], [["1", "P-0001", ""]] * 700):
        assert sum(column_widths(["No.", "Reference", "Problem"], rows, WHOLE)) == pytest.approx(
            WHOLE
        )


def test_no_word_of_a_header_and_no_day_that_stands_alone_is_parted():
    header = ["序号", "编号", "问题", "完成时限", "责任单位"]
    rows = [["1", "P-0001", "台账停在上月，" * 30, "2023年10月15日", "综合规划司"]] * 3
    widths = column_widths(header, rows, WHOLE)
    for label, width in zip(header, widths, strict=True):
        assert lines_of(label, width) == 1
    assert lines_of("2023年10月15日", widths[3]) == 1
    assert lines_of("综合规划司", widths[4]) == 1


def test_the_room_goes_where_the_texts_are():
    widths = column_widths(["No.", "Problem", "Post"], [["1", "a long text " * 20, "Head"]], WHOLE)
    assert widths[1] > widths[0] + widths[2]


def test_more_columns_than_there_is_room_for_share_the_page():
    widths = column_widths(["Responsibility"] * 30, [["x"] * 30], WHOLE)
    assert sum(widths) == pytest.approx(WHOLE)


def test_lines_keep_words_whole_and_texts_keep_their_own_ends():
    assert lines_of("one two", 20) == 1
    assert lines_of("one\ntwo", 20) == 2
    assert lines_of("Department of Planning", 16) == 2
    assert lines_of("x" * 60, 22) == 4
    assert row_lines(["a", "b\nc\nd"], [9, 9]) == 3
