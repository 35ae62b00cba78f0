"""States by day are kept beside the ledger; whoever changes one is found out."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from guantong.ledger.verification.findings import Verification
from guantong.records.models import StatePeriod
from guantong.records.periods import check_periods
from guantong.rectification.tests.factories import World, world


@pytest.fixture
def here(db: None, settings: object, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return world()


def differences() -> list[str]:
    found = Verification()
    check_periods(found, lambda stage, done, total: None)
    return found.lines()


def earlier(period: StatePeriod) -> None:
    StatePeriod.objects.filter(pk=period.pk).update(
        starts_on=period.starts_on - datetime.timedelta(9)
    )


def other_state(period: StatePeriod) -> None:
    StatePeriod.objects.filter(pk=period.pk).update(state="void")


def gone(period: StatePeriod) -> None:
    StatePeriod.objects.filter(pk=period.pk).delete()


def by_nobody(period: StatePeriod) -> None:
    StatePeriod.objects.filter(pk=period.pk).update(by=None, recorded_by=None)


def test_what_operations_write_agrees(here: World):
    here.closed(2)
    assert StatePeriod.objects.count() > 10
    assert differences() == []


@pytest.mark.parametrize("tamper", [earlier, other_state, gone, by_nobody])
def test_a_changed_period_is_named(here: World, tamper: Callable[[StatePeriod], None]):
    problem, _other = here.closed(2)
    tamper(StatePeriod.objects.get(record=problem.record, state="claimed"))
    [said] = differences()
    assert problem.record.reference in said
