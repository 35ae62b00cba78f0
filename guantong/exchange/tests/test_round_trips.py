"""What sheets bring in goes out and comes back unchanged, in each form and language."""

import io

import pytest
from django.utils import translation

from guantong.campaigns.tests.factories import campaign_of
from guantong.exchange.operations.importing import context_of
from guantong.exchange.tests.factories import bring, later, sentences
from guantong.exchange.writing import export_rows
from guantong.kit.sheets.registry import lookups, sheets
from guantong.ledger.models import Entry
from guantong.people.tests.factories import cast
from guantong.units.tests.factories import organisation

pytestmark = pytest.mark.django_db

SHEETS = {
    "sessions": (
        "title,unit,format,planned_on,held_on,head_count,series\n"
        "Opening,D1,reading_class,2023-04-10,2023-04-10,32,First class\n"
        "=Lecture,D1,special_lecture,2023-08-01,,,\n"
    ),
    "ideas": "title,unit,text\nOpen the benches,D1,“Why not?”\n",
    "indicators": (
        "title,unit,area,unit_of_measure,baseline_value,target_value\n"
        'Share of parts,D1,chains,%,"1,234.5",0\nTonnes,D2,,t,0.0000000001,-3\n'
    ),
    "problems": (
        "title,unit,partners,severity,identified_on,due_on,owner,description\n"
        'Logs,D1,D2; U1,high,2023-04-03,2023-09-01,owner_d1,"line one\nline two"\n'
        "-Minus,D2,,low,2023/5/4,,,\n"
    ),
    "measures": "title,problem,unit,due_on\nName a person,P-0001,,2023-08-01\n",
    "observations": "indicator,observed_on,value\nI-0001,2023-05-01,46.50\n",
}
NEEDED = {"measures": ["problems"], "observations": ["indicators"]}


@pytest.fixture
def world():
    units = organisation()
    people = cast(units)
    return {"actor": people["coordinator"], "campaign": campaign_of(units)}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
@pytest.mark.parametrize("kind", list(SHEETS))
def test_what_came_in_goes_out_and_comes_back_unchanged(world, kind, form, language):
    with translation.override(language):
        for each in [*NEEDED.get(kind, ()), kind]:
            outcome = bring(each, SHEETS[each], **world)
            assert sentences(outcome) == []
        count = outcome.counts()[kind]["new"]
        out = io.BytesIO()
        context = context_of(now=later(1), source="", **world)
        assert export_rows(sheets()[kind], context, lookups(), form, out) == count
        entries = Entry.objects.exclude(subject_kind="import").count()
        back = bring(kind, out.getvalue(), name=f"x.{form}", now=later(1), **world)
        assert sentences(back) == []
        assert back.counts()[kind]["unchanged"] == count
        again = bring(kind, SHEETS[kind], now=later(2), **world)
        assert sentences(again) == []
        assert again.counts()[kind]["unchanged"] == count
        assert Entry.objects.exclude(subject_kind="import").count() == entries
