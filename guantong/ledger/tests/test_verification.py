from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from guantong.ledger import triggers
from guantong.ledger.models import Checkpoint, Entry, Leaf
from guantong.ledger.operations import act, blank_texts, sequence_entries, sign_checkpoint
from guantong.ledger.tests.subjects import Sheet, Tray
from guantong.ledger.verification import (
    Difference,
    Kept,
    KeptError,
    Verification,
    verify,
)

NOW = datetime(2023, 7, 1, 8, 30, tzinfo=UTC)
ANN = SimpleNamespace(pk=7)
KINDS = ("tray", "paper", "label")

pytestmark = pytest.mark.usefixtures("committed")


def tamper(*statements: str | tuple[str, list[Any]]) -> None:
    """Change the database as somebody with its file or its password can."""
    with connection.cursor() as cursor:
        for statement in triggers.drop_statements(connection.vendor):
            cursor.execute(statement)
        for statement in statements:
            words, values = statement if isinstance(statement, tuple) else (statement, None)
            cursor.execute(words, values)
        for statement in triggers.create_statements(connection.vendor):
            cursor.execute(statement)


def check(kept: Kept | None = None) -> Verification:
    found = verify(kept=kept, kinds=KINDS)
    assert bool(found.lines()) == bool(found.differences)
    return found


def kinds_of(found: Verification) -> set[str]:
    return {one["kind"] for one in found.differences}


def test_an_untouched_ledger_is_clean(kept: Kept):
    found = check(kept)
    assert found.lines() == []
    assert (found.entries, found.leaves, found.unsequenced) == (21, 21, 0)
    assert found.checkpoints == 2
    assert found.rows == 10 + 3 + 3
    assert found.root == bytes(Checkpoint.latest().root).hex()


def test_what_came_after_the_checkpoint_is_fine_too(kept: Kept, trays: list[Tray]):
    with act(actor=ANN, now=NOW) as writing:
        writing.update(trays[5:], code="t.tray.changed", count=9)
    assert check(kept).unsequenced == 5
    assert sequence_entries() == 5
    assert sequence_entries() == 0
    assert sign_checkpoint(now=NOW).size == 26
    assert sign_checkpoint(now=NOW).size == 26
    assert check(kept).is_clean


def test_blanked_texts_keep_the_proof(kept: Kept, trays: list[Tray]):
    blank_texts(
        subject_kind="tray",
        subject_id=trays[0].pk,
        fields=["name", "extra", "reason"],
        actor=ANN,
        now=NOW,
        reason="asked",
    )
    assert check(kept).lines() == []
    sequence_entries()
    assert check(kept).lines() == []


def entry_of(subject_id: int, code: str = "t.tray.made") -> int:
    return Entry.objects.get(subject_kind="tray", subject_id=subject_id, code=code).pk


def rehash() -> None:
    """Write every stored leaf hash anew, as a thorough forger would."""
    from guantong.ledger.hashing import entry_bytes, leaf_hash
    from guantong.ledger.queries import entry_facts

    with connection.cursor() as cursor:
        for statement in triggers.drop_statements(connection.vendor):
            cursor.execute(statement)
        for leaf in Leaf.objects.select_related("entry"):
            digest = leaf_hash(entry_bytes(entry_facts(leaf.entry)))
            cursor.execute(
                'UPDATE ledger_leaf SET hash = %s WHERE "index" = %s', [digest, leaf.index]
            )
        for statement in triggers.create_statements(connection.vendor):
            cursor.execute(statement)


def test_1_an_edited_entry(kept: Kept, trays: list[Tray]):
    entry = entry_of(trays[2].pk)
    tamper(f"UPDATE ledger_entry SET actor = 8 WHERE id = {entry}")
    [found] = check(kept).differences
    assert (found["kind"], found["entry"]) == (Difference.ENTRY_ALTERED, entry)
    assert found["subject"] == f"tray {trays[2].pk}"
    assert found["code"] == "t.tray.made"


