"""What recurs, is overdue or was closed is found once, whoever looks, however often and at once."""

from __future__ import annotations

import datetime
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from guantong.exchange.tests.factories import bring
from guantong.ledger.models import Entry
from guantong.overview.tests.factories import client_of
from guantong.records.models import Record
from guantong.rectification import operations
from guantong.rectification.models import Proposal
from guantong.rectification.tests.factories import World, world
from guantong.units.tests.factories import NOW, TODAY
from tests.journeys.test_rules_attacked import run


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


# Rule 7: what recurs is found however it came in, and proposed once.

ALIKE = "".join(
    f"炉窑运行日志记录不完整，缺少{shift}数据,{unit},medium\n"
    for shift, unit in (("夜班", "D1"), ("夜班的", "D2"), ("夜班", "U1"))
)


def test_what_came_by_import_recurs_too(here: World) -> None:
    said = {"actor": here.coordinator, "campaign": here.campaign}
    outcome = bring("problems", "title,unit,severity\n" + ALIKE, **said)
    assert outcome.state == "done", outcome.faults
    for expected in (1, 0):
        made = operations.propose_systemic_problems(
            campaign=here.campaign, actor=here.coordinator, now=NOW
        )
        assert len(made) == expected


@pytest.mark.parametrize("name", ["liaison_d1", "head_d1", "head_m", "auditor", "administrator"])
def test_only_the_coordinator_decides_on_what_recurs(here: World, name: str) -> None:
    said = {"actor": here.coordinator, "campaign": here.campaign}
    bring("problems", "title,unit,severity\n" + ALIKE, **said)
    code, words = run("systemic", "--as", name)
    assert (code, Proposal.objects.count()) == (1, 0), words
    [proposal] = operations.propose_systemic_problems(
        campaign=here.campaign, actor=here.coordinator, now=NOW
    )
    client = client_of(here.people[name])
    for move in ("accept", "dismiss"):
        answer = client.post(f"/r/{proposal.pk}/{move}/", {"reason": "So", "title": "Mine"})
        assert answer.status_code in (404, 422)
    proposal.record.refresh_from_db()
    assert proposal.record.state == "proposed"


# Rule 8: a level is raised once, however many workers look.


def at_once(work: Any) -> None:
    """Let four do the same at once; in a database in memory, which threads share, in turn."""

    def one() -> None:
        try:
            work()
        finally:
            connections.close_all()

    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        for _turn in range(4):
            work()
        return
    threads = [threading.Thread(target=one) for _turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_escalate_once(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    here = world()
    here.planned(3)
    late = NOW + datetime.timedelta(60)
    at_once(lambda: operations.escalate_overdue(campaign=here.campaign, now=late))
    raised = Entry.objects.filter(code="records.record.escalated")
    assert raised.count() == 3
    assert set(Record.objects.filter(kind="problem").values_list("escalation_level")) == {(3,)}


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_set_revisits_down_once_and_reopen_once(
    settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    here = world()
    here.closed(2, severity="high")
    [risky] = here.assigned()
    operations.accept_problem_risks(
        problems=[risky], until=TODAY + datetime.timedelta(9), actor=here.people["head_m"],
        now=NOW, reason="Rare",
    )  # fmt: skip
    late = NOW + datetime.timedelta(60)
    at_once(lambda: operations.raise_revisits(campaign=here.campaign, now=late))
    assert Record.objects.filter(kind="revisit").count() == 2
    at_once(lambda: operations.reopen_expired_risks(campaign=here.campaign, now=late))
    assert Entry.objects.filter(code="rectification.problem.reopened").count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_looks_at_once_proposes_once(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    here = world()
    said = {"actor": here.coordinator, "campaign": here.campaign}
    bring("problems", "title,unit,severity\n" + ALIKE, **said)
    at_once(
        lambda: operations.propose_systemic_problems(
            campaign=here.campaign, actor=here.coordinator, now=NOW
        )
    )
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize("name", ["liaison_d1", "owner_d1", "head_d1"])
def test_no_sheet_or_correction_lowers_a_level(here: World, name: str) -> None:
    [problem] = here.planned()
    operations.escalate_overdue(campaign=here.campaign, now=NOW + datetime.timedelta(60))
    problem.record.refresh_from_db()
    level = problem.record.escalation_level
    client_of(here.people[name]).post(
        f"/r/{problem.pk}/correct/", {"title": "Same", "escalation_level": "0"}
    )
    text = f"reference,escalation_level\n{problem.record.reference},0\n"
    bring("problems", text, actor=here.people[name], campaign=here.campaign)
    problem.record.refresh_from_db()
    assert (level, problem.record.escalation_level) == (3, 3)
