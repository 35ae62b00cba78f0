"""What no entry holds is held to what the entries say, or for a written reason to nothing."""

from typing import Any

import pytest

from guantong.bulletins.models import Edition
from guantong.bulletins.tests.factories import published, studied
from guantong.figures.models import SealedList
from guantong.ledger.tracking import plan_of_kind, tracked_kinds
from guantong.ledger.verification import verify
from guantong.ledger.verification.derived import compared
from guantong.units.models import Unit

NO_COMPARISON = {
    "password": "no history: who changes one is asked for the old one, or is the administrator",
    "revision": "counted by the replay of every record's entries",
    "listed": "the whole check repeats every draw from it",
}


def untracked() -> set[tuple[str, str]]:
    """Return the fields of tracked kinds that their entries leave out."""
    return {
        (kind, field)
        for kind in tracked_kinds()
        for field in getattr(plan_of_kind(kind).model, "LEDGER_UNTRACKED", ())
    }


def test_each_field_that_entries_leave_out_is_compared_or_has_its_reason() -> None:
    left = {(kind, field) for kind, field in untracked() if field not in NO_COMPARISON}
    assert left
    assert left - compared() == set()
    assert {kind for kind, _field in compared()} <= set(tracked_kinds())
    assert NO_COMPARISON.keys() - {"revision"} <= {field for _kind, field in untracked()}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "field", "other"),
    [
        (Unit, "path", "00990001"),
        (SealedList, "rows", [[1, 1]]),
        (Edition, "html", "<p>fine</p>"),
    ],
)
def test_what_the_ledger_only_stands_for_is_named_when_it_is_changed(
    model: Any, field: str, other: Any
) -> None:
    published(studied())
    assert verify().lines() == []
    row = model.objects.order_by("pk").last()
    model.objects.filter(pk=row.pk).update(**{field: other})
    (line,) = verify().lines()
    assert f"{field} is “" in line
