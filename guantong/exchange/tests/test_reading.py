"""Files as offices send them: what is understood of each, to the row."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guantong.exchange.reading import CannotRead, Wanted, read_table
from guantong.exchange.reading.body import NOTHING
from guantong.kit.sheets import Spoilt


def read(text, written="utf-8", name="register.csv", **wanted):
    content = text if isinstance(text, bytes) else text.encode(written)
    table = read_table(content, name, Wanted(**wanted))
    assert table.is_accounted_for()
    return table


FRENCH = "unité,état\nAcadémie,l’été à Besançon\nPréfecture,où est-ce – ailleurs…\n"
CHINESE = "单位,问题描述\n某某研究所,整改措施落实不到位，群众反映强烈\n机关服务局,会议多\n"
TRADITIONAL = (
    "單位,問題描述\n某某研究所,整改措施落實不到位，群眾反映強烈\n機關服務局,會議多、文件多\n"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "mac_roman"),
        (FRENCH, "cp1252"),
        (FRENCH, "utf-8-sig"),
        (FRENCH, "utf-16"),
        (CHINESE, "gb18030"),
        (CHINESE, "utf-8"),
        (TRADITIONAL, "big5"),
        ("имя,отдел\nПроект исследования школы,Москва\n", "cp1251"),
        ("имя,отдел\nПроект исследования школы,Москва\n", "mac_cyrillic"),
        ("名前,課題\n調査の報告書,についての課題\n", "cp932"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_encoding_is_found_and_said(text, encoding, end):
    table = read(text.replace("\n", end), encoding)
    lines = text.strip().split("\n")
    assert table.header == lines[0].split(",")
    assert table.rows == [line.split(",") for line in lines[1:]]
    assert table.encoding == encoding
    assert table.line_end == end
    if not encoding.startswith("utf"):
        assert any("The encoding was found" in note for note in table.notes)


def test_wide_text_without_a_mark():
    assert read("code,name\n1,甲\n", "utf-16-le").rows == [["1", "甲"]]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [CHINESE, TRADITIONAL, "编号\t名称\n甲乙\t综合规划司\n"])
def test_wide_chinese_without_a_mark(text, encoding):
    table = read(text, encoding)
    assert table.encoding == encoding
    assert table.header == text.split("\n", 1)[0].replace("\t", ",").split(",")


def test_a_stray_zero_byte_makes_no_wide_text():
    assert read(b"code,name\n1,x\x00y\n2,plain letters all along\n").rows[0] == ["1", "xy"]


def test_a_few_chinese_words_are_not_taken_for_korean():
    assert read("编号,名称\n1,甲\n", "gb18030").header == ["编号", "名称"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_that_breaks_off_within_a_character_says_so(encoding):
    content = "编号,名称\n1,综合规划司和其他单位\n2,甲司".encode(encoding)[:-1]
    table = read(content)
    assert table.header == ["编号", "名称"]
    assert "The file breaks off within a character: its end is missing." in table.notes
    assert any("lost in the file" in note for note in table.notes)


def test_a_file_of_two_encodings_says_which_rows():
    content = "a,b\n1,café\n2,naïve\n".encode() + "3,“déjà”\n".encode("cp1252") + b"4,x\n"
    table = read(content)
    assert [row[1] for row in table.rows] == ["café", "naïve", "“déjà”", "x"]
    assert "Row read as Windows-1252: 4." in table.notes


def test_an_encoding_that_was_told_is_taken_at_its_word():
    assert read("a,b\n1,é\n", "mac_roman", encoding="macroman").rows == [["1", "é"]]
    with pytest.raises(CannotRead, match="line 2 is the first"):
        read("a,b\n1,é\n", "cp1252", encoding="utf-8")
    with pytest.raises(CannotRead, match="is no encoding"):
        read("a,b\n", encoding="klingon")


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(sign):
    text = "code,name,note\n1,a,x\n2,b,\n3,c,z\n".replace(",", sign)
    assert read(text).delimiter == sign


def test_commas_inside_a_semicolon_file():
    assert read("code;amount\n1;1,5\n2;2,5\n").rows == [["1", "1,5"], ["2", "2,5"]]


def test_line_ends_inside_cells_are_kept_and_rows_keep_their_numbers():
    table = read('code,text\r\n1,"a\nb\rc"\r\n2,d\r\n')
    assert table.rows == [["1", "a\nb\rc"], ["2", "d"]]
    assert table.numbers == [2, 3]
    assert table.line_end == "\r\n"
    assert not table.notes


def test_mixed_line_ends_are_said():
    assert "several kinds" in " ".join(read("a,b\r\n1,2\n3,4\r\n").notes)


def test_an_open_quotation_mark_swallows_nothing():
    table = read('code,name,note\n1,"Foo,x\n2,bar,"y, z"\n3,baz,w\n')
    assert [row[0] for row in table.rows] == ["1", "2", "3"]
    assert "not closed" in table.misfits[2]
    assert table.rows[1] == ["2", "bar", "y, z"]


def test_quotation_marks_that_are_plain_characters():
    table = read('code\tname\n1\t"Foo\n2\tbar"\n', name="x.tsv")
    assert table.rows == [["1", '"Foo'], ["2", 'bar"']]
    assert any("plain characters" in note for note in table.notes)


def test_rows_wider_or_narrower_than_the_header_are_said_by_number():
    table = read("a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n")
    assert len(table.rows) == 4
    assert set(table.misfits) == {3, 4}
    assert "only 2 cells" in table.misfits[3]
    assert "4 cells" in table.misfits[4]
    assert set(read("a,b,c\n1,2,3\n1,2\n", takes_short_rows=True).misfits) == set()


def test_lines_above_the_header_and_headers_within():
    text = (
        "Register of rectification\nas of June,,,\n\ncode,name,unit\n1,a,x\n,,\n"
        "code,name,unit\n2,b,y\n"
    )
    table = read(text)
    assert table.header == ["code", "name", "unit"]
    assert table.numbers == [5, 8]
    assert (table.preamble, table.blanks, table.repeats) == (2, [3, 6], [7])


def test_a_later_header_that_was_altered_a_little_is_a_header_still():
    table = read("no,unit,title,opened,state\n1,a,b,c,d\n,unit,title,0000-00-00,state\n2,a,b,c,d\n")
    assert table.repeats == [3]
    assert len(table.rows) == 2


def test_a_header_of_two_rows_in_a_text_file():
    table = read(
        "no,unit,planned,,done,,note\n,,from,to,from,to,\n"
        "1,a,2023-01-01,2023-02-01,2023-01-05,,x\n2,b,2023-01-01,2023-03-01,,,\n"
    )
    assert table.header == [
        "no",
        "unit",
        "planned / from",
        "planned / to",
        "done / from",
        "done / to",
        "note",
    ]
    assert table.header_rows == [1, 2]
    assert table.numbers == [3, 4]


def test_groups_that_tell_equal_labels_apart():
    table = read(
        ",,Planned,,Actual,\nID,Name,Start,End,Start,End\n"
        "1,a,2020-01-01,2020-02-01,,\n2,b,2020-01-01,2020-02-01,2020-01-04,2020-02-09\n"
    )
    assert table.header[2:] == [
        "Planned / Start",
        "Planned / End",
        "Actual / Start",
        "Actual / End",
    ]
    assert table.numbers == [3, 4]


def test_groups_above_every_column():
    table = read("Project,,Dates,\nID,Name,Start,End\n1,a,2020-01-01,\n2,b,2020-01-01,x\n")
    assert table.header == ["Project / ID", "Project / Name", "Dates / Start", "Dates / End"]
    assert table.numbers == [3, 4]


def test_a_first_row_of_data_is_not_swallowed_by_a_header_with_gaps():
    for text in ("Code,Name,,\na,foo,x,y\nb,bar,z,\n", "Code,Name,,Note\na,foo,x,\nb,bar,,w\n"):
        table = read(text)
        assert table.header_rows == [1]
        assert len(table.rows) == 2


def test_a_row_of_data_is_no_header():
    table = read("ID,State\n2023-01-01,12:30\n2023-01-02,open\n2023-01-03,shut\n")
    assert table.header == ["ID", "State"]
    assert len(table.rows) == 3


def test_known_headers_decide():
    text = "report,2023\nname,value\nunit,code\nfoo,1\n"
    wanted = (("unit", "单位"), ("code", "编码"))
    assert read(text, headers=wanted).header == ["unit", "code"]
    assert read(text, header_rows=(2,)).header == ["name", "value"]


def test_three_hundred_columns_that_are_mostly_empty():
    header = ["code", "name"] + [f"x{n}" if n % 60 == 0 else "" for n in range(300)]
    rows = [["1", "a"] + [""] * 299 + ["stray"], ["2", "b"] + [""] * 300]
    table = read("\n".join(",".join(row) for row in [header, *rows]))
    assert table.header == ["code", "name", "x0", "x60", "x120", "x180", "x240", "column KP"]
    assert table.rows[0][-1] == "stray"
    assert "294 columns have neither header nor data and were left out." in table.notes


def test_headers_that_occur_twice_are_told_apart():
    table = read("code,date,date\n1,a,b\n")
    assert table.header == ["code", "date", "date (2)"]


def test_nul_bytes_and_lost_characters_are_said():
    table = read("a,b\n1,x\x00y\n2,caf\ufffd\n")
    assert table.rows[0] == ["1", "xy"]
    assert "1 NUL bytes were left out." in table.notes
    assert "One character is lost in the file (�), in row 3: caf�." in table.notes


def test_a_file_with_one_column():
    assert read("name\nfoo\nbar\n").rows == [["foo"], ["bar"]]


def test_failed_formulas_in_a_text_file_are_no_values_and_null_is_nothing():
    table = read("code,total,note\n1,#REF!,NULL\n2,3,null and void\n")
    assert type(table.rows[0][1]) is Spoilt
    assert table.rows[0][2] is None
    assert table.rows[1] == ["2", "3", "null and void"]
    assert any("“NULL” stands for nothing in 1 cell," in note for note in table.notes)


def test_what_is_no_table_is_refused_with_a_way_out():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("list.csv", "a,b\n1,2\n")
    text_document = io.BytesIO()
    with zipfile.ZipFile(text_document, "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    enciphered = io.BytesIO()
    with zipfile.ZipFile(enciphered, "w") as packed:
        packed.writestr("content.xml", b"\x8f\x01\xfe\x7a")
        packed.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    for content, said in (
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"<html><table>", "web page"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no spreadsheet and no text"),
        (b"{\\rtf1\\ansi", "no spreadsheet and no text"),
        (bytes(range(256)) * 4, "no spreadsheet and no text"),
        (text_document.getvalue(), "text document"),
        (b"PK\x03\x04broken", "damaged"),
        (archive.getvalue(), "archive with list.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (enciphered.getvalue(), "password"),
    ):
        with pytest.raises(CannotRead, match=said):
            read_table(content, "x.xlsx")


def test_totals_and_notes_below_a_table_are_no_rows_of_it():
    table = read(
        "name,unit,count\na,x,1\nTotal,,1\n小 计,,1\nTotal,x,1\nTotal Works,x,1\n"
        "Source: the ministry,,\n注：暂定数,,\n* provisional,,\nNotes: mine,x,1\n"
    )
    assert set(table.misfits) == {3, 4, 7, 8, 9}
    assert "looks like a total" in table.misfits[3]
    assert "looks like a note" in table.misfits[7]
    assert len(table.rows) == 9


def test_what_a_program_prints_on_each_page_is_no_row():
    rows = [
        "a,x",
        "小计,",
        "第1页 共2页,",
        "name,unit",
        "b,x",
        "Page 2 of 2,",
        "打印日期：今天,",
        "第二页,y",
    ]
    table = read("name,unit\n" + "".join(f"{row}\n" for row in rows))
    assert set(table.misfits) == {3, 4, 7, 8}
    assert table.repeats == [5]
    assert table.is_accounted_for()


def test_where_two_columns_of_one_name_differ_is_said():
    table = read("name,unit,level,level\na,x,high,low\nb,x,high,high\nc,x,low,\nd,x,,low\n")
    assert "“level (2)” says otherwise than “level” in rows 2, 5." in table.notes
    assert table.header == ["name", "unit", "level", "level (2)"]


def test_a_header_without_rows_says_so():
    assert read("code,name,unit\n").notes == ["There are no rows below the header."]


CELLS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\ufeff", exclude_categories=["Cs"]),
    max_size=12,
).filter(lambda text: text not in NOTHING and not text.strip().startswith(tuple("*†‡※")))


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=12), st.sampled_from(["\n", "\r\n"])
)
@settings(max_examples=80)
def test_whatever_is_in_the_cells_every_row_is_accounted_for(rows, end):
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(["first column", "second column", "third column"])
    writer.writerows(rows)
    table = read(stream.getvalue(), header_rows=(1,), delimiter=",", encoding="utf-8")
    assert table.total == len(rows) + 1
    assert not table.misfits
    kept = iter(table.rows)
    for number, row in enumerate(rows, start=2):
        if number in table.blanks or number in table.repeats:
            continue
        got = next(kept)
        assert [row[column] for column in table.columns] == got


def test_a_line_that_says_who_filled_it_in_and_when_is_no_group_of_columns():
    text = (
        "问题整改台账,,,,\n填报单位：办公室,,,填报日期：2026年11月,\n"
        "序号,问题,责任单位,严重程度,备注\n1,台账缺页,计划司,高,\n"
    )
    for wanted in ({}, {"headers": (("问题",), ("责任单位",), ("严重程度",))}):
        table = read(text, **wanted)
        assert table.header == ["序号", "问题", "责任单位", "严重程度", "备注"]
        assert table.numbers == [4]


def test_a_part_of_the_whole_is_a_group_though_it_is_written_with_a_colon():
    table = read("单位,人数,其中：女,\n,,党员,团员\n一处,9,1,2\n二处,8,2,1\n")
    assert table.header[2:] == ["其中：女 / 党员", "其中：女 / 团员"]
