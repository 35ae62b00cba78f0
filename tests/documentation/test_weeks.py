"""“Your week” is there for each role in each language, and says only what the pages offer."""

import re
from pathlib import Path

import polib
import pytest
from django.test import Client
from django.utils.translation import gettext, override

from guantong.campaigns.tests.factories import campaign_of
from guantong.overview.queries.weeks import FOLDER, WEEKS
from guantong.people.models import Appointment, Person, Role
from guantong.people.tests.factories import cast
from guantong.records.registry import kinds
from guantong.records.rules import Who
from guantong.units.tests.factories import organisation
from tests.architecture.order import PACKAGE

LANGUAGES = {"en": "en", "zh": "zh-hans"}
LABEL = re.compile(r"\*\*(.+?)\*\*")
LINK = re.compile(r"\]\((/[^)]*)\)")
PAGES = [(language, role) for language in LANGUAGES for role in WEEKS]
AS_WHOM = {
    "coordinator": {Who.COORDINATOR, Who.ABOVE},
    "liaison": {Who.LIAISON},
    "head": {Who.HEAD, Who.ABOVE, Who.HEAD_ABOVE},
    "researcher": {Who.RESEARCHER},
    "inspector": {Who.INSPECTOR},
    "auditor": {Who.AUDITOR},
    "administrator": set(),
    "reader": {Who.RESPONSIBLE},
}


def text(language: str, role: str) -> str:
    return (FOLDER / language / f"{role}.md").read_text("utf-8")


@pytest.fixture(scope="module")
def labels() -> dict[str, set[str]]:
    """Give everything that the pages say, in each language."""
    entries = [
        entry
        for catalogue in Path(PACKAGE).glob("*/locale/zh_Hans/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(catalogue))
    ]
    return {"en": {one.msgid for one in entries}, "zh": {one.msgstr for one in entries}}


def test_each_role_has_its_week_and_nothing_else_has():
    there = {(path.parent.name, path.stem) for path in FOLDER.glob("*/*.md")}
    assert there == set(PAGES)
    assert set(WEEKS) == {*Role.values, "reader"}


@pytest.mark.parametrize(("language", "role"), PAGES)
def test_every_label_is_one_that_the_pages_have(language: str, role: str, labels):
    assert set(LABEL.findall(text(language, role))) - labels[language] == set()


@pytest.mark.parametrize(("language", "role"), PAGES)
def test_every_step_is_one_that_the_role_may_take(language: str, role: str):
    by: dict[str, set[Who]] = {}
    with override(LANGUAGES[language]):
        for kind in kinds():
            for step in kind.lifecycle.transitions:
                by.setdefault(gettext(step.label), set()).update(step.by)
    named = set(LABEL.findall(text(language, role))) & by.keys()
    assert {label for label in named if not by[label] & AS_WHOM[role]} == set()


@pytest.mark.parametrize("role", WEEKS)
def test_both_languages_lead_to_the_same_pages_and_are_of_a_length(role: str):
    english, chinese = text("en", role), text("zh", role)
    assert LINK.findall(english) == LINK.findall(chinese)
    assert len(re.findall("^##", english, re.M)) == len(re.findall("^##", chinese, re.M))
    # About one printed page.
    assert len(english.split()) < 520


def person_of(role: str) -> Person:
    units = organisation()
    people = cast(units)
    campaign_of(units)
    held = {one.role: one.person for one in Appointment.objects.select_related("person")}
    return held.get(role, people["owner_d1"])


@pytest.mark.django_db
@pytest.mark.parametrize("role", WEEKS)
def test_one_reads_ones_own_week_and_every_link_in_it_opens(role: str):
    client = Client()
    client.force_login(person_of(role))
    for language, locale in LANGUAGES.items():
        page = client.get("/your-week/", follow=True, HTTP_ACCEPT_LANGUAGE=locale)
        assert page.redirect_chain == [(f"/your-week/{role}/", 302)]
        heading = text(language, role).splitlines()[0].removeprefix("# ")
        assert f"<h1>{heading}</h1>" in page.content.decode()
    for link in LINK.findall(text("en", role)):
        assert client.get(link).status_code == 200, link
    assert client.get("/your-week/nobody/").status_code == 404
    assert client.get("/your-week/liaison/").status_code == 200
