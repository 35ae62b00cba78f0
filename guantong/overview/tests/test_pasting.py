"""A pasted text is parted, waits in pieces, and becomes records one by one."""

import pytest
from django.test import Client

from guantong.overview.models import Piece
from guantong.overview.operations import forget_words
from guantong.overview.rules import looks_like_rows, pieces_of, title_and_text
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.records.models import Record
from guantong.study.tests.factories import World, world

TEXT = "Pumps leak in hall 3. They have for a year.\n\nNo logs are kept"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (TEXT, ["Pumps leak in hall 3. They have for a year.", "No logs are kept"]),
        ("one\ntwo\n", ["one", "two"]),
        ("1. one\ngoes on\n2. two", ["one\ngoes on", "two"]),
        ("一、设备老化。\n二、无人复核。", ["设备老化。", "无人复核。"]),
        ("（1）甲\n（2）乙", ["甲", "乙"]),
        ("- a\r\n- b", ["a", "b"]),
        ("3.5 tons were lost\n12 pumps leak", ["3.5 tons were lost", "12 pumps leak"]),
        ("one\n  \ntwo\nstill two", ["one", "two\nstill two"]),
        ("1. one\n2. two\n goes on\n\n一、甲\n（二）乙", ["one", "two\n goes on", "甲", "乙"]),
        ("Seen in hall 3\n1. one\n2. two\n\nlast", ["Seen in hall 3", "one", "two", "last"]),
        ("It costs\n2. and more\n\nlast", ["It costs\n2. and more", "last"]),
        ("  \n ", []),
    ],
)
def test_a_text_is_parted(text: str, pieces: list[str]):
    assert pieces_of(text) == pieces


@pytest.mark.parametrize(
    ("piece", "title", "text"),
    [
        ("Pumps leak. They have for a year.", "Pumps leak", "They have for a year."),
        ("Pumps leak\nin hall 3", "Pumps leak", "in hall 3"),
        ("设备老化。已有一年。", "设备老化", "已有一年。"),
        ("Only this.", "Only this", "Only this."),
        ("Version 2.5 fails often", "Version 2.5 fails often", "Version 2.5 fails often"),
        ("x" * 200, "x" * 119 + "…", "x" * 200),
    ],
)
def test_the_first_sentence_is_the_title(piece: str, title: str, text: str):
    assert title_and_text(piece) == (title, text)


def test_rows_of_a_table_are_told_from_a_text():
    assert looks_like_rows("Title\tUnit\na\tD1\n")
    assert not looks_like_rows(TEXT)
    assert not looks_like_rows("\tan indented line\nand another\nand more")


@pytest.fixture
def here(db: None) -> World:
    return world()


@pytest.fixture
def liaison(here: World) -> Client:
    return client_of(here.people["liaison_d1"])


def test_pieces_are_entered_one_by_one_and_none_is_lost(here: World, liaison: Client):
    assert "/new/ideas/paste/" in liaison.get("/new/ideas/").content.decode()
    liaison.post("/new/ideas/paste/", {"text": TEXT})
    page = liaison.get("/new/ideas/paste/").content.decode()
    assert Markup(page).faults == []
    first, second = Piece.objects.order_by("pk")
    address = f"/new/ideas/?piece={first.pk}"
    assert f'href="{address}"' in page
    form = liaison.get(address).content.decode()
    assert 'value="Pumps leak in hall 3"' in form
    assert "They have for a year." in form
    assert liaison.post(address, {"title": "", "unit": "D1"}).status_code == 422
    assert Piece.objects.count() == 2
    answer = liaison.post(address, {"title": "Pumps leak", "unit": "D1", "text": "A year"})
    assert answer.headers["Location"] == "/new/ideas/paste/"
    assert Record.objects.get().title == "Pumps leak"
    assert list(Piece.objects.all()) == [second]
    liaison.post(f"/new/ideas/paste/{second.pk}/drop/")
    assert not Piece.objects.exists()
    assert liaison.get(f"/new/ideas/?piece={second.pk}").status_code == 404


def test_rows_go_to_where_files_are_taken(here: World, liaison: Client):
    rows = "Title\tUnit\nKeep two suppliers\tD1\nName an owner\tD1\n"
    answer = liaison.post("/new/ideas/paste/", {"text": rows, "kind": "ideas"}, follow=True)
    assert answer.redirect_chain[0] == ("/import/", 307)
    page = answer.content.decode()
    assert "Pasted rows.tsv" in page
    assert "Import 2 rows" in page


def test_pieces_are_their_persons_own(here: World, liaison: Client):
    liaison.post("/new/ideas/paste/", {"text": TEXT})
    piece = Piece.objects.earliest("pk")
    other = client_of(here.people["liaison_d2"])
    assert "Pumps leak" not in other.get("/new/ideas/paste/").content.decode()
    assert other.get(f"/new/ideas/?piece={piece.pk}").status_code == 404
    assert other.post(f"/new/ideas/paste/{piece.pk}/drop/").status_code == 404
    for name in ("auditor", "inspector"):
        assert client_of(here.people[name]).get("/new/ideas/paste/").status_code == 404
    assert liaison.get("/new/sessions/paste/").status_code == 404


def test_redacted_words_are_forgotten_in_pieces_that_wait(here: World, liaison: Client):
    liaison.post("/new/ideas/paste/", {"text": TEXT})
    liaison.post("/new/ideas/", {"title": "Pumps", "unit": "D1"})
    forget_words(record=Record.objects.get(), fields=(), texts=["No logs are kept", " "])
    assert [str(piece)[:5] for piece in Piece.objects.all()] == ["Pumps"]
