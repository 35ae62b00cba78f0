"""What an import says would do instead of what it refuses."""

import pytest
from django.utils import translation

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.batches import suggesting
from guantong.exchange.tests.factories import bring, sentences
from guantong.kit.sheets import Context, Row
from guantong.kit.sheets.registry import sheets
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import NOW, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def world():
    units = organisation()
    people = cast(units)
    campaign = campaign_of(units)
    return {
        "actor": people["coordinator"],
        "campaign": campaign,
        "people": people,
        "units": units,
    }


def options(world, **more):
    return {"actor": world["actor"], "campaign": world["campaign"], **more}


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


def test_every_sheet_can_be_asked_of_rows_whose_cells_could_not_be_read(world):
    campaign = world["campaign"]
    context = Context(world["actor"], NOW, campaign.day_of(NOW), campaign)
    for sheet in sheets().values():
        empty = {column.name: column.parse.empty for column in sheet.columns}
        assert all(error.sentence for error in sheet.check([Row(2, empty)], context)), sheet.kind
