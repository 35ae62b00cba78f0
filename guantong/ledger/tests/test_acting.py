from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from guantong.kit.statistics import refresh_as_it_grows
from guantong.ledger.models import Checkpoint, Entry, InsertOnly, Leaf, Text
from guantong.ledger.operations import (
    CannotBlankTexts,
    StaleRow,
    act,
    acting,
    blank_texts,
)
from guantong.ledger.queries import label_of, story_of, tell
from guantong.ledger.tests.subjects import Label, Paper, Sheet, Tray

NOW = datetime(2023, 7, 1, 8, 30, tzinfo=UTC)
ANN = SimpleNamespace(pk=7)


def make_trays(*codes: str, **values) -> list[Tray]:
    with act(actor=ANN, now=NOW) as writing:
        return writing.create([Tray(code=code, **values) for code in codes], code="t.tray.made")


def told(subject_kind: str) -> list[dict]:
    entries = tell(Entry.objects.filter(subject_kind=subject_kind).order_by("pk"))
    return [dict(entry.changes) for entry in entries]


@pytest.mark.django_db
def test_a_creation_enters_every_value_that_is_not_empty():
    [tray] = make_trays(
        "T1",
        name="Blue",
        weight=Decimal("1.500"),
        opened_on=date(2023, 7, 1),
        opened_at=NOW,
        is_full=True,
        extra={"b": [1], "a": None},
        cached="not said",
    )
    [entry] = Entry.objects.all()
    assert (entry.subject_kind, entry.subject_id, entry.actor) == ("tray", tray.pk, 7)
    assert (entry.effect, entry.effective_on) == ("created", date(2023, 7, 1))
    assert entry.changes["weight"] == [None, "1.5"]
    assert set(entry.changes["name"]) == {"text"}
    assert "Blue" not in str(entry.changes)
    assert told("tray") == [
        {
            "code": (None, "T1"),
            "name": (None, "Blue"),
            "grade": (None, "a"),
            "weight": (None, "1.5"),
            "opened_on": (None, "2023-07-01"),
            "opened_at": (None, "2023-07-01T08:30:00.000000Z"),
            "is_full": (None, True),
            "extra": (None, {"a": None, "b": [1]}),
        }
    ]


@pytest.mark.django_db
def test_parents_are_created_first_and_tell_in_the_same_entry():
    papers = [
        Paper(sheet=Sheet(reference=f"S{n}", title=f"Title {n}", unit=n), pages=n) for n in (1, 2)
    ]
    with act(actor=ANN, now=NOW) as writing:
        writing.create(papers, code="t.paper.made", reason="in time")
    assert told("paper")[1] == {
        "pages": (None, 2),
        "reference": (None, "S2"),
        "title": (None, "Title 2"),
        "unit": (None, 2),
    }
    entry = Entry.objects.latest("pk")
    assert (entry.record, entry.unit) == (papers[1].pk, 2)
    [step] = story_of(papers[1].pk)
    assert (step.reason, step.actor, step.label) == ("in time", 7, "t.paper.made")


@pytest.mark.django_db
def test_an_update_enters_only_rows_and_fields_that_change_and_counts_revisions():
    trays = make_trays("A", "B", "C")
    with act(actor=None, now=NOW) as writing:
        changed = writing.update(
            trays,
            code="t.tray.changed",
            name="same",
            changes={trays[0].pk: {"code": "A2"}, trays[1].pk: {"name": ""}},
        )
    assert changed == [trays[0], trays[2]]
    assert told("tray")[3:] == [
        {"code": ("A", "A2"), "name": ("", "same")},
        {"name": ("", "same")},
    ]
    assert [tray.revision for tray in trays] == [2, 1, 2]
    assert list(Tray.objects.order_by("pk").values_list("code", "name", "revision")) == [
        ("A2", "same", 2),
        ("B", "", 1),
        ("C", "same", 2),
    ]


@pytest.mark.django_db
def test_an_update_reaches_the_parent_and_its_revision():
    paper = Paper(sheet=Sheet(reference="S", title="Old"))
    with act(actor=ANN, now=NOW) as writing:
        writing.create([paper], code="t.paper.made")
        writing.update([paper], code="t.paper.changed", title="New", pages=3)
        writing.update([Paper.objects.get()], code="t.paper.changed", pages=4)
    assert Sheet.objects.get().title == "New"
    assert Sheet.objects.get().revision == 3
    assert told("paper")[1:] == [{"pages": (0, 3), "title": ("Old", "New")}, {"pages": (3, 4)}]


