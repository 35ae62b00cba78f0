"""Days that are no errors but hardly right: far from the others, or before what comes first."""

import pytest
from django.utils import translation

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.tests.factories import bring, later, sentences
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted():
    """Return a function that imports problems and gives what is said of their days."""
    units = organisation()
    options = {"actor": cast(units)["coordinator"], "campaign": campaign_of(units)}

    def importing(rows, days=200, name="Problem"):
        text = "title,unit,identified_on,due_on\n" + "".join(
            f"{name} {n},D1,{one},{other}\n" for n, (one, other) in enumerate(rows)
        )
        with translation.override("en"):
            outcome = bring("problems", text, now=later(days), **options)
        assert sentences(outcome) == []
        return [note for note in outcome.notes if "_on" in note]

    return importing


def test_a_year_of_which_two_digits_were_turned_is_asked_about(noted):
    rows = [("2023-04-03", "2023-09-01")] * 6 + [("1923-04-03", "2032-09-01")]
    assert noted([*rows, ("2023-04-03", "2302-09-01")][:7]) == [
        "Problems: identified_on: days more than twenty years from most others; are they right? "
        "Rows 8 (3 Apr 1923)."
    ]
    assert "Rows 2 (1 Sept 2063)." in noted([("2023-04-04", "2063-09-01")], name="Other")[0]


def test_a_register_of_old_cases_is_not_asked_about(noted):
    assert noted([(f"19{year}-04-03", f"19{year}-09-01") for year in range(70, 90)]) == []


def test_what_is_due_before_it_was_found_is_said_of_rows_that_say_something_new(noted):
    rows = [("2023-04-03", "2023-04-02"), ("2023-04-03", "2023-04-03")]
    assert noted(rows) == ["Problems: Rows in which due_on lies before identified_on: 2."]
    assert noted(rows, days=201) == []