def test_2_an_edited_entry_with_its_hash_rewritten(kept: Kept, trays: list[Tray]):
    entry = entry_of(trays[2].pk)
    tamper(f"UPDATE ledger_entry SET actor = 8 WHERE id = {entry}")
    rehash()
    alone = check()
    assert kinds_of(alone) == {Difference.ROOT_DIFFERS}
    assert alone.differences[0]["first"] == 0
    assert alone.differences[0]["last"] == 9
    found = check(kept)
    assert [one["entry"] for one in found.of(Difference.LEAF_REWRITTEN)] == [entry]


def test_3_a_deleted_entry(kept: Kept, trays: list[Tray]):
    entry = entry_of(trays[2].pk)
    tamper(f"DELETE FROM ledger_entry WHERE id = {entry}")
    found = check(kept)
    assert [one["entry"] for one in found.of(Difference.ENTRY_DELETED)] == [entry]
    assert found.of(Difference.ROW_INSERTED)[0]["subject"] == f"tray {trays[2].pk}"


def test_4_a_deleted_entry_with_its_leaf_and_the_rest_moved_up(kept: Kept, trays: list[Tray]):
    entry = entry_of(trays[2].pk)
    tamper(
        f"DELETE FROM ledger_text WHERE entry_id = {entry}",
        f"DELETE FROM ledger_leaf WHERE entry_id = {entry}",
        f"DELETE FROM ledger_entry WHERE id = {entry}",
        'UPDATE ledger_leaf SET "index" = -"index" WHERE "index" > 2',
        'UPDATE ledger_leaf SET "index" = -"index" - 1 WHERE "index" < 0',
    )
    found = check(kept)
    assert [one["entry"] for one in found.of(Difference.ENTRY_DELETED)] == [entry]
    assert Difference.ROLLED_BACK in kinds_of(found)
    assert Difference.ROOT_DIFFERS in kinds_of(found)


COPY = (
    "INSERT INTO ledger_entry (id, recorded_at, effective_on, operation, actor, code, effect,"
    " subject_kind, subject_id, record, unit, changes, reason{more})"
    " SELECT {id}, recorded_at, effective_on, operation, actor, code, effect,"
    " subject_kind, subject_id, record, unit, changes, reason{more} FROM ledger_entry"
    " WHERE id = {like}"
)


def test_5_an_inserted_entry_among_the_old(kept: Kept, trays: list[Tray]):
    like = Entry.objects.filter(code="t.tray.made").order_by("pk").first().pk
    tamper(COPY.format(id=0, like=like, more=", xact"))
    found = check(kept)
    assert [one["entry"] for one in found.of(Difference.ENTRY_INSERTED)] == [0]


def test_5b_an_entry_forged_at_the_end_is_not_what_the_row_says(kept: Kept, trays: list[Tray]):
    like = Entry.objects.filter(code="t.tray.changed").order_by("pk").first()
    # PostgreSQL's numbers go on from test to test, so the end is where it is now.
    end = Entry.objects.latest("pk").pk + 1
    tamper(COPY.format(id=end, like=like.pk, more=""))
    sequence_entries()
    found = check(kept)
    assert found.of(Difference.REVISION_WRONG)[0]["subject"] == f"tray {like.subject_id}"
    [forged] = found.of(Difference.ENTRY_CONTRADICTS)
    assert (forged["entry"], forged["field"]) == (end, "count")
    assert (forged["old"], forged["before"]) == ("“0”", "“3”")


def test_5c_a_second_making_forged_at_the_end(kept: Kept, trays: list[Tray]):
    like = Entry.objects.get(code="t.tray.made", subject_id=trays[2].pk)
    end = Entry.objects.latest("pk").pk + 1
    tamper(
        COPY.format(id=end, like=like.pk, more=""),
        "INSERT INTO ledger_text (entry_id, field, salt, value)"
        f" SELECT {end}, field, salt, value FROM ledger_text WHERE entry_id = {like.pk}",
    )
    sequence_entries()
    found = check(kept)
    [forged] = found.of(Difference.ENTRY_IMPOSSIBLE)
    assert (forged["entry"], forged["subject"]) == (end, f"tray {trays[2].pk}")


