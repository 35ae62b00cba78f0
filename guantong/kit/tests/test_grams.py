"""What is indexed of a text, and what of words is looked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guantong.kit.grams import grams, phrases


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("船用曲轴", "船用 用曲 曲轴 轴"),
        ("Single-source CRANKSHAFT", "single source crankshaft"),
        ("P-0412：ＥＵＶ光刻机", "p 0412 euv 光刻 刻机 机"),
        ("轴", "轴"),
        ("…——！", ""),
        ("5G基站", "5g 基站 站"),
        ("naïve Straße", "naïve strasse"),
    ],
)
def test_words_stay_whole_and_chinese_becomes_pairs(text: str, expected: str):
    assert grams(text) == expected


def test_what_is_typed_may_be_the_beginning_of_a_word():
    assert phrases("crank 曲轴 轴") == [
        (["crank"], True),
        (["曲轴"], False),
        (["轴"], True),
    ]
    assert phrases("—— '\"*()") == []


@given(st.text(alphabet="船用曲轴低速机", min_size=1, max_size=12), st.data())
def test_every_part_of_a_chinese_text_is_found_in_it(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    ((phrase, begins),) = phrases(text[start:end])
    indexed = grams(text).split()
    width = len(phrase)
    windows = [indexed[at : at + width] for at in range(len(indexed) - width + 1)]
    assert any(
        window == phrase or (begins and window[0].startswith(phrase[0])) for window in windows
    )


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_parted_as_all_others_are(text: str):
    # What a letter of another script, which stands for itself, has beside it.
    assert grams(f"{text} ß") == f"{grams(text)} ss".strip()
