"""The search over what records say: words, Chinese, corrections, redaction, rights, queries."""

import re

import pytest
from django.test import Client

from guantong.overview.tests.factories import client_of
from guantong.overview.tests.test_lists import references
from guantong.records.models import Record, SearchText
from guantong.records.operations import redact_record
from guantong.records.searching import excerpt, index_missing
from guantong.rectification.models import Problem
from guantong.rectification.operations import ProblemDraft, identify_problems
from guantong.study.tests.factories import World, planned, world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def problem(here: World, unit: str, title: str, description: str = "") -> Problem:
    draft = ProblemDraft(
        campaign=here.campaign, unit=here.units[unit], title=title, description=description
    )
    return identify_problems(drafts=[draft], actor=here.people["coordinator"], now=NOW)[0]


def found(client: Client, words: str) -> set[str]:
    page = client.get("/search/", {"q": words}).content.decode()
    return set(re.findall(r'<span class="quiet number">([A-Z]-\d+)</span>', page))


def test_words_are_found_in_titles_and_texts_in_both_languages(here: World):
    problem(here, "D1", "船用低速机备件断供", "曲轴只有一家工厂能做，交货要等六个月。")
    problem(here, "D1", "Crankshaft supply", "One single-source maker, half a year's wait.")
    client = client_of(here.people["coordinator"])
    cases = {
        "低速机": {"P-0001"},
        "曲轴": {"P-0001"},
        "月": {"P-0001"},
        "曲": {"P-0001"},
        "轴曲": set(),
        "工厂 断供": {"P-0001"},
        "crank": {"P-0002"},
        "CRANKSHAFT maker": {"P-0002"},
        "single-source": {"P-0002"},
        "shaft": set(),
        "P-000": {"P-0001", "P-0002"},
        "'\"*()&|!:<->": set(),
        "OR NEAR(a b)": set(),
    }
    assert {words: found(client, words) for words in cases} == cases


def test_a_list_is_filtered_by_the_same_words(here: World):
    problem(here, "D1", "备件断供", "曲轴只有一家工厂能做。")
    problem(here, "D1", "Another")
    client = client_of(here.people["coordinator"])
    assert references(client, "/problems/?q=曲轴") == ["P-0001"]


def test_the_index_follows_corrections_and_redaction(here: World):
    made = problem(here, "D1", "备件断供", "王某某说曲轴只有一家工厂能做。")
    client = client_of(here.people["coordinator"])
    from guantong.records.operations import correct_records

    correct_records(
        details=[made],
        changes={made.pk: {"title": "铸件断供"}},
        actor=here.people["coordinator"],
        now=NOW,
    )
    assert found(client, "备件") == set()
    assert found(client, "铸件") == {"P-0001"}
    redact_record(
        detail=made,
        fields=["description"],
        actor=here.people["coordinator"],
        now=NOW,
        reason="A person is named.",
    )
    assert found(client, "王某某") == set()
    assert "王" not in SearchText.objects.get(record=made.pk).grams


def test_what_cant_be_seen_is_neither_found_nor_counted(here: World):
    problem(here, "D1", "备件断供")
    problem(here, "D2", "备件积压")
    assert found(client_of(here.people["liaison_d1"]), "备件") == {"P-0001"}
    page = client_of(here.people["liaison_d1"]).get("/search/?q=备件").content.decode()
    assert '<span class="quiet number">1</span>' in page


def test_an_excerpt_shows_where_the_words_stand(here: World):
    problem(here, "D1", "Supply", "There is one maker of crankshafts in the whole of the province.")
    page = client_of(here.people["coordinator"]).get("/search/?q=Crankshafts").content.decode()
    assert "<mark>crankshafts</mark>" in page
    cut = excerpt("x" * 40 + "曲轴" + "y" * 40, ["曲轴"])
    assert cut is not None
    assert (cut.before, cut.said, cut.after) == ("…" + "x" * 30, "曲轴", "y" * 30 + "…")


def test_what_was_found_is_told_by_kind(here: World):
    problem(here, "D1", "Reading glasses")
    planned(here, "D1", title="Reading chapter two")
    client = client_of(here.people["coordinator"])
    assert found(client, "reading") == {"P-0001", "S-0001"}
    page = client.get("/search/?q=reading&kind=problem").content.decode()
    assert "P-0001" in page
    assert "S-0001" not in page


def test_records_of_an_earlier_version_are_indexed_once_it_is_brought_up_to_date(here: World):
    problem(here, "D1", "备件断供")
    SearchText.objects.all().delete()
    client = client_of(here.people["coordinator"])
    assert found(client, "备件") == set()
    index_missing()
    assert found(client, "备件") == {"P-0001"}
    assert SearchText.objects.count() == Record.objects.count()


def test_a_search_asks_as_much_for_many_rows_as_for_few(
    here: World, django_assert_max_num_queries: object
):
    client = client_of(here.people["coordinator"])
    for number in range(20):
        problem(here, "D1", f"Part {number}", "备件断供")
    with django_assert_max_num_queries(13):
        client.get("/search/?q=备件")


def test_a_page_of_results_that_there_is_not_is_not_found(here: World):
    client = client_of(here.people["coordinator"])
    assert client.get("/search/?q=chains&after=made-up").status_code == 404
