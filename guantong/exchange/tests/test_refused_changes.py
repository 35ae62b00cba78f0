"""Changes of rows that an operation refuses one by one: each is named, the others go on."""

import pytest
from django.utils import translation

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.models import RunState
from guantong.exchange.tests.factories import bring, later, sentences
from guantong.people.tests.factories import cast
from guantong.units.models import Unit
from guantong.units.tests.factories import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    """Return a function that imports units as the coordinator, some days in."""
    units = organisation()
    options = {"actor": cast(units)["coordinator"], "campaign": campaign_of(units)}

    def importing(text, days, **more):
        with translation.override("en"):
            return bring("units", text, now=later(days), **options, **more)

    importing("code,name,parent\nX1,a,M\nX2,b,X1\nX3,c,M\n", 0)
    return importing


def test_a_unit_moved_beneath_itself_is_named_and_the_other_rows_are_taken(register):
    text = "code,name,parent\nX1,a,X2\nX3,d,M\n"
    refusal = [(2, "parent", "b stands beneath a, so a can't be moved under it.")]
    outcome = register(text, 1)
    assert (outcome.state, sentences(outcome)) == (RunState.REFUSED, refusal)
    assert Unit.objects.get(code="X3").name == "c"
    outcome = register(text, 1, is_dry=True)
    assert (outcome.counts()["units"]["changed"], sentences(outcome)) == (1, refusal)
    outcome = register(text, 1, takes_part=True)
    assert (outcome.state, sentences(outcome)) == (RunState.DONE, refusal)
    assert Unit.objects.get(code="X3").name == "d"
    assert Unit.objects.get(code="X1").parent.code == "M"


def test_what_another_row_makes_possible_is_done_whatever_their_order(register):
    outcome = register("code,name,parent\nX1,a,X2\nX2,b,M\n", 1)
    assert (outcome.state, sentences(outcome)) == (RunState.DONE, [])
    assert Unit.objects.get(code="X1").parent.code == "X2"
    assert Unit.objects.get(code="X1").path.startswith(Unit.objects.get(code="X2").path)
