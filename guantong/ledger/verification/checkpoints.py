"""Checks the tree against the checkpoints that are stored and the one that was kept outside."""

from collections.abc import Iterable, Iterator, Sequence

from guantong.ledger.hashing import instant
from guantong.ledger.models import Checkpoint
from guantong.ledger.signing import NoteError, SignedCheckpoint, Verifier, read_checkpoint
from guantong.ledger.tree import Growing
from guantong.ledger.verification.chain import Found, code_and_subject_of
from guantong.ledger.verification.findings import Difference, Verification
from guantong.ledger.verification.kept import Kept, Leaf

HASH_BYTES = 32


class Checkpoints:
    """The signed roots that the walk over the leaves must come to."""

    def __init__(self, found: Verification, keys: Sequence[Verifier], kept: Kept | None) -> None:
        self.found, self.kept = found, kept
        self.sound = 0  # up to here the entries themselves hash to a root that was signed
        self.agreed = 0  # up to here the stored hashes do
        self.differs = False
        self.doubted = 0  # the stored checkpoints up to here may be as forged as the one there
        self.signed: dict[int, set[bytes]] = {}
        stored = {}
        for row in Checkpoint.objects.order_by("size"):
            found.checkpoints += 1
            note = _stored_note(row)
            if note is None:
                found.found(Difference.CHECKPOINT_ALTERED, size=row.size)
            elif not any(note.is_signed_by(key) for key in keys):
                found.found(Difference.SIGNATURE_WRONG, size=row.size)
            else:
                stored[row.size] = note
                self.signed.setdefault(row.size, set()).add(note.root)
        if kept is not None:
            self._take(kept.checkpoint, keys, stored)

    def _take(
        self,
        outside: SignedCheckpoint,
        keys: Sequence[Verifier],
        stored: dict[int, SignedCheckpoint],
    ) -> None:
        if not any(outside.is_signed_by(key) for key in keys):
            self.found.found(Difference.KEPT_SIGNATURE_WRONG, size=outside.size)
        elif outside.size not in stored:
            self.found.found(Difference.CHECKPOINT_REMOVED, size=outside.size)
        elif stored[outside.size].root != outside.root:
            self.found.found(Difference.CHECKPOINT_ALTERED, size=outside.size)
        if outside.size not in stored or stored[outside.size].root != outside.root:
            # Whoever could sign another in its place could sign all before it anew, too.
            self.doubted = outside.size
        self.signed.setdefault(outside.size, set()).add(outside.root)

    def follow(self, leaves: Iterable[Found]) -> Iterator[Found]:
        """Grow the tree from the stored hashes, and compare it wherever a root was signed."""
        sizes = sorted(self.signed)
        tree, entries, at = Growing(), Growing(), 0
        for leaf in leaves:
            tree.add(leaf.stored)
            entries.add(leaf.computed or leaf.stored)
            while at < len(sizes) and sizes[at] <= tree.size:
                self._compare(sizes[at], tree, entries)
                at += 1
            yield leaf
        if sizes[at:] and sizes[-1] > 0:
            self.found.found(Difference.ROLLED_BACK, size=sizes[-1], leaves=tree.size)
        self.found.root = tree.root().hex()

    def _compare(self, size: int, tree: Growing, entries: Growing) -> None:
        """Note up to which size the tree is as it was signed, and where it first is not."""
        if self.signed[size] == {entries.root()}:
            # Where a stored hash differs all the same, it is the hash that was altered.
            self.agreed = self.sound = size
        elif self.signed[size] == {tree.root()}:
            self.agreed = size
        elif not self.differs:
            # Every tree that grew from this one differs with it; that says nothing more.
            self.differs = True
            first = 0 if size == self.doubted else self.agreed
            self.found.found(Difference.ROOT_DIFFERS, size=size, first=first, last=size - 1)


class Comparison:
    """Compares leaves with the hashes that were kept, and names each entry that is another."""

    def __init__(self, kept: Sequence[Leaf]) -> None:
        self.kept = kept
        self.odd: dict[int, Found] = {}
        self.missed: dict[int, bytes] = {}
        self.seen = 0

    def follow(self, leaves: Iterable[Found]) -> Iterator[Found]:
        for leaf in leaves:
            was = self.kept[self.seen] if self.seen < len(self.kept) else None
            if was is not None and was != (leaf.entry, leaf.stored):
                self.missed[was[0]] = was[1]
                self.odd[leaf.entry] = leaf
            elif was is None and self.missed:
                self.odd[leaf.entry] = leaf  # it may have come here from further up
            self.seen += 1
            yield leaf
        self.missed.update(self.kept[self.seen :])

    def settle(self, found: Verification) -> None:
        """Say of every leaf that was not where it should be what became of it."""
        for entry, digest in self.missed.items():
            leaf = self.odd.get(entry)
            if leaf is None:
                found.found(Difference.ENTRY_DELETED, entry=entry)
            elif leaf.stored != digest and leaf.computed != digest:
                found.found(
                    Difference.LEAF_REWRITTEN,
                    leaf=leaf.index,
                    entry=entry,
                    **code_and_subject_of(entry),
                )
        here = [leaf for entry, leaf in self.odd.items() if entry in self.missed]
        there = [entry for entry in self.missed if entry in self.odd]
        for leaf, entry in zip(here, there, strict=True):
            if leaf.entry != entry:
                found.found(Difference.LEAVES_REORDERED, leaf=leaf.index, entry=leaf.entry)
        for entry, leaf in self.odd.items():
            if entry not in self.missed and leaf.index < len(self.kept):
                found.found(Difference.ENTRY_INSERTED, entry=entry, **code_and_subject_of(entry))


def _stored_note(row: Checkpoint) -> SignedCheckpoint | None:
    """Return what a stored checkpoint's note says, unless its columns say something else."""
    try:
        note = read_checkpoint(row.note)
    except NoteError:
        return None
    kept = bytes(row.frontier)
    hashes = [kept[start : start + HASH_BYTES] for start in range(0, len(kept), HASH_BYTES)]
    if len(hashes) != row.size.bit_count() or Growing(row.size, hashes).root() != note.root:
        return None
    is_same = (note.size, note.root, note.signed_at) == (
        row.size,
        bytes(row.root),
        instant(row.signed_at),
    )
    return note if is_same else None
