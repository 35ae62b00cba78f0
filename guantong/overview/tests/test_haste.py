"""Attempts at passwords are slowed down, in words, and keep nobody out for long."""

import datetime

import pytest
from django.test import Client

from guantong.overview.forms import haste
from guantong.overview.tests.test_accounts import OTHER, WORD, choose, link_to
from guantong.people.rules import FREE_ATTEMPTS, FREE_FROM_ADDRESS, LONGEST_WAIT
from guantong.study.tests.factories import World, world

pytestmark = pytest.mark.django_db
NAME = "liaison_d1"


@pytest.fixture
def here() -> World:
    made = world()
    choose(stranger(), link_to(made, NAME))
    return made


def stranger(language: str = "en") -> Client:
    return Client(headers={"accept-language": language})


def attempt(client: Client, word: str = "wrong one", name: str = NAME):
    return client.post("/sign-in/", {"username": name, "password": word})


def exhaust(client: Client, name: str = NAME) -> None:
    for _try in range(FREE_ATTEMPTS):
        assert attempt(client, name=name).status_code == 200


def test_after_some_wrong_passwords_the_page_says_how_long_to_wait(here: World):
    exhaust(stranger())
    answer = attempt(stranger())
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 15
    page = answer.content.decode()
    assert "Wait 15 seconds, then try again" in page
    assert f'value="{NAME}"' in page
    assert "请等待 15 秒后再试" in attempt(stranger("zh-hans")).content.decode()


def test_the_right_password_waits_too_so_that_guessing_tells_nothing(here: World):
    exhaust(stranger())
    assert attempt(stranger(), WORD).status_code == 429


@pytest.mark.parametrize("name", ["nobody", "ｎｏｂｏｄｙ"])
def test_a_name_that_nobody_has_is_answered_alike_however_it_is_written(here: World, name: str):
    exhaust(stranger(), "nobody")
    assert attempt(stranger(), name=name).status_code == 429


def test_who_signed_in_here_before_is_let_in_while_others_try_the_name(here: World):
    own = stranger()
    assert attempt(own, WORD).status_code == 302
    own.post("/sign-out/")
    exhaust(stranger())
    assert attempt(stranger(), WORD).status_code == 429
    assert attempt(own, WORD).status_code == 302


def test_a_known_browser_is_no_way_round_for_its_own_guesses_nor_for_other_names(here: World):
    own = stranger()
    attempt(own, WORD)
    own.post("/sign-out/")
    exhaust(own)
    assert attempt(own, WORD).status_code == 429
    exhaust(stranger(), "coordinator")
    assert attempt(own, name="coordinator").status_code == 429


def test_after_the_wait_one_comes_in_and_begins_anew(here: World, monkeypatch):
    exhaust(stranger())
    now = haste.timezone.now()
    monkeypatch.setattr(haste.timezone, "now", lambda: now + LONGEST_WAIT)
    assert attempt(stranger(), WORD).status_code == 302
    exhaust(stranger())


def test_a_sign_in_link_is_a_way_round_the_wait(here: World):
    exhaust(stranger())
    client = stranger()
    assert "The password is yours" in choose(client, link_to(here, NAME), OTHER)
    client.post("/sign-out/")
    assert attempt(stranger(), OTHER).status_code == 302


def test_the_old_password_of_an_open_browser_is_no_guessing_game(here: World):
    own = stranger()
    attempt(own, WORD)
    said = {"old_password": "no", "new_password1": OTHER, "new_password2": OTHER}
    for _try in range(FREE_ATTEMPTS):
        assert "incorrect" in own.post("/password/", said).content.decode()
    page = own.post("/password/", {**said, "old_password": WORD}).content.decode()
    assert "Wait 15 seconds" in page


def test_a_wait_is_said_in_whole_minutes_from_one_on(here: World):
    said = haste._said(datetime.timedelta(seconds=61))
    assert "2" in said


def test_one_password_on_many_names_waits_but_not_in_browsers_that_are_known(here: World):
    own = stranger()
    assert attempt(own, WORD).status_code == 302
    own.post("/sign-out/")
    for number in range(FREE_FROM_ADDRESS):
        assert attempt(stranger(), name=f"name{number}").status_code == 200
    answer = attempt(stranger(), WORD)
    assert answer.status_code == 429
    assert "from this network" in answer.content.decode()
    assert attempt(own, WORD).status_code == 302


@pytest.mark.parametrize(
    ("remote", "forwarded", "is_behind", "address"),
    [
        ("203.0.113.9", "198.51.100.7", False, "203.0.113.9"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.7", True, "198.51.100.7"),
        ("127.0.0.1", "", True, "127.0.0.1"),
        ("2001:db8:1:2:3::4", "", False, "2001:db8:1:2::/64"),
        ("", "", False, ""),
    ],
)
def test_an_address_is_what_the_proxy_says_where_there_is_one(
    rf, settings, remote: str, forwarded: str, is_behind: bool, address: str
):
    settings.IS_BEHIND_HTTPS = is_behind
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = rf.get("/sign-in/", headers=headers, REMOTE_ADDR=remote)
    assert haste.address_of(request) == address
