"""What an import says would do instead of what it refuses."""

import pytest

from guantong.exchange.batches import suggesting
from guantong.exchange.tests.factories import bring, options

pytestmark = pytest.mark.django_db


def test_of_what_is_unlike_all_names_none_is_proposed(world):
    outcome = bring("units", "code,name,parent\nX1,a,ZZ9\n", **options(world))
    assert outcome.faults[0].accepted == "the code or name of one that exists"


def test_of_a_file_full_of_strangers_only_the_first_are_compared_with_all_names(world, monkeypatch):
    compared: list[str] = []

    def compare(text: str, *_names: object, **_how: object) -> list[str]:
        compared.append(text)
        return []

    monkeypatch.setattr(suggesting.difflib, "get_close_matches", compare)
    rows = "".join(f"X{n},a,Strange {n % 150}\n" for n in range(300))
    outcome = bring("units", f"code,name,parent\n{rows}", **options(world))
    assert len(outcome.faults) == 300
    assert compared == [f"Strange {n}" for n in range(suggesting.MOST)]
