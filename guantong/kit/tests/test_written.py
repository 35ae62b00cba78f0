"""Questions are written once, and answered as if they were written each time."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from guantong.kit import written as module
from guantong.kit.written import asked, forget, written
from guantong.units.models import ParentPeriod, Unit

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 9, 1)


@pytest.fixture(autouse=True)
def units() -> Iterator[dict[str, Unit]]:
    forget()
    made: dict[str, Unit] = {}
    for place, (code, parent) in enumerate([("A", None), ("B", "A"), ("C", "A"), ("D", "B")]):
        made[code] = Unit.objects.create(
            code=code,
            name=f"Unit {code}",
            kind="department",
            parent=made.get(parent or ""),
            path=f"{place:04}",
            position=place,
        )
        if parent:
            ParentPeriod.objects.create(
                unit=made[code],
                parent=made[parent],
                starts_on=DAY + datetime.timedelta(place),
            )
    yield made
    forget()


@pytest.fixture
def written_by_django(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each time that Django writes a statement."""
    noted: list[str] = []
    write = SQLCompiler.as_sql

    def as_sql(self: Any, *args: Any, **kwargs: Any) -> Any:
        noted.append(self.query.model.__name__)
        return write(self, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "as_sql", as_sql)
    return noted


@written
def beneath(parent: int) -> QuerySet[Unit]:
    return Unit.objects.filter(parent=parent).select_related("parent").order_by("code")


@written
def moved(parent: int | None, since: datetime.date, *, kind: str = "department") -> QuerySet[Any]:
    periods = ParentPeriod.objects.filter(starts_on__gte=since, unit__kind=kind)
    return periods.filter(parent=parent).order_by("pk").values_list("unit__code", "starts_on")


@written
def with_periods(code: str) -> QuerySet[Unit]:
    return Unit.objects.filter(code=code).prefetch_related("children")


@written
def counted_beneath(least: int) -> QuerySet[Unit]:
    numbered = Unit.objects.annotate(beneath=Count("children"))
    return numbered.filter(beneath__gte=least).order_by("code")


def test_the_second_time_nothing_is_written_and_other_rows_are_found(
    units: dict[str, Unit], written_by_django: list[str]
):
    assert [unit.code for unit in beneath(units["A"].pk)] == ["B", "C"]
    assert written_by_django
    written_by_django.clear()
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        (found,) = beneath(units["B"].pk)
        assert (found.code, found.parent.code) == ("D", "B")
    assert len(asked_for) == 1
    assert beneath(units["D"].pk) == []
    assert not written_by_django


def test_days_have_places_and_what_is_no_number_or_day_has_a_statement_of_its_own(
    units: dict[str, Unit], written_by_django: list[str]
):
    top = units["A"].pk
    assert moved(top, DAY) == [
        ("B", DAY + datetime.timedelta(1)),
        ("C", DAY + datetime.timedelta(2)),
    ]
    written_by_django.clear()
    assert moved(top, DAY + datetime.timedelta(2)) == [("C", DAY + datetime.timedelta(2))]
    assert not written_by_django
    assert moved(top, DAY, kind="university") == []
    assert moved(None, DAY) == []
    assert written_by_django
    written_by_django.clear()
    assert moved(top, DAY, kind="department")[0][0] == "B"
    # Named or not, it is the same question written in its own words.
    assert moved(None, DAY + datetime.timedelta(9)) == []


def test_rows_come_as_django_makes_them(units: dict[str, Unit]):
    for _time in range(2):
        (unit,) = with_periods("A")
        assert sorted(child.code for child in unit.children.all()) == ["B", "C"]
        # Numbers are places in conditions on what is counted, too.
        assert [(u.code, u.beneath) for u in counted_beneath(2)] == [("A", 2)]
        assert [(u.code, u.beneath) for u in counted_beneath(1)] == [("A", 2), ("B", 1)]


def find(rows: QuerySet[Unit]) -> int:
    return rows.count()


def read(rows: list[tuple[Any, ...]]) -> int:
    return int(rows[0][0])


def count(question: str, rows: Callable[[], QuerySet[Unit]]) -> int:
    return asked(question, rows, find, read)


def test_what_is_asked_is_counted_anew_by_the_statement_that_was_written(
    units: dict[str, Unit], written_by_django: list[str]
):
    assert count("all", Unit.objects.all) == 4
    written_by_django.clear()
    units["D"].closed_on = DAY
    units["D"].save()
    Unit.objects.create(code="E", name="E", kind="department", path="0009", position=9)
    written_by_django.clear()
    assert count("all", Unit.objects.all) == 5
    assert not written_by_django
    assert count("open", lambda: Unit.objects.filter(closed_on=None)) == 4


@pytest.mark.parametrize(
    ("rows", "is_kept"),
    [
        (Unit.objects.all, True),
        # The ids that were read would stay in the statement.
        (
            lambda: Unit.objects.filter(pk__in=list(Unit.objects.values_list("pk", flat=True))),
            False,
        ),
        (Unit.objects.none, False),
    ],
)
def test_what_depends_on_an_answer_is_written_each_time(rows: Callable[[], Any], is_kept: bool):
    count("some", rows)
    assert (len(module._kept) == 1) is is_kept
    Unit.objects.create(code="E", name="E", kind="department", path="0009", position=9)
    assert count("some", rows) == rows().count()


def test_more_than_one_statement_is_asked_as_it_is():
    def both(rows: QuerySet[Unit]) -> int:
        return rows.filter(code="A").count() + rows.filter(code="B").count()

    for _time in range(2):
        assert asked("both", Unit.objects.all, both, read) == 2
    assert not module._kept


def test_a_process_that_keeps_very_many_begins_anew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST", 3)
    for number in range(5):
        assert count(f"question {number}", Unit.objects.all) == 4
    assert len(module._kept) == 2


@written
def at_most(number: int) -> QuerySet[Unit]:
    return Unit.objects.order_by("pk")[:number]


@written
def on_weekday(day: datetime.date) -> QuerySet[Any]:
    return ParentPeriod.objects.filter(starts_on__week_day=day.isoweekday() % 7 + 1)


@pytest.mark.parametrize("ask", [lambda: at_most(2), lambda: on_weekday(DAY)])
def test_what_is_made_of_a_value_while_it_is_written_is_told(ask: Callable[[], Any]):
    with pytest.raises(ValueError, match="into no condition as it is"):
        ask()
