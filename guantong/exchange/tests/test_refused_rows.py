"""What an import says of rows that it refuses: everything at once, and what would do instead."""

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


def test_all_that_is_wrong_with_a_row_is_said_at_once(world):
    text = (
        "title,unit,severity,identified_on,due_on\n"
        "One,ZZ9,huge,2099-10-02,2026年6月底\n"
        ",D1,low,2099-10-02,\n"
    )
    outcome = bring("problems", text, **options(world))
    assert {(number, column) for number, column, _sentence in sentences(outcome)} == {
        *((2, name) for name in ("unit", "severity", "identified_on", "due_on")),
        *((3, name) for name in ("title", "identified_on")),
    }


def test_a_row_whose_cell_cannot_be_read_is_not_said_to_lack_it(world):
    text = "title,problem,unit,due_on\nRelining,P-9999,D1,soon\n"
    outcome = bring("measures", text, **options(world))
    assert sorted(column for _number, column, _sentence in sentences(outcome)) == [
        "due_on",
        "problem",
    ]


def test_every_sheet_can_be_asked_of_rows_whose_cells_could_not_be_read(world):
    campaign = world["campaign"]
    context = Context(world["actor"], NOW, campaign.day_of(NOW), campaign)
    for sheet in sheets().values():
        empty = {column.name: column.parse.empty for column in sheet.columns}
        assert all(error.sentence for error in sheet.check([Row(2, empty)], context)), sheet.kind