@pytest.mark.django_db
def test_old_values_are_the_databases_and_a_stale_row_is_refused():
    [tray] = make_trays("A")
    other = Tray.objects.get()
    with act(actor=ANN, now=NOW) as writing:
        writing.update([other], code="t.tray.changed", name="first")
    with pytest.raises(StaleRow), act(actor=ANN, now=NOW) as writing:
        writing.update([tray], code="t.tray.changed", name="second")
    tray.refresh_from_db()
    with act(actor=ANN, now=NOW) as writing:
        again = Tray.objects.get()
        writing.update([tray], code="t.tray.changed", count=1)
        writing.update([again], code="t.tray.changed", count=2)
    assert told("tray")[-2:] == [{"count": (0, 1)}, {"count": (1, 2)}]


def update_and_fail(writing, tray: Tray) -> None:
    writing.update([tray], code="t.tray.changed", count=2)
    raise LookupError


@pytest.mark.django_db
def test_acts_within_an_act_are_one_operation_and_all_or_nothing():
    with act(actor=ANN, now=NOW, reason="outer") as writing:
        [tray] = writing.create([Tray(code="A")], code="t.tray.made")
        with act(actor=None, now=NOW, effective_on=date(2020, 1, 1)) as inner:
            inner.update([tray], code="t.tray.changed", count=1)
    first, second = Entry.objects.order_by("pk")
    assert first.operation == second.operation
    assert (second.actor, second.effective_on) == (7, date(2020, 1, 1))
    with pytest.raises(LookupError), act(actor=ANN, now=NOW) as writing:
        update_and_fail(writing, tray)
    assert Entry.objects.count() == 2
    assert Tray.objects.get().count == 1
    with pytest.raises(TypeError, match="time zone"), act(actor=ANN, now=NOW.replace(tzinfo=None)):
        pass


@pytest.mark.django_db
def test_a_removal_keeps_what_the_row_held_and_a_note_changes_nothing():
    [tray] = make_trays("A")
    with act(actor=ANN, now=NOW) as writing:
        labels = writing.create([Label(tray=tray, word="red")], code="t.label.put")
        writing.remove(labels, code="t.label.taken", reason="torn")
        writing.note(code="t.tray.printed", subjects=[tray], changes={"copies": 2, "for": "Bo"})
    assert told("label")[1] == {"tray": (tray.pk, None), "word": ("red", None)}
    assert told("tray")[1] == {"copies": (None, 2), "for": (None, "Bo")}
    assert not Label.objects.exists()
    assert Tray.objects.get().revision == 1


@pytest.mark.django_db
def test_values_that_cannot_be_written_exactly_are_refused():
    with pytest.raises(TypeError, match="float"):
        make_trays("A", weight=1.5)
    with pytest.raises(ValueError, match="decimal places"):
        make_trays("A", weight=Decimal("1.0005"))
    with pytest.raises(TypeError, match="float"):
        make_trays("A", extra={"a": [0.5]})
    [tray] = make_trays("A")
    with pytest.raises(TypeError, match="no field cached"), act(actor=ANN, now=NOW) as writing:
        writing.update([tray], code="t.tray.changed", cached="x")


@pytest.mark.django_db
def test_blanking_takes_a_text_from_row_and_entries_and_says_so():
    [tray] = make_trays("A", name="Bo Li", extra={"tel": "1"})
    with act(actor=ANN, now=NOW) as writing:
        writing.update([tray], code="t.tray.changed", name="Bo Lin", reason="Bo asked")
    blank_texts(
        subject_kind="tray",
        subject_id=tray.pk,
        fields=["name", "extra", "reason"],
        actor=ANN,
        now=NOW,
        reason="asked for",
    )
    row = Tray.objects.get()
    assert (row.name, row.extra, row.code, row.revision) == ("", {}, "A", 3)
    assert [(t.field, t.value) for t in Text.objects.order_by("entry_id", "field")] == [
        ("extra", None),
        ("name", None),
        ("@reason", None),
        ("name", None),
        ("@reason", '[null,"asked for"]'),
    ]
    last = Entry.objects.latest("pk")
    assert last.code == "ledger.text.blanked"
    assert set(last.changes) == {"name", "extra", "@reason"}
    assert "Bo" not in str(list(Text.objects.values_list("value", flat=True)))
    with pytest.raises(CannotBlankTexts):
        blank_texts(
            subject_kind="tray", subject_id=tray.pk, fields=["code"], actor=ANN, now=NOW, reason=""
        )


