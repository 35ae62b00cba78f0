"""Subjects that have every type of field, and a key folder of the test's own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from guantong.ledger import tracking
from guantong.ledger.models import Checkpoint, Leaf
from guantong.ledger.operations import act, sequence_entries, sign_checkpoint
from guantong.ledger.tests import subjects
from guantong.ledger.tests.subjects import Label, Paper, Sheet, Tray
from guantong.ledger.verification import Kept, write_hashes

NOW = datetime(2023, 7, 1, 8, 30, tzinfo=UTC)
ANN = SimpleNamespace(pk=7)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Add the subjects' tables to the test database; no app of the project has them."""
    with django_db_blocker.unblock():
        there = connection.introspection.table_names()
        with connection.schema_editor() as editor:
            for model in subjects.MODELS:
                if model._meta.db_table not in there:
                    editor.create_model(model)


@pytest.fixture(autouse=True)
def only_subjects(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Track the subjects beside what the apps track, and sign with a key of this test's own."""
    settings.HOME = tmp_path
    tracking.track("tray", subjects.Tray)
    tracking.track("paper", subjects.Paper, through=("sheet",), record="sheet_id")
    tracking.track("label", subjects.Label)
    tracking.track("crate", subjects.Crate)
    yield
    for kind in ("tray", "paper", "label", "crate"):
        tracking.untrack(kind)


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """Let a test commit; the subjects' tables, which no flush knows, are emptied after it.

    On SQLite an emptied table goes on counting, which would look like deleted entries.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name LIKE 'ledger%'")
    yield
    with connection.cursor() as cursor:
        for model in [subjects.Crate.trays.through, *subjects.MODELS[::-1]]:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


@pytest.fixture
def trays(committed: None) -> list[Tray]:
    """Ten trays, five of them changed, papers, a label put and taken; checkpoints on the way."""
    with act(actor=ANN, now=NOW) as writing:
        trays = writing.create(
            [
                Tray(
                    code=f"T{n}",
                    name=f"Tray {n}",
                    weight=Decimal(n),
                    opened_on=date(2023, 1, 1),
                    extra={"n": n},
                )
                for n in range(10)
            ],
            code="t.tray.made",
        )
    sequence_entries()
    sign_checkpoint(now=NOW)
    with act(actor=ANN, now=NOW, reason="weekly") as writing:
        writing.update(trays[:5], code="t.tray.changed", name="Changed", count=3)
        papers = [Paper(sheet=Sheet(reference=f"S-{n}", title=f"{n}")) for n in range(3)]
        writing.create(papers, code="t.paper.made")
        writing.update(papers[:1], code="t.paper.changed", title="Second", pages=2)
        labels = writing.create([Label(tray=trays[0], word="w")], code="t.label.put")
        writing.remove(labels, code="t.label.taken")
    sequence_entries()
    sign_checkpoint(now=NOW)
    return trays


@pytest.fixture
def kept(trays: list[Tray], tmp_path: Path) -> Kept:
    """What an auditor carried away: the last checkpoint and the hashes under it."""
    note, hashes = tmp_path / "checkpoint", tmp_path / "hashes"
    note.write_text(Checkpoint.latest().note, encoding="utf-8")
    with hashes.open("w") as file:
        rows = Leaf.objects.order_by("index").values_list("entry_id", "hash")
        write_hashes(file, ((entry, bytes(digest)) for entry, digest in rows))
    return Kept.read(note, hashes)
