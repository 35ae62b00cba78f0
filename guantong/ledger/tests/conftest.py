"""Subjects that have every type of field, and a key folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from guantong.ledger import tracking
from guantong.ledger.tests import subjects


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
    yield
    for kind in ("tray", "paper", "label"):
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
        for model in subjects.MODELS[::-1]:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
