"""The whole check, in the order in which each part can rely on the one before."""

from collections.abc import Collection, Sequence

from django.conf import settings

from guantong.ledger.models import Leaf
from guantong.ledger.signing import Verifier, verifiers
from guantong.ledger.verification.chain import Chain
from guantong.ledger.verification.checkpoints import Checkpoints, Comparison
from guantong.ledger.verification.derived import check_derived
from guantong.ledger.verification.findings import Progress, Verification
from guantong.ledger.verification.guards import check_triggers, one_view
from guantong.ledger.verification.kept import Kept
from guantong.ledger.verification.replay import check_rows


def verify(
    *,
    kept: Kept | None = None,
    keys: Sequence[Verifier] | None = None,
    progress: Progress = lambda stage, done, total: None,
    kinds: Collection[str] | None = None,
) -> Verification:
    """Recompute everything from the entries up, and name each difference; change nothing.

    `kept` is what was kept outside, `keys` the public keys that may have signed (the
    installation's own unless given). `kinds` limits the replay of rows to some tracked kinds, and
    leaves derived tables out.
    """
    found = Verification()
    keys = list(keys) if keys is not None else verifiers(settings.HOME / "keys")
    with one_view():
        check_triggers(found)
        comparison = Comparison(kept.leaves) if kept and kept.leaves is not None else None
        chain = Chain(
            found, progress, Leaf.objects.count(), len(comparison.kept) if comparison else 0
        )
        checkpoints = Checkpoints(found, keys, kept)
        leaves = checkpoints.follow(chain.walk())
        for _leaf in comparison.follow(leaves) if comparison else leaves:
            pass
        chain.check_others()
        chain.settle(checkpoints.sound)
        if comparison:
            comparison.settle(found)
        check_rows(found, progress, kinds)
        if kinds is None:
            check_derived(found, progress)
    return found
