"""Checks every leaf against its entry, every entry against its place, and every text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from guantong.ledger.entries import LedgerEntry
from guantong.ledger.hashing import REASON, commitment, entry_bytes, leaf_hash
from guantong.ledger.models import Entry, Leaf, Text
from guantong.ledger.queries import facts_of
from guantong.ledger.storing import chunks
from guantong.ledger.verification.findings import (
    Difference,
    Progress,
    Verification,
    subject_name,
)

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Found:
    """One leaf as it stands, with what its entry's bytes hash to now (None where it is gone)."""

    index: int
    entry: int
    stored: bytes
    computed: bytes | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a leaf stands, and by what the leaves are ordered."""

    xact: int
    entry: int
    index: int

    def is_before(self, other: "Place") -> bool:
        return self.xact <= other.xact and self.entry < other.entry


@dataclass
class Chain:
    """One walk over the leaves in their order; it remembers what only the end can decide."""

    found: Verification
    progress: Progress
    total: int
    kept: int = 0  # how many leaves' places are told by hashes that were kept outside
    wrong: list[Found] = field(default_factory=list)
    blanked: list[tuple[int, str, int, str]] = field(default_factory=list)
    covered: dict[tuple[str, int, str], int] = field(default_factory=dict)
    told: dict[int, dict[str, Any]] = field(default_factory=dict)
    last: Place | None = None  # the last leaf that was in its place
    before: Place | None = None  # and the one before it

    def walk(self) -> Iterator[Found]:
        """Yield every leaf in order, and check it, its entry and its texts on the way."""
        expected = 0
        leaves = Leaf.objects.order_by("index").values_list("index", "entry_id", "hash")
        for chunk in chunks(leaves.iterator(chunk_size=CHUNK), CHUNK):
            entries = _entries([entry for _index, entry, _hash in chunk])
            self.check_texts(entries.values())
            for index, entry, stored in chunk:
                for missing in range(expected, min(index, expected + 1000)):
                    self.found.found(Difference.LEAF_DELETED, leaf=missing)
                expected = index + 1
                facts = entries.get(entry)
                computed = None if facts is None else leaf_hash(entry_bytes(facts))
                leaf = Found(index, entry, bytes(stored), computed)
                if facts is None:
                    self.found.found(Difference.ENTRY_DELETED, entry=entry)
                else:
                    self._check_order(index, facts)
                if leaf.computed is not None and leaf.computed != leaf.stored:
                    self.wrong.append(leaf)
                    self.told[entry] = _where(facts or {})
                self.found.leaves += 1
                yield leaf
            self.progress("leaves", self.found.leaves, self.total)

    def _check_order(self, index: int, facts: dict[str, Any]) -> None:
        """Leaves follow (transaction, id).

        In a database restored into a younger cluster the transactions begin anew, so only what
        comes earlier in both is out of order.
        """
        here = Place(facts["xact"], facts["id"], index)
        if self.last is not None and here.is_before(self.last):
            # One that was moved down here comes after what stands next, too; one moved up doesn't.
            if self.before is None or not here.is_before(self.before):
                wrong, self.last = self.last, here
            else:
                wrong, self.before = here, None
            if wrong.index >= self.kept:
                self.found.found(Difference.LEAVES_REORDERED, leaf=wrong.index, entry=wrong.entry)
        else:
            self.before, self.last = self.last, here

    def check_texts(self, entries: Iterable[dict[str, Any]]) -> None:
        """Compare texts with the commitments in their entries, both ways."""
        entries = list(entries)
        kept: dict[int, dict[str, tuple[str | None, str | None]]] = defaultdict(dict)
        rows = Text.objects.filter(entry__in=[facts["id"] for facts in entries])
        for entry, name, salt, value in rows.values_list("entry_id", "field", "salt", "value"):
            kept[entry][name] = (salt, value)
        for facts in entries:
            self.found.entries += 1
            wanted = _commitments(facts)
            here = kept.get(facts["id"], {})
            where = {"entry": facts["id"], "subject": _subject(facts)}
            for name in here.keys() - wanted.keys():
                self.found.found(Difference.TEXT_INSERTED, field=name, entry=facts["id"])
            for name, committed in wanted.items():
                self.found.texts += 1
                salt, value = here.get(name, (None, None))
                if name not in here:
                    self.found.found(Difference.TEXT_DELETED, field=name, **where)
                elif salt is None and value is None:
                    self.blanked.append(
                        (facts["id"], facts["subject_kind"], facts["subject_id"], name)
                    )
                elif not _opens(committed, salt, value):
                    self.found.found(Difference.TEXT_ALTERED, field=name, **where)
            if facts["code"] == LedgerEntry.TEXT_BLANKED:
                for name in facts["changes"]:
                    key = (facts["subject_kind"], facts["subject_id"], name)
                    self.covered[key] = max(facts["id"], self.covered.get(key, 0))

    def check_others(self) -> None:
        """Check the entries that have no leaf, and what belongs to no entry."""
        waiting = Entry.objects.filter(~Exists(Leaf.objects.filter(entry=OuterRef("pk"))))
        for entries in chunks(facts_of(waiting.order_by("pk")), CHUNK):
            self.check_texts(entries)
            for facts in entries:
                here = Place(facts["xact"], facts["id"], -1)
                if self.last is not None and here.is_before(self.last):
                    self.found.found(Difference.ENTRY_INSERTED, **_where(facts))
                else:
                    self.found.unsequenced += 1
        strays = Text.objects.filter(~Exists(Entry.objects.filter(pk=OuterRef("entry_id"))))
        for entry, name in strays.values_list("entry_id", "field").iterator():
            self.found.found(Difference.TEXT_INSERTED, field=name, entry=entry)
        for entry, kind, pk, name in self.blanked:
            if self.covered.get((kind, pk, name), 0) <= entry:
                self.found.found(
                    Difference.TEXT_BLANKED, field=name, entry=entry, subject=f"{kind} {pk}"
                )
        self._check_ids()

    def _check_ids(self) -> None:
        """On SQLite ids have no gaps, since a transaction that fails gives its ids back."""
        if connection.vendor != "sqlite":
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT before + 1, id - 1 FROM (SELECT id, lag(id) OVER (ORDER BY id) AS before"
                " FROM ledger_entry) WHERE id > before + 1"
                " UNION ALL SELECT max(id) + 1, (SELECT seq FROM sqlite_sequence"
                " WHERE name = 'ledger_entry') FROM ledger_entry"
            )
            for first, last in cursor.fetchall():
                first = first or 1
                for entry in range(first, min((last or 0) + 1, first + 1000)):
                    self.found.found(Difference.ENTRY_DELETED, entry=entry)

    def settle(self, sound: int) -> None:
        """Tell apart, among leaves whose entries hash otherwise, the swapped from the altered.

        Below `sound`, the entries are as they were signed.
        """
        owner = {leaf.stored: leaf for leaf in self.wrong}
        for leaf in self.wrong:
            other = owner.get(leaf.computed or b"")
            if leaf.index < sound:
                self.found.found(Difference.LEAF_ALTERED, leaf=leaf.index, entry=leaf.entry)
            elif other is not None and owner.get(other.computed or b"") is leaf:
                first, second = sorted((leaf.index, other.index))
                self.found.found(Difference.LEAVES_SWAPPED, leaf=first, other=second)
            elif other is not None:
                self.found.found(Difference.LEAVES_REORDERED, leaf=leaf.index, entry=leaf.entry)
            else:
                self.found.found(Difference.ENTRY_ALTERED, leaf=leaf.index, **self.told[leaf.entry])


def _entries(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    return {facts["id"]: facts for facts in facts_of(Entry.objects.filter(pk__in=ids))}


def code_and_subject_of(entry: int) -> dict[str, Any]:
    """Name an entry by what it says of itself."""
    facts = _entries([entry]).get(entry)
    where = _where(facts) if facts else {"code": "?", "subject": "?"}
    where.pop("entry", None)
    return where


def _commitments(facts: dict[str, Any]) -> dict[str, str]:
    wanted = {
        name: change.get("text", "")
        for name, change in facts["changes"].items()
        if isinstance(change, dict)
    }
    if facts["reason"]:
        wanted[REASON] = facts["reason"]
    return wanted


def _opens(committed: str, salt: str | None, value: str | None) -> bool:
    if salt is None or value is None:
        return False
    try:
        return commitment(bytes.fromhex(salt), value.encode()) == committed
    except ValueError:
        return False


def _subject(facts: dict[str, Any]) -> str:
    return subject_name(facts["subject_kind"], facts["subject_id"])


def _where(facts: dict[str, Any]) -> dict[str, Any]:
    return {"entry": facts["id"], "code": facts["code"], "subject": _subject(facts)}
