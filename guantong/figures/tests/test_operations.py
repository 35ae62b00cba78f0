"""Seals hold the value and the very rows that it was made of."""

import hashlib

import pytest

from guantong.figures.models import SealedList
from guantong.figures.operations import keep_lists, rows_bytes, seal_figure
from guantong.figures.registry import figure_of
from guantong.figures.tests.test_queries import HELD, MAY, scope_of
from guantong.ledger.models import Entry
from guantong.records.models import Record
from guantong.records.operations import correct_records
from guantong.study.tests.factories import held, world
from guantong.units.tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_seal_changes_when_a_record_behind_it_does():
    w = world()
    sessions = [held(w, "D1", on=MAY), held(w, "D2", on=MAY)]
    figure, scope = figure_of(HELD), scope_of(w)
    before = seal_figure(figure, scope)
    assert before.rows == tuple((s.pk, s.record.revision) for s in sessions)
    assert before.digest == seal_figure(figure, scope).digest
    correct_records(
        details=[sessions[0]],
        actor=w.people["coordinator"],
        now=NOW,
        changes={sessions[0].pk: {"title": "Another title"}},
        reason="Misspelt",
    )
    after = seal_figure(figure, scope)
    assert after.value == before.value
    assert after.digest != before.digest


def test_lists_are_kept_once_under_their_hash():
    w = world()
    held(w, "D1", on=MAY)
    seal = seal_figure(figure_of(HELD), scope_of(w))
    ratio = seal_figure(figure_of("study.ideas_taken_up"), scope_of(w))
    kept = keep_lists(seals=[seal, ratio, seal], actor=w.people["coordinator"], now=NOW)
    assert {one.digest for one in kept} == {seal.digest, ratio.digest}
    assert keep_lists(seals=[seal], actor=w.people["coordinator"], now=NOW) == []
    for one in SealedList.objects.all():
        assert hashlib.sha256(rows_bytes(one.rows)).hexdigest() == one.digest
    assert Entry.objects.filter(code="figures.list.sealed").count() == 2


def test_a_seal_is_written_down_with_its_scope():
    w = world()
    held(w, "D1", on=MAY)
    seal = seal_figure(figure_of(HELD), scope_of(w, only={"format": "reading_class"}))
    plain = seal.plain()
    assert plain["value"] == "1"
    assert plain["scope"]["only"] == {"format": "reading_class"}
    assert plain["scope"]["viewer"] == "coordinator"
    assert Record.objects.count() == plain["count"]
