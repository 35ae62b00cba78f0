"""What cells are read as, and what is said of those that can't be."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import TextChoices
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from guantong.kit.sheets import Choice, Code, Day, Many, Number, Text, Whole, YesNo, clean, plain
from guantong.kit.sheets.cells import CellError


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


class Colour(TextChoices):
    RED = "red", "Deep red"
    BLUE = "blue", "Sky blue"


JULY = dt.date(2023, 7, 1)


@pytest.mark.parametrize(
    "cell",
    [
        "2023-07-01",
        "2023/7/1",
        "2023.7.1",
        "2023年7月1日",
        "2023 年 7 月 1 日",
        "２０２３年７月１日",
        "20230701",
        20230701,
        45108,
        45108.0,
        dt.datetime(2023, 7, 1, 13, 5),
        dt.date(2023, 7, 1),
        "1 July 2023",
        "1-Jul-2023",
        "July 1, 2023",
        "1st July 2023",
        "2023-07-01 00:00:00",
        "2023-07-01T08:30:00Z",
        " 2023-07-01\u200b",
    ],
)
def test_many_ways_of_writing_one_day(cell):
    assert Day().read(cell) == JULY


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("0000-00-00", "no day “0000-00-00” in the calendar"),
        ("2017-00-16", "no day “2017-00-16” in the calendar"),
        ("2023-02-29", "no day “2023-02-29” in the calendar"),
        ("1992-2006", "is no day"),
        ("1992", "has no day"),
        ("2023年7月", "has no day"),
        ("31/12/99", "year of two digits"),
        ("01/07/2023", "may be 2023-07-01 or 2023-01-07"),
        ("45108", "Excel's number for 2023-07-01"),
        ("0203-07-01", "outside"),
        ("soon", "is no day"),
        (True, "is no day"),
        ("二〇二三年四月", "has no day"),
        ("2023年4月上旬", "has no day"),
        ("Apr 2023", "has no day"),
        (2023.4, "has no day"),
        (5, "is no day"),
        ("05-Apr-23", "year of two digits"),
        ("23年4月5日", "year of two digits"),
        ("2023-04-05¹", "has “¹” in it"),
        ("2023年4月1²日", "has “²” in it"),
    ],
)
def test_a_day_that_is_none_is_refused_with_a_sentence(cell, said):
    with pytest.raises(CellError, match=said.replace("(", r"\(")) as caught:
        Day().read(cell)
    assert "2023-07-01" in caught.value.accepted


@pytest.mark.parametrize("cell", [dt.date(1900, 1, 1), dt.datetime(1900, 1, 1), "1900-01-01"])
def test_the_day_that_a_spreadsheet_makes_of_nothing_is_refused(cell):
    with pytest.raises(CellError, match="of a day that isn't there") as caught:
        Day().read(cell)
    assert caught.value.accepted == "an empty cell where the day isn't known"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("二〇二三年四月五日", dt.date(2023, 4, 5)),
        ("二○二三年十二月三十一日", dt.date(2023, 12, 31)),
        ("二〇二三年十月二十日", dt.date(2023, 10, 20)),
        ("一九九八年十一月廿三日", dt.date(1998, 11, 23)),
    ],
)
def test_days_in_chinese_words(cell, day):
    assert Day().read(cell) == day


def test_days_that_a_program_has_probably_turned_are_refused():
    cells = [dt.date(2023, month, 4) for month in range(1, 8)] + ["13/04/2023"]
    fitted, _notes = Day().fitted(cells)
    with pytest.raises(CellError, match="2023-05-04 may be 2023-04-05: no day of this column"):
        fitted.read(dt.date(2023, 5, 4))
    assert fitted.read(dt.date(2023, 4, 4)) == dt.date(2023, 4, 4)
    assert fitted.read("13/04/2023") == dt.date(2023, 4, 13)
    # One day past the twelfth shows that they were read rightly; a person's word counts before.
    for parser, more in ((Day(), [dt.date(2023, 4, 20)]), (Day(order="dmy"), [])):
        fitted, _notes = parser.fitted([*cells, *more])
        assert fitted.read(dt.date(2023, 5, 4)) == dt.date(2023, 5, 4)


def test_plain_numbers_are_said_to_be_days_and_from_when_they_count():
    assert Day().fitted([45108])[1] == [
        "1 cell is a plain number, read as Excel's: 45108 is 2023-07-01."
    ]
    assert Day(from_1904=True).fitted([43646.0])[1] == [
        "1 cell is a plain number, counted from 1904 as the workbook says: 43646 is 2023-07-01."
    ]


def test_the_column_decides_the_order_and_says_so():
    fitted, notes = Day().fitted(["01/07/2023", "25/07/2023"])
    assert fitted.read("01/07/2023") == JULY
    assert notes == ["Days are read as day/month/year, since “25/07/2023” can't be otherwise."]
    fitted, _notes = Day().fitted(["07/01/2023", "07/25/2023"])
    assert fitted.read("07/01/2023") == JULY


def test_a_column_that_says_both_or_neither_stays_undecided():
    both = (
        "“25/07/2023” is day/month/year and “07/25/2023” month/day/year: each is read as it can "
        "only be, and what may be either is refused."
    )
    for cells, said in (
        (["01/07/2023", "02/07/2023"], []),
        (["01/07/2023", "25/07/2023", "07/25/2023"], [both]),
    ):
        fitted, notes = Day().fitted(cells)
        assert notes == said
        with pytest.raises(CellError, match="nothing in this column decides"):
            fitted.read("01/07/2023")
    assert Day().read("07/07/2023") == dt.date(2023, 7, 7)


def test_a_mapping_may_say_what_a_day_is():
    assert Day(order="mdy").read("07/01/2023") == JULY
    assert Day(form="%d/%m/%y").read("01/07/23") == JULY
    assert Day(blanks=frozenset({"0000-00-00"})).read("0000-00-00") is None
    assert Day(from_1904=True).read(43646) == JULY
    assert Day(serials=True).read("45108") == JULY


def test_times_of_day_are_left_out_and_counted():
    _fitted, notes = Day().fitted([dt.datetime(2023, 7, 1, 9, 30), dt.datetime(2023, 7, 1)])
    assert notes == ["1 cell has a time of day, which is left out."]


@given(st.dates(dt.date(1900, 1, 2), dt.date(2199, 12, 31)))
@settings(max_examples=60)
def test_every_day_comes_back_in_every_form(day):
    parser = Day()
    assert parser.read(parser.write(day)) == day
    assert parser.recall(parser.keep(day)) == day
    assert parser.read(f"{day.year}年{day.month}月{day.day}日") == day
    assert Day(order="dmy").read(f"{day.day}/{day.month}/{day.year}") == day


def numbers(cells, **told):
    parser = Number()
    parser.is_likely_decimal = bool(told)
    fitted, notes = parser.fitted(cells)
    return fitted, notes


def test_the_column_decides_what_a_comma_is_and_says_so():
    fitted, notes = numbers(["12,5", "1,234", "1.234,5"])
    assert notes == ["Commas are read as decimal signs, since “12,5” can't be otherwise."]
    assert [fitted.read(cell) for cell in ("12,5", "1,234", "1.234,5", 7)] == [
        Decimal("12.5"), Decimal("1.234"), Decimal("1234.5"), Decimal(7),
    ]  # fmt: skip
    with pytest.raises(CellError, match=r"may be 1234 or 1\.234"):
        fitted.read("1.234")
    with pytest.raises(CellError, match="is no number"):
        fitted.read("12.5")
    fitted, notes = numbers(["1,234", "1,234,567"])
    assert fitted.read("1,234") == 1234
    assert "since “1,234,567” can't be otherwise" in notes[0]
    fitted, notes = numbers(["1,234", "7"])
    assert fitted.read("1,234") == 1234
    assert notes == [
        "The comma in 1 cell, “1,234”, is read as one between thousands; nothing in the "
        "column says otherwise."
    ]


def test_a_comma_that_may_be_either_is_refused():
    for fitted, _notes in (
        numbers(["1,234", "12,5", "1,234,567"]),
        numbers(["1,234"], semicolons=True),
    ):
        with pytest.raises(CellError, match=r"may be 1234 or 1\.234"):
            fitted.read("1,234")
        assert fitted.read("1,234,567") == 1234567


def test_a_footnotes_mark_is_no_digit():
    for cell in ("12¹", "12½", "①"):
        with pytest.raises(CellError, match="a footnote's mark, a power or a fraction"):
            Number().read(cell)
    assert Number().read("１２．５") == Decimal("12.5")


def test_text_is_trimmed_and_unseen_characters_go():
    assert Text().read(" a\xa0b\u200b_x000D_\nc\r\nd\re\x00 ") == "a b\nc\nd\ne"
    assert Text().read(7.0) == "7"
    assert Text().read(None) == ""
    assert clean("_x0041_x") == "Ax"
    with pytest.raises(CellError, match="has 4 characters"):
        Text(3).read("four")


def test_codes_keep_their_zeros():
    assert Code().read("000123") == "000123"
    assert Code().read(123.0) == "123"
    assert Code().read("06AKS003") == "06AKS003"


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,234.5", "1234.5"),
        ("１２３", "123"),
        ("−3", "-3"),
        ("1 234", "1234"),
        ("1e3", "1000"),
        (0.1, "0.1"),
        (0.0, "0.0"),
        (12, "12"),
        (".5", "0.5"),
    ],
)
def test_numbers(cell, number):
    assert Number().read(cell) == Decimal(number)


@pytest.mark.parametrize("cell", ["1.234,5", "12,34", "...", "n/a", "1,2", "NaN", True])
def test_what_is_no_number_is_not_guessed(cell):
    with pytest.raises(CellError, match="is no number"):
        Number().read(cell)


def test_whole_numbers_have_no_parts():
    assert Whole().read(3.0) == 3
    assert Whole(least=0).read("") is None
    with pytest.raises(CellError, match="no whole number"):
        Whole().read("3.5")
    with pytest.raises(CellError, match="out of bounds"):
        Whole(least=0).read(-1)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=10**9))
@settings(max_examples=60)
def test_numbers_come_back(number):
    assert Number().recall(Number().keep(number)) == number
    assert Number().read(str(number)) == number


def test_yes_and_no():
    assert [YesNo().read(cell) for cell in ("是", "No", "√", 1.0, False, "")] == [
        True,
        False,
        True,
        True,
        False,
        None,
    ]
    with pytest.raises(CellError):
        YesNo().read("perhaps")


def test_a_choice_by_code_or_label():
    assert [Choice(Colour).read(cell) for cell in ("RED", " deep  RED", "ｂｌｕｅ", "")] == [
        "red",
        "red",
        "blue",
        "",
    ]
    assert Choice(Colour, also={"rot": "red"}).read("Rot") == "red"
    with pytest.raises(CellError) as caught:
        Choice(Colour).read("green")
    assert caught.value.accepted == "one of: Deep red, Sky blue"
    assert Choice(Colour).write("red") == "Deep red"


def test_several_in_one_cell():
    assert Many(Choice(Colour)).read("red；Sky blue、red") == ("red", "blue")
    assert Many(Text()).read("") == ()
    assert Many(Whole()).read(3.0) == (3,)
    assert Many(Text()).read(Many(Text()).write(("a", "b"))) == ("a", "b")


def test_plain_ignores_case_width_and_spacing():
    assert plain(" Ｕnit_Name ") == plain("unit  name")


def test_a_year_alone_is_no_day_of_1905():
    with pytest.raises(CellError, match="“2023” has no day"):
        Day().read(2023.0)
    assert Day().read(45_123.0) == dt.date(2023, 7, 16)


def test_plain_numbers_that_are_read_as_days_are_said():
    _day, notes = Day().fitted([45_123.0, 45_124.0, dt.date(2023, 1, 1), None])
    assert notes == ["2 cells are plain numbers, read as Excel's: 45123 is 2023-07-16."]


@pytest.mark.parametrize("parser", [Code(60), Text(60)])
def test_a_number_whose_last_digits_the_spreadsheet_lost_is_no_code(parser):
    with pytest.raises(CellError, match="keeps 15 digits"):
        parser.read(110_101_199_001_011_234.0)
    assert parser.read(123_456_789_012_345.0) == "123456789012345"


def test_the_sign_that_ends_old_files_is_not_seen():
    assert clean("\x1a") == ""


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a_x000D__x000A_b", "a\nb"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("half _xD83D_ of one", "half _xD83D_ of one"),
        ("\u200eD01\u00ad", "D01"),
    ],
)
def test_what_a_workbook_escapes_is_read_and_half_a_character_is_left_as_written(cell, text):
    assert clean(cell) == text
    clean(cell).encode()


def test_joiners_are_kept_in_words_and_left_out_of_codes():
    assert Text().read("می\u200cخواهم") == "می\u200cخواهم"
    assert Code().read("D\u200d01\ufe0f") == "D01"


@pytest.mark.parametrize("cell", ["12.5%", "１２．５％", "3‰", "12,5 %"])
def test_a_percentage_is_not_read_as_a_number_a_hundred_times_as_large(cell):
    with pytest.raises(CellError, match="the unit of measure says"):
        Number().read(cell)


def test_a_time_of_day_in_a_text_is_said_and_one_that_no_clock_shows_is_refused():
    cells = ["2023-07-01T23:30Z", "2023-07-01 00:00:00", "2023-07-01 8:05", JULY]
    parser, notes = Day().fitted(cells)
    assert {parser.read(cell) for cell in cells} == {JULY}
    assert notes == ["2 cells have a time of day, which is left out."]
    with pytest.raises(CellError):
        parser.read("2023-07-01 25:00")
