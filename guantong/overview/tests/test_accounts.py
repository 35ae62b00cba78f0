"""People are let in by links, change their own passwords, and are shut out, on the pages."""

import io
import re

import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from guantong.overview.forms.passwords import LongEnough
from guantong.overview.tests.factories import client_of
from guantong.overview.tests.markup import Markup
from guantong.people.models import Person
from guantong.people.operations import PersonDraft, register_people
from guantong.study.tests.factories import World, world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db
WORD, OTHER = "seven white geese", "eight grey geese"


@pytest.fixture
def here() -> World:
    return world()


def stranger() -> Client:
    return Client(headers={"accept-language": "en"})


def link_to(here: World, name: str) -> str:
    """Have the administrator make a link; return its path."""
    client = client_of(here.people["administrator"])
    page = client.post(f"/people/{here.people[name].pk}/sign-in-link/").content.decode()
    assert Markup(page).faults == []
    found = re.search(r'value="http://testserver(/sign-in/[^"]+)"', page)
    assert found is not None
    return found[1]


def choose(client: Client, path: str, word: str = WORD, again: str = "") -> str:
    """Open a link and choose a password with it; return the page that comes of it."""
    opened = client.get(path, follow=True)
    if not opened.redirect_chain:
        return opened.content.decode()
    where = opened.redirect_chain[-1][0]
    said = {"new_password1": word, "new_password2": again or word}
    return client.post(where, said, follow=True).content.decode()


def test_a_link_lets_its_person_choose_a_password_once(here: World):
    path = link_to(here, "liaison_d1")
    person = here.people["liaison_d1"]
    opened = stranger().get(path, follow=True)
    # What stands in the address after that could be passed on by nobody.
    assert opened.redirect_chain[-1][0].endswith("/new/")
    page = opened.content.decode()
    # So that what keeps passwords for people knows whose this one is.
    assert f'name="username" value="{person.username}" autocomplete="username"' in page
    assert Markup(page).faults == []
    client = stranger()
    assert "The password is yours" in choose(client, path)
    assert client.get("/my-work/").status_code == 200
    assert "was used already" in choose(stranger(), path)
    signed = stranger().post("/sign-in/", {"username": person.username, "password": WORD})
    assert signed.status_code == 302


@pytest.mark.parametrize(
    ("word", "again", "said"),
    [("short", "", "too short"), ("1234567890", "", "entirely numeric"), (WORD, OTHER, "match")],
)
def test_a_poor_password_is_refused_and_the_link_still_holds(
    here: World, word: str, again: str, said: str
):
    path, client = link_to(here, "liaison_d1"), stranger()
    assert said in choose(client, path, word, again)
    assert "The password is yours" in choose(client, path)


def test_a_short_password_is_refused_in_the_readers_language(here: World):
    path, client = link_to(here, "liaison_d1"), stranger()
    with translation.override("zh-hans"):
        sentence = LongEnough().get_error_message()
    assert "至少需要 8 个字符" in sentence
    assert "This password is too short: at least 8" in choose(client, path, "short")


@pytest.mark.parametrize("spoil", [lambda path: path[:-5] + "0/", lambda path: "/sign-in/zz/a-b/"])
def test_what_is_no_link_says_what_to_do(here: World, spoil):
    page = choose(stranger(), spoil(link_to(here, "liaison_d1")))
    assert "Ask your system administrator for a new one" in page


def test_only_administrators_make_links_and_close_accounts(here: World):
    whom = here.people["liaison_d1"]
    for name in ("coordinator", "head_d1", "liaison_d1"):
        client = client_of(here.people[name])
        page = client.get(f"/people/{whom.pk}/").content.decode()
        assert "Make a sign-in link" not in page
        for step in ("sign-in-link", "close", "open"):
            answer = client.post(f"/people/{whom.pk}/{step}/", follow=True)
            assert "system administrator" in answer.content.decode(), (name, step)
        assert client.post("/people/sign-in-links/").status_code == 404
    assert Person.objects.get(pk=whom.pk).is_active


def test_a_workbook_has_a_link_for_each_who_cannot_sign_in_yet(here: World):
    register_people(
        drafts=[PersonDraft("has_word", "Has Word", unit=here.units["D1"], password=WORD)],
        actor=None,
        now=NOW,
    )
    client = client_of(here.people["administrator"])
    answer = client.post("/people/sign-in-links/", {"q": "d1"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    wanted = Person.objects.filter(username__icontains="d1")
    assert {row[2] for row in rows[1:]} == set(wanted.values_list("username", flat=True))
    assert "has_word" not in {row[2] for row in rows}
    link = next(row[3] for row in rows if row[2] == "liaison_d1")
    assert "The password is yours" in choose(stranger(), link.removeprefix("http://testserver"))
    assert (
        "can sign in already"
        in client.post("/people/sign-in-links/", {"q": "has_word"}, follow=True).content.decode()
    )


def test_who_is_shut_out_is_out_at_once_and_comes_back_with_the_same_password(here: World):
    path, client = link_to(here, "liaison_d1"), stranger()
    choose(client, path)
    whom = here.people["liaison_d1"]
    administrator = client_of(here.people["administrator"])
    page = administrator.post(f"/people/{whom.pk}/close/", {"reason": "left"}, follow=True)
    assert "account closed" in page.content.decode()
    assert client.get("/my-work/").status_code == 302
    said = {"username": whom.username, "password": WORD}
    assert stranger().post("/sign-in/", said).status_code == 200
    administrator.post(f"/people/{whom.pk}/open/")
    assert stranger().post("/sign-in/", said).status_code == 302


def test_one_changes_ones_own_password_with_the_old_one(here: World):
    path, client = link_to(here, "liaison_d1"), stranger()
    choose(client, path)
    assert (
        "Change your password"
        in client.get(f"/people/{here.people['liaison_d1'].pk}/").content.decode()
    )
    elsewhere = stranger()
    elsewhere.post("/sign-in/", {"username": "liaison_d1", "password": WORD})
    assert 'value="liaison_d1" autocomplete="username"' in client.get("/password/").content.decode()
    wrong = {"old_password": "no", "new_password1": OTHER, "new_password2": OTHER}
    assert "incorrect" in client.post("/password/", wrong).content.decode()
    page = client.post("/password/", {**wrong, "old_password": WORD}, follow=True).content.decode()
    assert "Other browsers are signed out" in page
    assert client.get("/my-work/").status_code == 200
    assert elsewhere.get("/my-work/").status_code == 302