def test_6_two_leaves_swapped(kept: Kept, trays: list[Tray]):
    first, second = Leaf.objects.get(pk=3), Leaf.objects.get(pk=6)
    tamper(
        'UPDATE ledger_leaf SET entry_id = -1 WHERE "index" = 3',
        f'UPDATE ledger_leaf SET entry_id = {first.entry_id} WHERE "index" = 6',
        f'UPDATE ledger_leaf SET entry_id = {second.entry_id} WHERE "index" = 3',
    )
    found = check(kept)
    [swap] = found.of(Difference.LEAVES_SWAPPED)
    assert (swap["leaf"], swap["other"]) == (3, 6)
    # The entries themselves are as they were kept, and those between them stand as they stood.
    assert not found.of(Difference.LEAF_REWRITTEN)
    assert {one["leaf"] for one in found.of(Difference.LEAVES_REORDERED)} == {3, 6}


def test_7_leaves_reordered_with_their_hashes(kept: Kept, trays: list[Tray]):
    tamper(
        'UPDATE ledger_leaf SET "index" = 1000 WHERE "index" = 3',
        'UPDATE ledger_leaf SET "index" = 3 WHERE "index" = 6',
        'UPDATE ledger_leaf SET "index" = 6 WHERE "index" = 1000',
    )
    found = check(kept)
    assert Difference.ROOT_DIFFERS in kinds_of(found)
    assert {one["leaf"] for one in found.of(Difference.LEAVES_REORDERED)} == {3, 6}
    alone = check().of(Difference.LEAVES_REORDERED)
    assert {one["leaf"] for one in alone} == {3, 6}


def test_8_rolled_back_to_an_old_state(kept: Kept, trays: list[Tray]):
    last = Entry.objects.filter(code="t.tray.made").order_by("-pk").first().pk
    cut = [
        f"DELETE FROM ledger_text WHERE entry_id > {last}",
        f"DELETE FROM ledger_leaf WHERE entry_id > {last}",
        f"DELETE FROM ledger_entry WHERE id > {last}",
        "DELETE FROM ledger_checkpoint WHERE size > 10",
        "DELETE FROM ledger_tests_paper",
        "DELETE FROM ledger_tests_sheet",
        "UPDATE ledger_tests_tray SET count = 0, revision = 1",
    ]
    for tray in trays[:5]:
        cut.append(
            f"UPDATE ledger_tests_tray SET name = 'Tray {tray.code[1:]}' WHERE id = {tray.pk}"
        )
    if connection.vendor == "sqlite":
        cut.append(f"UPDATE sqlite_sequence SET seq = {last} WHERE name = 'ledger_entry'")
    tamper(*cut)
    assert check().is_clean
    found = check(kept)
    assert f"Entries {last + 1} to {last + 11} (11) were deleted." in found.lines()
    [rolled] = found.of(Difference.ROLLED_BACK)
    assert (rolled["size"], rolled["leaves"]) == (21, 10)
    assert found.of(Difference.CHECKPOINT_REMOVED)[0]["size"] == 21


def test_9_stored_hashes_and_checkpoints_rewritten(kept: Kept, trays: list[Tray]):
    entry = entry_of(trays[4].pk, "t.tray.changed")
    tamper(
        f"UPDATE ledger_entry SET effective_on = '2020-01-01' WHERE id = {entry}",
        "DELETE FROM ledger_checkpoint",
    )
    rehash()
    sign_checkpoint(now=NOW)
    assert check().is_clean
    found = check(Kept(kept.checkpoint))
    assert kinds_of(found) == {Difference.CHECKPOINT_ALTERED, Difference.ROOT_DIFFERS}
    [named] = check(kept).of(Difference.LEAF_REWRITTEN)
    assert named["entry"] == entry


