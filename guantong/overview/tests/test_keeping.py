"""Counts are kept until the next entry, and never beyond it or for somebody else."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import override_settings

from guantong.ledger.keeping import until_the_next_entry
from guantong.overview.tests.factories import client_of
from guantong.study.tests.factories import World, held, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Iterator[World]:
    local = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with override_settings(CACHES=local):
        cache.clear()
        yield world()
        cache.clear()


def count(here: World, name: str, address: str = "/sessions/") -> str:
    page = client_of(here.people[name]).get(address).content.decode()
    return page.split('<span class="quiet number">')[1].split("<")[0]


def test_a_new_record_is_counted_at_once(here: World):
    held(here, "D1")
    assert count(here, "coordinator") == "1"
    assert count(here, "liaison_d2") == "0"
    held(here, "D2")
    assert count(here, "coordinator") == "2"
    assert count(here, "liaison_d2") == "1"
    assert count(here, "coordinator", "/sessions/?unit=D1") == "1"


def test_a_kept_answer_is_given_without_asking_again(here: World):
    asked = []

    def answer() -> int:
        asked.append(1)
        return len(asked)

    assert [until_the_next_entry(("one",), answer) for _n in range(3)] == [1, 1, 1]
    assert until_the_next_entry(("another",), answer) == 2
    held(here, "D1")
    assert until_the_next_entry(("one",), answer) == 3
