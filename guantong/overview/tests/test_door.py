"""Who comes in, and how."""

import pytest
from django.test import Client

from guantong.campaigns.models import Campaign
from guantong.overview.tests.factories import client_of, idea
from guantong.overview.tests.markup import Markup
from guantong.people.models import Person
from guantong.people.operations import PersonDraft, register_people
from guantong.project.middleware import page_above
from guantong.study.tests.factories import World, world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    made = world()
    register_people(
        drafts=[PersonDraft("with_word", "Wen Ci", unit=made.units["D1"], password="a long word")],
        actor=None,
        now=NOW,
    )
    return made


def local() -> Client:
    """A browser on the machine itself."""
    return Client(headers={"host": "localhost:8000", "accept-language": "en"})


def demonstration() -> None:
    Campaign.objects.update(is_demonstration=True)


def test_strangers_are_led_to_the_door_from_every_page(here: World):
    for address in ("/", "/my-work/", "/sessions/", "/r/1/", "/ledger/", "/S-0001", "/search/?q=a"):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert answer["location"].startswith("/sign-in/")


def test_name_and_password_let_in(here: World):
    client = Client()
    wrong = client.post("/sign-in/", {"username": "with_word", "password": "another"})
    assert wrong.status_code == 200
    assert client.get("/").status_code == 302
    right = client.post("/sign-in/", {"username": "with_word", "password": "a long word"})
    assert right.status_code == 302
    assert client.get("/").status_code == 200


def test_who_has_no_password_cannot_come_in(here: World):
    answer = Client().post("/sign-in/", {"username": "coordinator", "password": ""})
    assert answer.status_code == 200
    assert Person.objects.get(username="coordinator").has_usable_password() is False


def test_a_real_campaign_offers_nobody(here: World):
    page = local().get("/sign-in/")
    assert b"Look round as" not in page.content
    person = here.people["coordinator"]
    assert local().post(f"/sign-in/{person.pk}/").status_code == 404


def test_a_demonstration_offers_one_of_each_role(here: World):
    demonstration()
    page = local().get("/sign-in/").content.decode()
    for role in ("Coordinator", "Liaison", "Unit head", "Researcher", "Inspector", "Auditor"):
        assert f"<strong>{role}</strong>" in page
    client = local()
    answer = client.post(f"/sign-in/{here.people['coordinator'].pk}/")
    assert answer.status_code == 302
    assert client.get("/").status_code == 200


def test_one_real_campaign_beside_it_closes_the_row(here: World):
    demonstration()
    Campaign.objects.create(
        code="real", name="Real", unit=here.units["M"], starts_on=here.campaign.starts_on
    )
    assert local().post(f"/sign-in/{here.people['coordinator'].pk}/").status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_HOST": "localhost.example.org"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
    ],
)
def test_from_elsewhere_a_demonstration_asks_for_the_password(
    here: World, said: dict[str, str], settings: object
):
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]
    demonstration()
    person = here.people["coordinator"]
    assert local().post(f"/sign-in/{person.pk}/", **said).status_code == 404
    assert b"<strong>" not in local().get("/sign-in/", **said).content


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_this_machine_by_any_of_its_names(here: World, host: str):
    demonstration()
    page = Client().get("/sign-in/", HTTP_HOST=host)
    assert b"<strong>" in page.content


def test_the_row_is_only_for_its_people_and_needs_the_forms_token(here: World):
    demonstration()
    stranger = here.people["owner_d1"]
    assert local().post(f"/sign-in/{stranger.pk}/").status_code == 404
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    assert strict.post(f"/sign-in/{here.people['coordinator'].pk}/").status_code == 403
    assert local().get(f"/sign-in/{here.people['coordinator'].pk}/").status_code == 405


def test_signing_out_is_a_form(here: World):
    client = Client()
    client.force_login(here.people["coordinator"])
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


def test_the_language_is_chosen_without_a_script_and_kept(here: World):
    client = Client(headers={"accept-language": "en"})
    assert 'lang="en"' in client.get("/sign-in/").content.decode()
    answer = client.post("/language/", {"language": "zh-hans", "next": "/sign-in/"})
    assert answer["location"] == "/sign-in/"
    assert 'lang="zh-Hans"' in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "only takes what"), ("zh-hans", "表单")])
def test_an_address_for_forms_only_says_so_to_whoever_opens_it(
    here: World, language: str, words: str
):
    client = client_of(here.people["coordinator"], language)
    record = idea(here)
    answer = client.get(f"/r/{record.pk}/comments/")
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert words in page
    assert f'href="/r/{record.pk}/"' in page
    assert Markup(page).faults == []
    assert 'href="/"' in client.get("/notices/seen/").content.decode()


@pytest.mark.parametrize(
    ("path", "above"),
    [("/r/5/comments/", "/r/5/"), ("/notices/seen/", "/notices/"), ("/no/such/page/", "/")],
)
def test_the_page_above_is_the_nearest_there_is(path: str, above: str):
    assert page_above(path) == above
