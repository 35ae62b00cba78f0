"""A published file proves itself; a file in which anything was changed does not."""

import re

import pytest
from django.db import transaction
from django.test.utils import override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from guantong.bulletins.operations import publishing
from guantong.bulletins.tests.factories import published, studied
from guantong.bulletins.verification import (
    BLOCK,
    describe,
    read,
    seal_block,
    signed_text,
    verify,
)
from guantong.ledger.signing import checkpoint_text, signer, verifiers


@pytest.fixture(scope="module")
def genuine(django_db_setup, django_db_blocker, tmp_path_factory):
    """One published file and the keys of its installation; its rows are not kept."""
    home = tmp_path_factory.mktemp("home")

    def checkpoint(_operation, _now):
        # Within this one transaction no checkpoint can cover its entries.
        key = signer(home / "keys")
        return key.sign(checkpoint_text(key.name, 7, b"r" * 32, "2023-06-01T00:00:00Z"))

    with (
        django_db_blocker.unblock(),
        override_settings(HOME=home),
        pytest.MonkeyPatch.context() as patched,
        transaction.atomic(),
    ):
        patched.setattr(publishing, "covering_checkpoint", checkpoint)
        html = published(studied()).editions.get(language="en").html
        transaction.set_rollback(True)
    return html, verifiers(home / "keys"), home


def sentences(verdict):
    return " ".join(str(fault) for fault in verdict.faults)


# The mark makes the database be set up, whichever tests are chosen.
@pytest.mark.django_db
def test_a_published_file_is_genuine(genuine):
    html, keys, _home = genuine
    verdict = verify(html.encode(), keys)
    assert verdict.faults == []
    assert verdict.notes == []
    assert verdict.manifest["reference"] == "B-0001"


def test_another_key_does_not_do(genuine, tmp_path):
    html, _keys, _home = genuine
    verdict = verify(html.encode(), [signer(tmp_path).verifier])
    assert "not signed by the key given" in sentences(verdict)
    assert not verify(html.encode(), []).is_genuine


def body_of(html):
    start, end = html.index("<body>"), BLOCK.search(html).start()
    return start, end


def visible_positions(html, pattern):
    """Where characters of the visible text stand, tags left out."""
    start, end = body_of(html)
    places = []
    for piece in re.finditer(r">([^<]+)<", html[start:end]):
        for match in re.finditer(pattern, piece[1]):
            places.append(start + piece.start(1) + match.start())
    return places


@hypothesis_settings(max_examples=60)
@given(data=st.data())
def test_any_digit_changed_in_the_visible_text_is_found(genuine, data):
    html, keys, _home = genuine
    place = data.draw(st.sampled_from(visible_positions(html, r"\d")))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != html[place]]))
    assert not verify((html[:place] + other + html[place + 1 :]).encode(), keys).is_genuine


@hypothesis_settings(max_examples=60)
@given(data=st.data())
def test_any_byte_changed_anywhere_is_found(genuine, data):
    html, keys, _home = genuine
    page = html.encode()
    place = data.draw(st.integers(min_value=0, max_value=len(page) - 1))
    byte = data.draw(st.integers(min_value=0, max_value=255).filter(lambda b: b != page[place]))
    assert not verify(page[:place] + bytes([byte]) + page[place + 1 :], keys).is_genuine


@hypothesis_settings(max_examples=40)
@given(data=st.data())
def test_anything_put_in_or_taken_out_is_found(genuine, data):
    html, keys, _home = genuine
    place = data.draw(st.integers(min_value=0, max_value=len(html)))
    more = data.draw(st.text(min_size=1, max_size=5))
    changed = html[:place] + more + html[place:]
    if changed.removeprefix("\ufeff").replace("\r\n", "\n") != html:
        assert not verify(changed.encode("utf-8", "replace"), keys).is_genuine
    length = data.draw(st.integers(min_value=1, max_value=40))
    if html[place : place + length]:
        assert not verify((html[:place] + html[place + length :]).encode(), keys).is_genuine


