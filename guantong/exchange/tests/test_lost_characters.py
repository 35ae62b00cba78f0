"""Text files of which some bytes are no characters: read for what they are, and said by row."""

import pytest

from guantong.exchange.batches import Fault
from guantong.exchange.reading import CannotRead, Wanted, read_table
from guantong.exchange.writing import error_file

ROWS = ["编号,问题,单位", *[f"{n},第{n}号设备隔离开关锈蚀,运行监测局" for n in range(2, 20)]]


def spoilt(encoding, row=5):
    """Cut a character of the second cell of a row in two, as programs do that count bytes."""
    lines = [line.encode(encoding) for line in ROWS]
    code, title, unit = lines[row - 1].split(b",")
    lines[row - 1] = b",".join([code, title[:-1], unit])
    return b"\r\n".join(lines) + b"\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_cell_cut_off_within_a_character_takes_no_row_with_it(encoding):
    lines = "\n".join(ROWS)
    if encoding == "big5":
        rows = [f"{n},第{n}號設備開關生鏽,檢驗所" for n in range(2, 20)]
        lines = "\n".join(["編號,問題,單位", *rows])
    content = lines.encode(encoding).split(b"\n")
    content[4] = content[4].replace(b",", b"\xff,", 2).replace(b"\xff,", b",", 1)
    table = read_table(b"\n".join(content), "x.csv")
    assert table.encoding == encoding
    assert len(table.rows) == 18
    assert [row for row in table.rows if "\ufffd" in "".join(row)] == [table.rows[3]]
    assert any("One character is lost in the file (�), in row 5:" in note for note in table.notes)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_file_with_its_errors_keeps_the_bytes_that_are_no_characters(encoding):
    content = spoilt(encoding)
    table = read_table(content, "x.csv")
    back, _ending = error_file(content, table, [Fault("units", 7, "单位", "x", "Wrong.")])
    before, after = content.split(b"\r\n"), back.split(b"\r\n")
    assert len(before) == len(after)
    for old, new in zip(before[1:-1], after[1:-1], strict=True):
        assert new.startswith(old + b",")


def test_an_encoding_that_was_told_is_taken_though_some_bytes_are_broken():
    table = read_table(spoilt("gb18030"), "x.csv", Wanted(encoding="gbk"))
    assert table.rows[3][1].startswith("第5号设备隔离开关锈")
    with pytest.raises(CannotRead, match="not utf-8 throughout"):
        read_table(spoilt("gb18030"), "x.csv", Wanted(encoding="utf-8"))
