"""Placeholders are read strictly, and numbers typed by hand are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.bulletins.rules import BULLETIN, read, read_distribution
from guantong.bulletins.rules.placeholders import token


def test_a_placeholder_is_taken_apart():
    source = read('a {{ figure "x.y" form="over" format="symposium" }} b')
    (found,) = source.placeholders
    assert (found.verb, found.word) == ("figure", "x.y")
    assert found.options["form"] == "over"
    assert found.only == {"format": "symposium"}
    assert source.text == f"a {token(0)} b"
    assert source.faults == ()


@pytest.mark.parametrize(
    "text",
    [
        "{{ figure }}",
        "{{ figure x.y }}",
        '{{ include "/etc/passwd" }}',
        '{{ figure "x.y" form="loud" }}',
        '{{ figure "x.y" form="over" form="exact" }}',
        '{{ parts "x.y" }}',
        '{{ literal "x" form="over" }}',
        '{{ figure "x.y"|safe }}',
        "{{ figure \"x.y\" level='2' }}",
        '{{ figure "x.y" level="two" }}',
        '{{ figure "x.y"',
        "}} alone",
    ],
)
def test_what_is_no_placeholder_is_a_fault(text):
    assert read(text).errors


@pytest.mark.parametrize(
    "text",
    ["We held 14 sittings.", "共420项", "共４２０项", "1.5 per cent", "٣ sessions", "In 2023."],
)
def test_typed_digits_are_faults(text):
    assert read(text).errors


@pytest.mark.parametrize("text", ["四百余项课题", "开展三次学习", "three hundred", "Dozens"])
def test_numbers_in_words_are_warned_of(text):
    source = read(text)
    assert source.faults
    assert not source.errors


@pytest.mark.parametrize(
    "text",
    [
        'the {{ literal "20th" }} congress',
        "1. first\n2. second",
        "one by one",
        "一项一项落实，统一部署",
        "",
    ],
)
def test_what_counts_nothing_is_let_be(text):
    assert read(text).faults == ()


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    source = read(text)
    for number in range(len(source.placeholders)):
        assert token(number) in source.text


@given(st.text(alphabet='{}" figureparts=x.y\ue000\ue0010', max_size=80))
def test_no_text_makes_a_token_of_its_own(text):
    source = read(text)
    assert source.text.count("\ue000") == len(source.placeholders)


EXPECTED = {
    ("draft", "submit"): "review",
    ("review", "sign"): "signed",
    ("signed", "publish"): "published",
    ("published", "withdraw"): "withdrawn",
}


def test_the_lifecycle_is_the_domains():
    found = {
        (state.name, transition.name): transition.target
        for state in BULLETIN.states
        for transition in BULLETIN.transitions
        if state.name in BULLETIN.starts_from(transition)
    }
    assert found == EXPECTED
    assert {t.name for t in BULLETIN.transitions if t.needs_reason} == {"withdraw"}


def test_a_chart_stands_in_a_paragraph_of_its_own():
    source = read('before\n{{ chart "a.b" by="day" }}\nafter')
    assert source.faults == ()
    assert source.text == f"before\n\n{token(0)}\n\nafter"


@pytest.mark.parametrize(
    "line",
    ['see {{ chart "a.b" by="day" }}', '{{ chart "a.b" }} {{ chart "c.d" }}', '- {{ chart "a" }}'],
)
def test_a_chart_among_words_is_a_fault_of_its_line(line):
    (fault,) = read(f"one\n{line}").errors
    assert fault.line == 2


@pytest.mark.parametrize(
    ("line", "way"),
    [
        ("报：部领导", "report"),
        ("主报: 部领导", "report"),
        ("抄送：各司局", "copy"),
        ("发：部属单位", "issue"),
        ("To: the leadership", "report"),
        ("Copied to : the archive", "copy"),
    ],
)
def test_the_ways_of_sending_are_known_by_their_words(line, way):
    (one,), faults = read_distribution(line)
    assert one.way == way
    assert faults == []


def test_the_customary_order_is_kept_and_empty_lines_are_let_be():
    found, faults = read_distribution("发：丙\n\n送：乙\n报：甲")
    assert [one.names for one in found] == ["甲", "乙", "丙"]
    assert faults == []


@pytest.mark.parametrize("line", ["部领导", "报：", "转：部领导", "：部领导"])
def test_a_line_that_says_no_way_is_a_fault(line):
    found, (fault,) = read_distribution(f"报：甲\n{line}")
    assert fault.line == 2
    assert len(found) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{ figure "study.sessions_held" }', "two plain braces"),
        ('｛｛ figure "study.sessions_held" ｝｝', "two plain braces"),
        ("{% if x %}", "no other instructions"),
        ("{{ figure “study.sessions_held” }}", "plain quotation marks"),
        ('{{ figure "study.sessions_held" noun="a|b|c" }}', "two parted by a bar"),
        ("![a](b.png)", "No picture"),
    ],
)
def test_what_would_be_printed_as_typed_is_named(line, said):
    (fault,) = read(f"First.\n{line}").errors
    assert (fault.line, said in fault.sentence) == (2, True)


def test_markup_is_warned_of():
    source = read("a <b>bold</b> word")
    assert not source.errors
    assert "will be printed as it stands" in source.faults[0].sentence


def test_recipients_may_be_named_in_both_languages():
    (one, other), _faults = read_distribution("报：领导小组 | the leading group\n送：甲")
    assert [one.names_in("zh"), one.names_in("en")] == ["领导小组", "the leading group"]
    assert [other.names_in("zh"), other.names_in("en")] == ["甲", "甲"]