def test_the_figure_that_was_changed_is_named(genuine):
    html, keys, _home = genuine
    changed = html.replace(">12</a></data>", ">13</a></data>", 1)
    assert changed != html
    said = sentences(verify(changed.encode(), keys))
    assert "Figure 1 (Sessions held) was published as “12”, and now it reads “13”" in said


def test_a_changed_sentence_is_named(genuine):
    html, keys, _home = genuine
    said = sentences(verify(html.replace("looked on", "looked away").encode(), keys))
    assert "looked away" in said


def test_added_and_removed_text_is_named(genuine):
    html, keys, _home = genuine
    added = html.replace("<footer>", "<p>Everything went well.</p><footer>")
    assert "Everything went well." in sentences(verify(added.encode(), keys))
    gone = re.sub(r"<p>Areas:.*?</p>", "", html, flags=re.DOTALL)
    assert gone != html
    assert "gone" in sentences(verify(gone.encode(), keys))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<h1>", '<h1 style="display:none">'),
        ("</style>", "p { display: none }</style>"),
        ("</style>", ".figure a::after { content: '0' }</style>"),
        ('href="#d1"', 'href="https://elsewhere.example/"'),
        ("<article ", "<article hidden "),
    ],
)
def test_hiding_by_style_is_found(genuine, old, new):
    html, keys, _home = genuine
    changed = html.replace(old, new, 1)
    assert changed != html
    assert "what surrounds it was changed" in sentences(verify(changed.encode(), keys))


def test_line_ends_changed_on_the_way_do_no_harm_and_are_said(genuine):
    html, keys, _home = genuine
    for changed in (html.replace("\n", "\r\n"), "\ufeff" + html):
        verdict = verify(changed.encode(), keys)
        assert verdict.is_genuine
        assert "line ends" in str(verdict.notes[0])


def test_a_seal_of_another_installation_put_over_changed_text_is_found(genuine, tmp_path):
    html, keys, _home = genuine
    page = BLOCK.sub("", html).replace(">12<", ">99<")
    manifest = {**(verify(html.encode(), keys).manifest or {}), **describe(page)}
    forged = page + seal_block(manifest, signer(tmp_path).sign(signed_text(manifest)))
    assert not verify(forged.encode(), keys).is_genuine
    assert not verify((forged + html[BLOCK.search(html).start() :]).encode(), keys).is_genuine


def test_files_that_are_none(genuine):
    _html, keys, _home = genuine
    for content in (b"", b"<p>hello</p>", b"\xff\xfe\x00", "简报".encode("gb18030")):
        assert not verify(content, keys).is_genuine


def test_reading_takes_what_is_seen_and_what_is_read_aloud():
    reading = read(
        '<title>T</title><style>p{}</style><p>a <b>b</b></p><img alt="c"><p title="d">e<br>f</p>'
        '<p><data data-figure="3" value="7"><a>over 7</a></data> g</p>'
    )
    assert reading.blocks == ["T", "a b", "c", "d e", "f", "7 over 7 g"]
    assert reading.figures == {"3": "over 7"}


@pytest.mark.parametrize("place", ["</style>", "</title>", '">', "</p>", "</footer>"])
def test_a_seal_that_was_moved_within_its_page_is_told(genuine, place):
    html, keys, _home = genuine
    block = BLOCK.search(html)[0]
    page = html.replace(block, "")
    assert place in page
    verdict = verify(page.replace(place, block + place, 1).encode(), keys)
    assert [str(fault) for fault in verdict.faults] == [
        "The seal was moved: it stood at the end of what was published."
    ]


@pytest.mark.parametrize(("sign", "shown"), [("\u200b", "[U+200B]"), ("\u202e", "[U+202E]")])
def test_a_sign_that_nobody_can_see_is_named_where_it_was_put(genuine, sign, shown):
    html, keys, _home = genuine
    number = re.search(r'<a href="#d1">([^<]+)</a>', html)
    changed = html.replace(number[0], number[0].replace("</a>", f"{sign}</a>"), 1)
    said = sentences(verify(changed.encode(), keys))
    assert f"now it reads “{number[1]}{shown}”" in said
    assert sign not in said
