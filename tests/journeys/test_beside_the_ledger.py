"""What no entry holds is held to what the entries say, or for a written reason to nothing."""

from typing import Any

import pytest
from django.utils import translation

from guantong.bulletins.models import Edition
from guantong.bulletins.tests.factories import published, studied
from guantong.figures.models import SealedList
from guantong.ledger.tracking import plan_of_kind, tracked_kinds
from guantong.ledger.verification import verify
from guantong.ledger.verification.derived import compared
from guantong.people.models import Appointment, Role
from guantong.people.tests.factories import cast
from guantong.units.models import ParentPeriod, Unit
from guantong.units.tests.factories import organisation
from tests.architecture.order import ROOT

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


@pytest.mark.django_db
def test_what_differs_is_said_in_the_words_of_the_pages() -> None:
    cast(units := organisation())
    given = Appointment.objects.filter(role=Role.LIAISON).order_by("pk")[0]
    Appointment.objects.filter(pk=given.pk).update(role=Role.COORDINATOR)
    hung = ParentPeriod.objects.filter(unit=units["O1"]).get()
    ParentPeriod.objects.filter(pk=hung.pk).update(parent=units["D2"])
    said = "\n".join(verify().lines())
    assert f"appointment {given.pk} ({given.person}: " in said
    assert "role is “Coordinator”, and the ledger says “Liaison”." in said
    assert f"is “{units['D2']}”, and the ledger says “{hung.parent}”." in said
    with translation.override("zh-hans"):
        said = "\n".join(verify().lines())
    compiled = (ROOT / "guantong/ledger/locale/zh_Hans/LC_MESSAGES/django.mo").exists()
    assert ("隶属关系" in said and "上级单位 现为" in said) == compiled
