"""Many rows are sent in statements of a hundred each, and none is lost at their edges."""

import datetime

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, transaction

from guantong.campaigns.models import Campaign
from guantong.ledger.storing import ROWS_A_STATEMENT, insert_rows, insert_values, unsaved
from guantong.ledger.tests.subjects import Tray
from guantong.records.models import Record
from guantong.rectification.models import Problem
from guantong.units.models import Unit

DAY = datetime.date(2024, 2, 29)
COLUMNS = (
    *("code", "name", "grade", "count", "opened_on", "is_full", "extra", "cached"),
    *("weight", "within", "revision"),
)


def tray(code, **values):
    usual = {"name": "", "grade": "a", "opened_on": DAY, "cached": "", "extra": {}, "revision": 1}
    plain = {"count": 0, "is_full": False, "weight": None, "within": None}
    given = usual | plain | {"code": code} | values
    return [given[name] for name in COLUMNS]


@pytest.mark.parametrize(
    "number",
    [
        *(0, 1, ROWS_A_STATEMENT - 1, ROWS_A_STATEMENT, ROWS_A_STATEMENT + 1),
        *(2 * ROWS_A_STATEMENT, 3 * ROWS_A_STATEMENT + 7),
    ],
)
@pytest.mark.django_db
def test_each_row_arrives_once_and_in_order(number):
    insert_values(Tray, COLUMNS, [tray(f"T{n}", count=n) for n in range(number)])
    found = list(Tray.objects.order_by("pk").values_list("code", "count", "opened_on"))
    assert found == [(f"T{n}", n, DAY) for n in range(number)]


@pytest.mark.django_db
def test_values_arrive_as_those_of_an_instance_do():
    Tray.objects.create(code="one", opened_on=DAY, extra={"a": ["“", None]}, is_full=True)
    one = Tray.objects.get()
    insert_values(
        Tray, COLUMNS, [tray("two", extra={"a": ["“", None]}, is_full=True, within=one.pk)]
    )
    two = Tray.objects.get(code="two")
    for name in ("opened_on", "extra", "is_full", "weight", "grade", "revision"):
        assert getattr(two, name) == getattr(one, name)
    assert two.within == one
    assert two.pk > one.pk


@pytest.mark.django_db
def test_one_row_that_cannot_be_takes_all_of_its_statement_back():
    names = ("id", *COLUMNS)
    rows = [(n, *tray(f"T{n}", extra="{}")) for n in range(1, 2 * ROWS_A_STATEMENT)]
    with pytest.raises(IntegrityError), transaction.atomic():
        columns = [Tray._meta.get_field(name).column for name in names]
        insert_rows(Tray._meta.db_table, columns, [*rows, rows[0]])
    assert not Tray.objects.exists()


@pytest.mark.django_db
def test_an_unsaved_row_is_what_its_model_makes():
    campaign, unit = Campaign(code="C"), Unit(code="U", path="0001")
    said = {"campaign": campaign, "unit": unit, "kind": "problem", "owner": None, "opened_on": DAY}
    made, usual = unsaved(Record, **said), Record(**said)
    assert {name: value for name, value in made.__dict__.items() if name != "_state"} == {
        name: value for name, value in usual.__dict__.items() if name != "_state"
    }
    assert made._state.adding
    assert made._state.db is None
    assert (made.campaign, made.unit, made.owner) == (campaign, unit, None)
    problem = unsaved(Problem, record=made, severity="low")
    assert problem.record is made
    assert made.problem is problem
    # Defaults that are made are made for each.
    assert unsaved(Campaign).thresholds is not unsaved(Campaign).thresholds
    with pytest.raises(FieldDoesNotExist):
        unsaved(Record, colour="red")
