"""Signs what the tree is at its present size."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from guantong.ledger.hashing import instant
from guantong.ledger.models import Checkpoint, Leaf
from guantong.ledger.operations.sequencing import lock_ledger
from guantong.ledger.signing import Signer, checkpoint_text, signer
from guantong.ledger.tree import Growing

HASH_BYTES = 32


def sign_checkpoint(*, now: datetime, key: Signer | None = None) -> Checkpoint:
    """Sign the tree over all leaves, going on from the last checkpoint; the same size once only."""
    key = key or signer(settings.HOME / "keys")
    with transaction.atomic():
        lock_ledger()
        last = Checkpoint.latest()
        tree = Growing()
        if last is not None:
            kept = bytes(last.frontier)
            tree = Growing(
                last.size,
                [kept[i : i + HASH_BYTES] for i in range(0, len(kept), HASH_BYTES)],
            )
        leaves = Leaf.objects.filter(index__gte=tree.size).order_by("index")
        for leaf in leaves.values_list("hash", flat=True).iterator(chunk_size=10_000):
            tree.add(bytes(leaf))
        if last is not None and tree.size == last.size:
            return last
        root = tree.root()
        text = checkpoint_text(key.name, tree.size, root, instant(now))
        checkpoint = Checkpoint(
            size=tree.size,
            root=root,
            frontier=b"".join(tree.frontier),
            note=key.sign(text),
            signed_at=now,
        )
        checkpoint.save()
    return checkpoint
