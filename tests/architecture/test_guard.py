"""The watch over writes lets the ledger and the tests write, and nobody else."""

import types

import pytest
from django.db import connection

from guantong.units.models import Unit
from tests.architecture.order import ROOT
from tests.guard import PastTheLedger, tracked_tables


def written_in(place: str) -> types.FunctionType:
    """Return a function that changes a unit's name, as if it stood in a file of the project."""
    code = compile(
        "def change(rows):\n    return rows.update(name='x')\n", f"{ROOT}/{place}", "exec"
    )
    space: dict[str, types.FunctionType] = {}
    exec(code, space)
    return space["change"]


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["guantong/visits/views.py", "guantong/units/models.py"])
def test_a_write_past_the_ledger_is_stopped(place: str):
    with pytest.raises(PastTheLedger, match=place):
        written_in(place)(Unit.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place", ["guantong/ledger/operations/x.py", "guantong/visits/tests/factories.py"]
)
def test_the_ledger_and_tests_may_write(place: str):
    assert written_in(place)(Unit.objects.all()) == 0


def test_units_are_tracked_and_the_watch_is_on():
    assert Unit._meta.db_table in tracked_tables()
    assert connection.execute_wrappers
