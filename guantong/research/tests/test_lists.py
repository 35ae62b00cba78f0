"""The results-conversion list says what findings became, as far as the reader may see it."""

import pytest

from guantong.kit.lists import in_words
from guantong.kit.sheets import Context
from guantong.records.models import LinkKind, Record
from guantong.records.operations import link_records
from guantong.research.lists import LISTS
from guantong.research.tests.factories import LATER, World
from guantong.units.tests.factories import TODAY

pytestmark = pytest.mark.django_db


def rows_of(here, findings, person="coordinator"):
    (listing,) = LISTS
    records = Record.objects.select_related("unit", "owner", "area")
    records = records.filter(pk__in=[finding.pk for finding in findings]).order_by("pk")
    context = Context(actor=here.people[person], now=LATER, today=TODAY, campaign=here.campaign)
    things = listing.gather(list(records), context)
    return [{str(c.label): in_words(c.value(one)) for c in listing.columns} for one in things]


def taken_up(here, finding, problem):
    link_records(
        pairs=[(finding.record, problem)],
        kind=LinkKind.TAKEN_UP,
        actor=here.people["coordinator"],
        now=LATER,
    )


def test_a_finding_of_a_visit_names_the_project_behind_it():
    here = World()
    project = here.approved()
    finding = here.finding(here.made(project).record)
    (row,) = rows_of(here, [finding])
    assert row["Research project"] == str(project.record)
    assert row["Turned into"] == ""
    assert row["Result"] == "Accepted"


def test_what_took_it_up_is_numbered_where_there_are_several():
    here = World()
    finding = here.finding(here.approved().record)
    one = here.problem(title="One")
    taken_up(here, finding, one)
    (row,) = rows_of(here, [finding])
    assert row["Turned into"] == "One"
    taken_up(here, finding, here.problem("D2", title="Two", reference="P-0002"))
    (row,) = rows_of(here, [finding])
    assert row["Turned into"].splitlines() == ["1. One", "2. P-0002 Two"]
    assert row["Responsible unit"].splitlines() == ["1. Alloy Department", "2. Zinc Department"]


def test_what_may_not_be_seen_is_not_told():
    here = World()
    finding = here.finding(here.approved().record)
    taken_up(here, finding, here.problem("D2", title="Kept close", is_restricted=True))
    assert rows_of(here, [finding])[0]["Turned into"] == "Kept close"
    assert rows_of(here, [finding], "liaison_d1")[0]["Turned into"] == ""
