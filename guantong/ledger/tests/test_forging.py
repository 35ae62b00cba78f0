"""What somebody with the database, or with its keys too, may try beyond single rows."""

from pathlib import Path

import pytest
from django.db import connection
from django.utils.translation import override

from guantong.ledger.hashing import instant
from guantong.ledger.models import Checkpoint, Entry, Leaf
from guantong.ledger.operations import act, sign_checkpoint
from guantong.ledger.signing import checkpoint_text, signer, verifiers
from guantong.ledger.tests.subjects import Tray
from guantong.ledger.tests.test_verification import (
    ANN,
    KINDS,
    NOW,
    check,
    entry_of,
    kinds_of,
    rehash,
    tamper,
)
from guantong.ledger.tree import Growing
from guantong.ledger.verification import Difference, Kept, verify

pytestmark = pytest.mark.usefixtures("committed")


def test_keys_replaced_and_everything_signed_anew(
    kept: Kept, trays: list[Tray], settings, tmp_path: Path
):
    """A new key doesn't hide what was rewritten: the kept root still tells, whoever signed it."""
    entry = entry_of(trays[4].pk, "t.tray.changed")
    tamper(
        f"UPDATE ledger_entry SET effective_on = '2020-01-01' WHERE id = {entry}",
        "DELETE FROM ledger_checkpoint",
    )
    rehash()
    old, settings.HOME = verifiers(settings.HOME / "keys"), tmp_path / "elsewhere"
    sign_checkpoint(now=NOW)
    assert check().is_clean
    found = check(Kept(kept.checkpoint))
    assert kinds_of(found) == {Difference.KEPT_SIGNATURE_WRONG, Difference.ROOT_DIFFERS}
    assert [one["entry"] for one in check(kept).of(Difference.LEAF_REWRITTEN)] == [entry]
    by_old_key = verify(kept=kept, keys=old, kinds=KINDS)
    assert by_old_key.of(Difference.SIGNATURE_WRONG)[0]["size"] == 21
    assert by_old_key.of(Difference.CHECKPOINT_REMOVED)[0]["size"] == 21


def test_all_checkpoints_signed_anew_with_the_key_itself(kept: Kept, settings):
    """Then those before the kept one say nothing of where the change is."""
    first = Entry.objects.order_by("pk").first()
    assert first is not None
    tamper(
        f"UPDATE ledger_entry SET effective_on = '2020-01-01' WHERE id = {first.pk}",
        "DELETE FROM ledger_checkpoint",
    )
    rehash()
    key, tree = signer(settings.HOME / "keys"), Growing()
    leaves = Leaf.objects.filter(index__lt=10).order_by("index")
    tree.extend(bytes(leaf) for leaf in leaves.values_list("hash", flat=True))
    Checkpoint(
        size=10,
        root=tree.root(),
        frontier=b"".join(tree.frontier),
        note=key.sign(checkpoint_text(key.name, 10, tree.root(), instant(NOW))),
        signed_at=NOW,
    ).save()
    sign_checkpoint(now=NOW)
    assert check().is_clean
    [differs] = check(Kept(kept.checkpoint)).of(Difference.ROOT_DIFFERS)
    assert (differs["first"], differs["last"]) == (0, 20)


def test_the_tail_cut_off_after_the_kept_checkpoint(kept: Kept, trays: list[Tray]):
    """What no kept checkpoint covers is told by the rows, and on SQLite by the numbers."""
    with act(actor=ANN, now=NOW) as writing:
        writing.update(trays[5:], code="t.tray.changed", count=9)
    last = Entry.objects.latest("pk").pk - 5
    tamper(
        f"DELETE FROM ledger_text WHERE entry_id > {last}",
        f"DELETE FROM ledger_entry WHERE id > {last}",
    )
    found = check(kept)
    altered = {one["subject"] for one in found.of(Difference.ROW_ALTERED)}
    assert altered == {f"tray {tray.pk}" for tray in trays[5:]}
    if connection.vendor == "sqlite":
        assert f"Entries {last + 1} to {last + 5} (5) were deleted." in found.lines()


def test_two_entries_with_each_others_words(kept: Kept, trays: list[Tray]):
    first, second = (entry_of(tray.pk, "t.tray.changed") for tray in trays[:2])
    columns = "actor, subject_id, changes, reason".split(", ")
    swap = ", ".join(
        f"{name} = (SELECT {name} FROM swapped AS other WHERE other.id <> ledger_entry.id)"
        for name in columns
    )
    both = f"({first}, {second})"
    tamper(
        f"CREATE TEMPORARY TABLE swapped AS SELECT * FROM ledger_entry WHERE id IN {both}",
        f"UPDATE ledger_entry SET {swap} WHERE id IN {both}",
        "DROP TABLE swapped",
    )
    found = check(kept)
    assert {one["entry"] for one in found.of(Difference.ENTRY_ALTERED)} == {first, second}


def test_7b_a_block_of_leaves_moved_with_their_hashes(kept: Kept, trays: list[Tray]):
    tamper(
        'UPDATE ledger_leaf SET "index" = "index" + 1000 WHERE "index" BETWEEN 2 AND 4',
        'UPDATE ledger_leaf SET "index" = "index" + 2000 WHERE "index" BETWEEN 6 AND 8',
        'UPDATE ledger_leaf SET "index" = "index" - 996 WHERE "index" BETWEEN 1002 AND 1004',
        'UPDATE ledger_leaf SET "index" = "index" - 2004 WHERE "index" BETWEEN 2006 AND 2008',
    )
    named = {one["leaf"] for one in check(kept).of(Difference.LEAVES_REORDERED)}
    assert named == {2, 3, 4, 6, 7, 8}
    assert Difference.LEAVES_REORDERED in kinds_of(check())


def test_a_reason_taken_out_is_called_so(kept: Kept, trays: list[Tray]):
    held = Entry.objects.exclude(reason="").first()
    assert held is not None
    tamper(f"DELETE FROM ledger_text WHERE entry_id = {held.pk} AND field = '@reason'")
    with override("en"):
        assert any(f"The text reason of entry {held.pk}" in line for line in check(kept).lines())
