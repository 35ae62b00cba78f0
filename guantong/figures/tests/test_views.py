"""The pages of figures show what their reader may see, and every number opens its rows."""

import re

import pytest
from django.test import Client
from django.utils import translation

from guantong.figures.queries import dimensions_of
from guantong.figures.registry import figures
from guantong.figures.tests.test_queries import HELD, MAY
from guantong.study.tests.factories import held, planned, world
from guantong.units.tests.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    w = world()
    held(w, "D1", on=MAY)
    held(w, "O1", on=MAY)
    held(w, "D2", on=TODAY)
    planned(w, "U1")
    return w


def client_of(w, name):
    client = Client(headers={"accept-language": "en"})
    client.force_login(w.people[name])
    return client


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_index_shows_every_figure(campaign):
    response = client_of(campaign, "coordinator").get("/figures/")
    assert response.status_code == 200
    with translation.override("en"):
        for figure in figures():
            assert f"/figures/{figure.code}/" in response.content.decode()


@pytest.mark.parametrize(("name", "count"), [("coordinator", 3), ("liaison_d1", 2)])
def test_a_page_counts_for_its_reader(campaign, name, count):
    client = client_of(campaign, name)
    assert f"Sessions held: {count} at the end of" in text_of(client.get(f"/figures/{HELD}/"))
    rows = client.get(f"/figures/{HELD}/records/")
    assert rows.content.decode().count("<tr>") == count + 1


@pytest.mark.usefixtures("kept_answers")
def test_every_figure_has_a_page_by_everything(campaign):
    client = client_of(campaign, "coordinator")
    for figure in figures():
        for name in dimensions_of(figure):
            response = client.get(f"/figures/{figure.code}/?by={name}")
            assert response.status_code == 200, (figure.code, name)
        assert client.get(f"/figures/{figure.code}/records/").status_code == 200


def test_every_number_opens_its_rows(campaign):
    client = client_of(campaign, "coordinator")
    page = client.get(f"/figures/{HELD}/?by=unit").content.decode()
    links = re.findall(rf'<a href="(/figures/{HELD}/records/\?only[^"]*)">(\d+)</a>', page)
    assert len(links) == 3
    for address, number in links:
        rows = client.get(address.replace("&amp;", "&"))
        assert rows.content.decode().count("<tr>") == int(number) + bool(int(number))


def test_a_past_day_is_kept_along_the_links(campaign):
    page = client_of(campaign, "coordinator").get(f"/figures/{HELD}/?as_of={MAY}")
    assert "Sessions held: 2 at the end of" in text_of(page)
    assert f"/figures/{HELD}/records/?as_of={MAY}" in page.content.decode()


@pytest.mark.parametrize(
    "query", ["as_of=never", "as_of=2999-01-01", "unit=Z9", "area=zz", "by=colour", "only.format=x"]
)
def test_what_there_is_not_is_not_found(campaign, query):
    response = client_of(campaign, "coordinator").get(f"/figures/{HELD}/?{query}")
    assert response.status_code == 404


def test_rows_are_paged(campaign):
    for _number in range(60):
        held(campaign, "D2", on=TODAY)
    client = client_of(campaign, "coordinator")
    first = client.get(f"/figures/{HELD}/records/").content.decode()
    address = re.search(r'rel="next" href="([^"]+)"', first)
    assert address is not None
    second = client.get(f"/figures/{HELD}/records/{address[1]}").content.decode()
    assert first.count("<tr>") + second.count("<tr>") == 63 + 2


def test_the_page_is_in_chinese_too(campaign):
    client = client_of(campaign, "coordinator")
    page = client.get(f"/figures/{HELD}/", headers={"accept-language": "zh-hans"})
    assert 'lang="zh' in page.content.decode()


def test_the_index_counts_wholes_whatever_it_is_reached_from(campaign):
    client = client_of(campaign, "coordinator")
    narrowed = client.get("/figures/?only.unit=D1&only.format=reading_class")
    assert narrowed.status_code == 200
    assert text_of(narrowed).count("3") == text_of(client.get("/figures/")).count("3")