@pytest.mark.django_db
def test_labels_come_from_every_apps_entries():
    assert label_of("ledger.text.blanked") in {"Text blanked", "抹去文字", "blanked texts"}
    assert label_of("no.such.code") == "no.such.code"


STATEMENTS = [
    "UPDATE ledger_entry SET code = 'x'",
    "UPDATE ledger_entry SET id = id + 100",
    "DELETE FROM ledger_entry",
    "UPDATE ledger_text SET value = 'x'",
    "UPDATE ledger_text SET salt = NULL",
    "UPDATE ledger_text SET salt = NULL, value = NULL, field = 'other'",
    "DELETE FROM ledger_text",
    "UPDATE ledger_leaf SET entry_id = entry_id + 1",
    "DELETE FROM ledger_leaf",
    "UPDATE ledger_checkpoint SET note = ''",
    "DELETE FROM ledger_checkpoint",
]
SQLITE = [
    "INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry",
    "REPLACE INTO ledger_text SELECT * FROM ledger_text",
    'UPDATE OR REPLACE ledger_leaf SET "index" = 5',
    'INSERT OR REPLACE INTO ledger_leaf ("index", entry_id, hash)'
    ' SELECT "index" + 9, entry_id, hash FROM ledger_leaf',
    "INSERT OR IGNORE INTO ledger_checkpoint SELECT * FROM ledger_checkpoint",
]
POSTGRESQL = [
    "TRUNCATE ledger_entry CASCADE",
    "TRUNCATE ledger_text",
    "INSERT INTO ledger_text SELECT * FROM ledger_text"
    " ON CONFLICT (entry_id, field) DO UPDATE SET value = 'x'",
]


@pytest.mark.django_db
def test_the_database_itself_refuses_changes():
    make_trays("A", name="x")
    entry = Entry.objects.get()
    Leaf(index=0, entry=entry, hash=b"h").save()
    Checkpoint(size=1, root=b"r", frontier=b"f", note="n", signed_at=NOW).save()
    for statement in STATEMENTS + (SQLITE if connection.vendor == "sqlite" else POSTGRESQL):
        refused = pytest.raises(IntegrityError, match="insert-only")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db
def test_models_and_querysets_refuse_changes():
    make_trays("A")
    entry = Entry.objects.get()
    for refused in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(code="x"),
        lambda: Entry._base_manager.filter(pk=1).update(code="x"),
        lambda: Entry.objects.bulk_update([entry], ["code"]),
        lambda: Entry.objects.bulk_create(
            [entry], update_conflicts=True, update_fields=["code"], unique_fields=["id"]
        ),
    ):
        with pytest.raises(InsertOnly):
            refused()


@pytest.mark.django_db
def test_an_operation_is_asked_once_whether_the_rows_are_counted_anew(
    monkeypatch: pytest.MonkeyPatch,
):
    """With all its entries, from before its first to its last; numbers go on across tests."""
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(acting, "refresh_as_it_grows", lambda *ends: asked.append(ends))
    with act(actor=None, now=NOW) as writing:
        for turn in range(3):
            rows = [Tray(code=f"T{turn}-{n}") for n in range(10)]
            writing.create(rows, code="ledger.tray.filled")
    entries = Entry.objects.order_by("pk").values_list("pk", flat=True)
    assert asked == [(entries[0] - 1, entries[29])]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "times"), [(0, 6000, 1), (5000, 6000, 0), (8000, 9000, 1), (0, 900, 0)]
)
def test_rows_are_counted_anew_when_they_have_doubled(
    before: int, after: int, times: int, django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks() as waiting:
        refresh_as_it_grows(before, after)
    assert len(waiting) == times
