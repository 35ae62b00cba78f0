"""`guantong figures` says the same as the queries."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from guantong.figures.tests.test_queries import HELD, MAY
from guantong.study.tests.factories import held, planned, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    w = world()
    held(w, "D1", on=MAY)
    held(w, "D2", on=MAY)
    planned(w, "D2")
    return w


def said(*words):
    out = StringIO()
    with translation.override("en"):
        call_command("figures", *words, stdout=out)
    return out.getvalue()


def test_all_figures_as_the_coordinator_sees_them(campaign):
    text = said()
    assert text.startswith("As Coordinator (Coordinator, 示范部 Ministry) sees Theme campaign")
    assert [line.split() for line in text.splitlines() if HELD in line] == [
        [HELD, "2", "Sessions", "held"]
    ]


def test_one_figure_with_parts_and_records(campaign):
    text = said(HELD, "--by", "unit", "--records", "--as", "liaison_d1")
    assert [line.split() for line in text.splitlines()][1:] == [
        [HELD, "1", "Sessions", "held"],
        ["Zinc", "Department", "0"],
        ["Alloy", "Department", "1"],
        ["University", "of", "Casting", "0"],
        ["S-0001", "Reading", "chapter", "one", "Alloy", "Department"],
    ]


def test_json_holds_value_parts_and_records(campaign):
    found = json.loads(said(HELD, "--json", "--records", "--by", "format", "--as-of", str(MAY)))
    assert found["as_of"] == str(MAY)
    (figure,) = found["figures"]
    assert figure["value"] == figure["count"] == len(figure["records"]) == 2
    assert [line["key"] for line in figure["lines"]] == ["reading_class"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nothing.here"], "There is no figure"),
        ([HELD, "--unit", "Z9"], "No unit has the code"),
        ([HELD, "--as-of", "2999-01-01"], "in the future"),
        ([HELD, "--by", "colour"], "can't be broken down"),
        ([HELD, "--as", "nobody"], "whose view"),
        (["--records"], "Name the figure"),
    ],
)
def test_refusals_are_sentences(campaign, words, sentence):
    with pytest.raises(CommandError, match=sentence):
        said(*words)
