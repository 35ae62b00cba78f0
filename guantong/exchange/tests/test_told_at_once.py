"""All that is wrong with a row is told at once, unless the one thing may follow from the other."""

import pytest
from django.utils import translation

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.operations.importing import context_of
from guantong.exchange.tests.factories import bring, sentences
from guantong.kit.sheets import Row
from guantong.kit.sheets.registry import sheets
from guantong.people.tests.factories import cast
from guantong.rectification.models import Problem
from guantong.units.tests.factories import NOW, organisation

pytestmark = pytest.mark.django_db
HEADER = "reference,title,unit,severity,identified_on,closed_on,state\n"


@pytest.fixture
def told():
    """Return a function that brings problems and gives what is said of their rows."""
    units = organisation()
    options = {"actor": cast(units)["coordinator"], "campaign": campaign_of(units)}

    def bringing(text, **more):
        with translation.override("en"):
            return sentences(bring("problems", text, **options, **more))

    return bringing


def test_a_refused_cell_hides_nothing_that_other_cells_say(told):
    rows = ",Pumps leak,ZZ9,rotten,2099-01-01,,closed\n,Logs,ZZ9,low,2099-01-01,,\n"
    faults = told(HEADER + rows)
    of_two = [column for row, column, _sentence in faults if row == 2]
    assert sorted(of_two) == ["identified_on", "severity", "state", "unit"]


def test_what_may_follow_from_a_refused_cell_is_not_told(told):
    faults = told(HEADER + ",Pumps leak,D1,low,2023-13-01,2099-01-01,\n")
    assert (2, "identified_on", "There is no day “2023-13-01” in the calendar.") in faults
    assert not any("would end" in sentence for _row, _column, sentence in faults)


def test_a_known_row_with_a_refused_cell_says_what_else_may_not_change(told):
    assert told(HEADER + ",Pumps leak,D1,low,2023-04-03,,\n") == []
    number = Problem.objects.get().record.reference
    faults = told(HEADER + f"{number},Pumps leak,D1,rotten,2023-04-03,,closed\n")
    assert [column for _row, column, _sentence in faults] == ["severity", "state"]
    assert Problem.objects.get().record.state == "identified"


def test_a_reference_that_is_not_there_is_told_beside_a_broken_cell(told):
    faults = told(HEADER + "P-9999,Pumps leak,D1,rotten,2023-04-03,,\n")
    assert [column for _row, column, _sentence in faults] == ["severity", "reference"]


def test_a_row_of_which_every_cell_was_refused_breaks_no_check():
    units = organisation()
    actor, campaign = cast(units)["coordinator"], campaign_of(units)
    context = context_of(actor=actor, now=NOW, campaign=campaign, source="")
    for sheet in sheets().values():
        row = Row(2, {column.name: column.parse.empty for column in sheet.columns})
        assert {error.number for error in sheet.check([row], context)} <= {2}
