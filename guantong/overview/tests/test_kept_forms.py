"""What was typed when somebody was signed out meanwhile comes back and can be sent."""

import re
from html import unescape

import pytest
from django.test import Client

from guantong.overview.tests.markup import Markup
from guantong.overview.tests.test_accounts import WORD, choose, link_to
from guantong.people.models import Person
from guantong.rectification.models import Problem
from guantong.study.tests.factories import World, world

pytestmark = pytest.mark.django_db
NAME = "liaison_d1"
SAID = {"title": "Pumps <leak>", "unit": "D1", "severity": "low", "description": "One\nTwo"}
BROWSER = {"accept": "text/html,application/xhtml+xml", "accept-language": "en"}


@pytest.fixture
def here() -> World:
    made = world()
    choose(Client(headers=BROWSER), link_to(made, NAME))
    return made


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in found}


def test_a_form_sent_while_signed_out_goes_on_after_signing_in(here: World):
    client = Client(headers=BROWSER)
    asked = client.post("/new/problems/", SAID)
    assert asked.status_code == 403
    page = asked.content.decode()
    assert Markup(page).faults == []
    assert "What you typed is not lost" in page
    kept = hidden(page)["kept"]
    wrong = client.post("/sign-in/", {"username": NAME, "password": "no", "kept": kept})
    assert hidden(wrong.content.decode())["kept"] == kept
    back = client.post("/sign-in/", {"username": NAME, "password": WORD, "kept": kept})
    page = back.content.decode()
    assert Markup(page).faults == []
    assert "Pumps &lt;leak&gt;" in page
    assert 'action="/new/problems/"' in page
    assert not Problem.objects.exists()
    said = {name: value for name, value in hidden(page).items() if name in SAID}
    assert said == SAID
    assert client.post("/new/problems/", said).status_code == 302
    assert Problem.objects.get().record.title == "Pumps <leak>"


def test_choosing_the_language_loses_nothing_before_signing_in_and_after(here: World):
    client = Client(headers=BROWSER)
    page = client.post("/new/problems/", SAID).content.decode()
    chosen = {"language": "zh-hans", "next": "/new/problems/", "kept": hidden(page)["kept"]}
    page = client.post("/language/", chosen).content.decode()
    assert "您填写的内容没有丢失" in page
    signed = {"username": NAME, "password": WORD, "kept": hidden(page)["kept"]}
    page = client.post("/sign-in/", signed).content.decode()
    assert "Pumps &lt;leak&gt;" in page
    assert 'lang="zh-Hans"' in page.splitlines()[1]
    back = {"language": "en", "next": "/sign-in/", "kept": hidden(page)["kept"]}
    page = client.post("/language/", back).content.decode()
    assert "What you typed was not sent before" in page
    assert {name: value for name, value in hidden(page).items() if name in SAID} == SAID


def test_what_was_altered_on_the_way_is_not_sent(here: World):
    kept = hidden(Client(headers=BROWSER).post("/new/problems/", SAID).content.decode())["kept"]
    said = {"username": NAME, "password": WORD, "kept": kept.replace(kept[5], "x", 1) + "x"}
    answer = Client(headers=BROWSER).post("/sign-in/", said)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_passwords_are_never_kept_and_programs_are_led_to_the_door(here: World):
    words = {"old_password": "a", "new_password1": "b", "new_password2": "b"}
    assert Client(headers=BROWSER).post("/password/", words).status_code == 302
    assert Client().post("/new/problems/", SAID).status_code == 302


def test_a_form_opened_before_signing_in_anew_can_be_sent_again_but_no_other_sites(here: World):
    client = Client(headers=BROWSER, enforce_csrf_checks=True)
    client.force_login(Person.objects.get(username=NAME))
    own = client.post("/new/problems/", SAID, headers={"origin": "http://testserver"})
    assert own.status_code == 403
    page = own.content.decode()
    assert Markup(page).faults == []
    said = hidden(page)
    assert {name: said[name] for name in SAID} == SAID
    again = client.post("/new/problems/", said, headers={"origin": "http://testserver"})
    assert again.status_code == 302
    for origin in ("https://elsewhere.example", None):
        headers = {"origin": origin} if origin else {}
        other = client.post("/new/problems/", SAID, headers=headers)
        assert other.status_code == 403
        assert "Pumps" not in other.content.decode()
