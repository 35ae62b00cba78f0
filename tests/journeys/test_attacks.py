"""Who has no part in a problem or its measures moves neither by page, whatever they send."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guantong.exchange.tests.factories import bring, sentences
from guantong.ledger.models import Entry
from guantong.overview.tests.factories import client_of
from guantong.records.models import Record
from guantong.records.registry import kind_of
from guantong.rectification.tests.factories import World, world
from guantong.units.tests.factories import NOW, TODAY

STAGES: dict[str, Callable[[World], Any]] = {
    "identified": lambda here: here.identified()[0],
    "assigned": lambda here: here.assigned()[0],
    "planned": lambda here: here.planned()[0],
    "claimed": lambda here: here.claimed()[0],
    "verified": lambda here: here.verified()[0],
    "closed": lambda here: here.closed()[0],
}
OUTSIDERS = ("liaison_d2", "head_d2", "researcher_d1", "auditor", "administrator")
# What somebody who may would send: so that nothing is refused for want of a value.
SENT = {
    "reason": "Because",
    "due_on": "2023-09-01",
    "level": "2",
    "review_on": "2999-01-01",
    "until": "2999-01-01",
    "determination": "Seen",
    "title": "Mine",
    "text": "Done",
}


@pytest.fixture
def here(db: None, settings: Any, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return world()


@pytest.mark.parametrize("stage", STAGES)
def test_no_outsider_moves_a_problem_or_its_measures_by_page(here: World, stage: str) -> None:
    problem = STAGES[stage](here)
    records = [problem.record, *(m.record for m in here.measures([problem]))]
    sent = {**SENT, "unit": "M", "owner": "owner_d1"}
    before = Entry.objects.count()
    for name in OUTSIDERS:
        client = client_of(here.people[name])
        for record in records:
            for move in kind_of(record.kind).moves:
                for on_paper in ("", "?paper=1"):
                    answer = client.post(f"/r/{record.pk}/{move}/{on_paper}", sent)
                    assert answer.status_code in (404, 422), (name, record.kind, move, on_paper)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("move", ["end_unimplemented", "supersede", "accept_risk", "extend"])
@pytest.mark.parametrize("name", ["liaison_d1", "head_d1", "owner_d1", "inspector"])
def test_the_responsible_unit_neither_ends_nor_extends_by_itself(
    here: World, move: str, name: str
) -> None:
    [problem] = here.planned()
    before = Entry.objects.count()
    for on_paper in ("", "?paper=1"):
        answer = client_of(here.people[name]).post(f"/r/{problem.pk}/{move}/{on_paper}", SENT)
        assert answer.status_code in (404, 422)
    assert Entry.objects.count() == before


def test_no_import_closes_or_takes_over_what_is_anothers(here: World) -> None:
    [problem] = here.planned()
    record = problem.record
    before = Entry.objects.filter(record=record.pk).count()
    for name in ("liaison_d2", "head_d2", "auditor", "administrator"):
        text = f"reference,title,unit,state\n{record.reference},Mine,D2,closed\n"
        outcome = bring("problems", text, actor=here.people[name], campaign=here.campaign, now=NOW)
        assert sentences(outcome) != []
    for name in ("liaison_d1", "coordinator"):
        text = f"reference,title,state\n{record.reference},{record.title},closed\n"
        bring("problems", text, actor=here.people[name], campaign=here.campaign, now=NOW)
        assert Record.objects.get(pk=record.pk).state != "closed"
    assert Record.objects.get(pk=record.pk).unit == here.units["D1"]
    assert Entry.objects.filter(record=record.pk, code="rectification.problem.closed").count() == 0
    assert before <= Entry.objects.filter(record=record.pk).count()


@pytest.mark.parametrize("method", ["delete", "put", "patch"])
def test_nothing_is_deleted(here: World, method: str) -> None:
    [problem] = here.planned()
    client = client_of(here.coordinator)
    getattr(client, method)(f"/r/{problem.pk}/")
    for path in ("delete", "remove", "destroy"):
        assert client.post(f"/r/{problem.pk}/{path}/").status_code == 404
    assert Record.objects.filter(pk=problem.pk, opened_on=TODAY).exists()