def test_10_a_row_changed_past_the_ledger(kept: Kept, trays: list[Tray]):
    tamper(
        f"UPDATE ledger_tests_tray SET count = 99 WHERE id = {trays[1].pk}",
        "UPDATE ledger_tests_sheet SET title = 'Forged' WHERE reference = 'S-1'",
    )
    found = check(kept)
    assert sorted((one["subject"], one["field"]) for one in found.differences) == [
        (f"paper {Sheet.objects.get(reference='S-1').pk} (S-1)", "title"),
        (f"tray {trays[1].pk}", "count"),
    ]
    assert {one["row"] for one in found.differences} == {"“99”", "“Forged”"}
    assert {one["ledger"] for one in found.differences} == {"“3”", "“1”"}


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE ledger_text SET value = '[null,\"x\"]' WHERE entry_id = {0} AND field = 'name'",
         Difference.TEXT_ALTERED),
        ("UPDATE ledger_text SET salt = 'zz' WHERE entry_id = {0} AND field = 'name'",
         Difference.TEXT_ALTERED),
        ("UPDATE ledger_text SET field = 'nome' WHERE entry_id = {0} AND field = 'name'",
         Difference.TEXT_DELETED),
        ("DELETE FROM ledger_text WHERE entry_id = {0} AND field = 'name'",
         Difference.TEXT_DELETED),
        ("INSERT INTO ledger_text VALUES ('more', NULL, NULL, {0})", Difference.TEXT_INSERTED),
        ("UPDATE ledger_text SET salt = NULL, value = NULL WHERE entry_id = {0}",
         Difference.TEXT_BLANKED),
        ("UPDATE ledger_leaf SET hash = (SELECT root FROM ledger_checkpoint WHERE size = 10)"
         " WHERE entry_id = {0}", Difference.LEAF_ALTERED),
        ("DELETE FROM ledger_leaf WHERE entry_id = {0}", Difference.LEAF_DELETED),
        ("UPDATE ledger_checkpoint SET signed_at = '2020-01-01 00:00:00' WHERE size = 10",
         Difference.CHECKPOINT_ALTERED),
        ("UPDATE ledger_checkpoint SET frontier = root", Difference.CHECKPOINT_ALTERED),
        ("DELETE FROM ledger_checkpoint WHERE size = 21", Difference.CHECKPOINT_REMOVED),
        ("DELETE FROM ledger_tests_tray WHERE code = 'T9'", Difference.ROW_DELETED),
        ("UPDATE ledger_tests_sheet SET revision = 9", Difference.REVISION_WRONG),
    ],
)  # fmt: skip
def test_other_tamperings(kept: Kept, trays: list[Tray], statement: str, kind: Difference):
    tamper(statement.format(entry_of(trays[0].pk)))
    assert kind in kinds_of(check(kept))


def test_a_row_without_entries_and_a_missing_trigger(kept: Kept):
    Tray.objects.create(code="unheard of")
    name = "ledger_entry_update"
    on = "" if connection.vendor == "sqlite" else " ON ledger_entry"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")
    found = check(kept)
    tamper()
    assert kinds_of(found) == {Difference.ROW_INSERTED, Difference.TRIGGER_MISSING}
    assert found.of(Difference.TRIGGER_MISSING)[0]["name"] == name


def test_a_checkpoint_signed_by_another_key_is_refused(kept: Kept, settings, tmp_path: Path):
    settings.HOME = tmp_path / "elsewhere"
    found = check(kept)
    assert kinds_of(found) == {Difference.SIGNATURE_WRONG, Difference.KEPT_SIGNATURE_WRONG}


def test_kept_files_that_contradict_themselves_are_refused(kept: Kept, tmp_path: Path):
    hashes = tmp_path / "hashes"
    hashes.write_text(hashes.read_text().replace("A", "B"))
    with pytest.raises(KeptError, match=r"not those|no leaf hashes"):
        Kept.read(tmp_path / "checkpoint", hashes)
    with pytest.raises(KeptError):
        Kept.read(hashes)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps a trigger's own words")
@pytest.mark.parametrize("hollow", ["WHEN (false) EXECUTE FUNCTION ledger_refuse()", "other"])
def test_a_trigger_of_the_same_name_that_refuses_nothing(kept: Kept, hollow: str):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION ledger_allow() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NEW; END $$"
        )
        hollow = "EXECUTE FUNCTION ledger_allow()" if hollow == "other" else hollow
        cursor.execute("DROP TRIGGER ledger_entry_update ON ledger_entry")
        cursor.execute(
            "CREATE TRIGGER ledger_entry_update BEFORE UPDATE ON ledger_entry FOR EACH ROW "
            + hollow
        )
        cursor.execute("ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_update")
    assert [one["name"] for one in check(kept).of(Difference.TRIGGER_MISSING)] == [
        "ledger_entry_update"
    ]
    tamper("DROP FUNCTION ledger_allow()")
