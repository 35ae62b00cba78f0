"""What a Chinese keyboard types in full width, and several strangers in one cell."""

import pytest
from django.utils import translation

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.tests.factories import bring, sentences
from guantong.people.tests.factories import cast
from guantong.rectification.models import Problem
from guantong.units.models import Unit
from guantong.units.tests.factories import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def importing():
    units = organisation()
    options = {"actor": cast(units)["coordinator"], "campaign": campaign_of(units)}

    def bringing(kind, text):
        with translation.override("en"):
            return bring(kind, text, **options)

    return bringing


def test_codes_in_full_width_name_what_is_here_and_enter_no_second_thing(importing):
    outcome = importing("units", "code,name,parent\nＸ１,a,Ｍ\nX2,b,Ｘ１\nX１,c,M\n")
    assert [fault.number for fault in outcome.faults] == [2, 3, 4]
    assert sentences(importing("units", "code,name,parent\nＸ１,a,Ｍ\nX2,b,Ｘ１\n")) == []
    assert Unit.objects.get(code="X2").parent.code == "X1"
    outcome = importing("problems", "title,unit,partners\nLogs,Ｄ１,D2；Ｘ１\n")
    assert sentences(outcome) == []
    assert Problem.objects.get().record.unit.code == "D1"
    measures = importing("measures", "title,problem,due_on\nName one,Ｐ－０００１,2023-09-01\n")
    assert sentences(measures) == []


def test_all_strangers_of_one_cell_are_named_at_once(importing):
    outcome = importing("problems", "title,unit,partners\nLogs,D1,D2; Q1; U1; Q2\n")
    assert [(fault.column, fault.value) for fault in outcome.faults] == [
        ("partners", "Q1"),
        ("partners", "Q2"),
    ]
