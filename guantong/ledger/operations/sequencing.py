"""Gives entries their dense places in the tree, off the path of those who write them."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from guantong.ledger.hashing import entry_bytes, leaf_hash
from guantong.ledger.models import Entry, Leaf
from guantong.ledger.queries import facts_of
from guantong.ledger.storing import insert_rows

CHUNK = 5000
# Any number will do; it is this ledger's name among PostgreSQL's advisory locks.
SEQUENCER_LOCK = 0x6775616E746F6E67
_XMIN = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_XMAX = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"


def sequence_entries(*, thorough: bool = False) -> int:
    """Give every entry that no open transaction can still come before its leaf; return how many.

    Leaves follow (transaction, id). Each chunk is its own transaction under one lock, so that two
    sequencers at once wait for each other and go on where the other stopped. `thorough` also looks
    before the last leaf, where entries lie only in a database that was restored into a cluster
    which counts its transactions from lower numbers.
    """
    total = 0
    after: tuple[int, int] | None = None
    while True:
        with transaction.atomic():
            lock_ledger()
            last = Leaf.objects.order_by("-index").select_related("entry").first()
            if after is None and last is not None and not _is_thorough(thorough):
                after = (last.entry.xact, last.entry_id)
            entries = _candidates(after)
            _add_leaves(last.index + 1 if last else 0, entries)
        total += len(entries)
        if len(entries) < CHUNK:
            return total
        after = (entries[-1]["xact"], entries[-1]["id"])


def lock_ledger() -> None:
    """Let one sequencer or signer at a time go on, until its transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEQUENCER_LOCK])


def _is_thorough(asked: bool) -> bool:
    """Say whether entries may lie before the last leaf: some are from a cluster ahead of this."""
    if connection.vendor == "sqlite" or asked:
        return asked
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(xact) >= {_XMAX} FROM ledger_entry")
        return bool(cursor.fetchone()[0])


def _add_leaves(first: int, entries: Sequence[dict[str, Any]]) -> None:
    rows = [
        (index, facts["id"], leaf_hash(entry_bytes(facts)))
        for index, facts in enumerate(entries, start=first)
    ]
    insert_rows(Leaf._meta.db_table, ("index", "entry_id", "hash"), rows)


def _candidates(after: tuple[int, int] | None) -> list[dict[str, Any]]:
    """Return the next entries without a leaf, in the order in which they get theirs."""
    entries: QuerySet = Entry.objects.filter(~Exists(Leaf.objects.filter(entry=OuterRef("pk"))))
    if connection.vendor == "sqlite":
        # xact is 0 throughout: the primary key is the order.
        entries = entries.filter(pk__gt=after[1] if after else 0).order_by("pk")
    else:
        # Below xmin every transaction has ended: nothing can still appear before what is seen
        # now. At or above xmax none has its id from this cluster: the entry was restored.
        entries = entries.extra(where=[f"(xact < {_XMIN} OR xact >= {_XMAX})"])
        if after is not None:
            entries = entries.extra(where=["(xact, id) > (%s, %s)"], params=after)
        entries = entries.order_by("xact", "pk")
    return list(facts_of(entries[:CHUNK]))
