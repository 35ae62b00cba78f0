from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from django.db import connection

from guantong.ledger.models import Entry, Leaf
from guantong.ledger.operations import act, sequence_entries, sequencing, sign_checkpoint
from guantong.ledger.queries import covered_size, is_covered
from guantong.ledger.tests.subjects import Tray
from guantong.ledger.tests.test_verification import check, tamper

NOW = datetime(2023, 7, 1, 8, 30, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("committed")


def make(*codes: str) -> None:
    with act(actor=None, now=NOW) as writing:
        writing.create([Tray(code=code) for code in codes], code="t.tray.made")


def only_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite writers queue: there is nothing to overtake")


def test_leaves_are_dense_over_many_chunks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sequencing, "CHUNK", 3)
    make(*(f"T{n}" for n in range(10)))
    assert sequence_entries() == 10
    make("more")
    assert sequence_entries() == 1
    leaves = list(Leaf.objects.order_by("index").values_list("index", "entry_id"))
    assert [index for index, _entry in leaves] == list(range(11))
    assert [entry for _index, entry in leaves] == list(
        Entry.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_covering_is_told():
    make("A")
    operation = Entry.objects.get().operation
    assert not is_covered(operation)
    sequence_entries()
    assert not is_covered(operation)
    sign_checkpoint(now=NOW)
    assert is_covered(operation)
    assert covered_size() == 1


def test_an_open_transaction_is_not_overtaken():
    only_on_postgresql()
    written, commit = Event(), Event()

    def slow() -> None:
        with act(actor=None, now=NOW) as writing:
            writing.create([Tray(code="slow")], code="t.tray.made")
            written.set()
            commit.wait(20)
        connection.close()

    thread = Thread(target=slow)
    thread.start()
    written.wait(20)
    make("swift")
    assert sequence_entries() == 0
    commit.set()
    thread.join()
    assert sequence_entries() == 2
    leaves = Leaf.objects.order_by("index").values_list("entry__subject_id", flat=True)
    assert list(leaves) == list(Tray.objects.order_by("pk").values_list("pk", flat=True))
    assert check().is_clean


def test_a_straggler_with_a_lower_id_comes_after_and_all_is_well():
    only_on_postgresql()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id'))")
        held = cursor.fetchone()[0]
    make("A")
    assert sequence_entries() == 1
    like = Entry.objects.get()
    make("B")
    late = Entry.objects.latest("pk")
    tamper(f"UPDATE ledger_entry SET id = {held} WHERE id = {late.pk}")
    assert sequence_entries() == 1
    assert list(Leaf.objects.order_by("index").values_list("entry_id", flat=True)) == [
        like.pk,
        held,
    ]
    assert check().is_clean


def test_a_database_restored_into_a_younger_cluster_is_sequenced():
    only_on_postgresql()
    make("A", "B")
    tamper("UPDATE ledger_entry SET xact = xact + 1000000")
    assert sequence_entries() == 2
    make("C")
    assert sequence_entries() == 1
    assert sequence_entries(thorough=True) == 0
    assert check().is_clean


def test_two_sequencers_at_once_give_each_entry_one_leaf(monkeypatch: pytest.MonkeyPatch):
    only_on_postgresql()
    monkeypatch.setattr(sequencing, "CHUNK", 5)
    make(*(f"T{n}" for n in range(60)))
    counts: list[int] = []

    def sequence() -> None:
        counts.append(sequence_entries())
        connection.close()

    threads = [Thread(target=sequence) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 60
    assert Leaf.objects.count() == 60
    assert check().is_clean
