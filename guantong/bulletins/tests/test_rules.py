"""Placeholders are read strictly, and numbers typed by hand are found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.bulletins.rules import BULLETIN, read
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
