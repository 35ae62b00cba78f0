"""Checks that samples come out the same when they are drawn again from their lists and seeds."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guantong.ledger.queries import hash_of_entry
from guantong.ledger.verification.findings import Difference, Progress, Verification
from guantong.records.models import Draw
from guantong.records.rules import digest_of_list, draw


def faults_of(made: Draw) -> list[str]:
    """Return in sentences what doesn't match when a draw is repeated; nothing where all does."""
    listed = made.listed.split("\n")
    faults = []
    if digest_of_list(listed) != made.digest or len(listed) != made.population:
        faults.append(_("The list that is kept is not the one that was drawn from."))
    if made.seed_entry is None:
        if not made.campaign.is_demonstration:
            faults.append(_("The seed was not taken from the ledger."))
    elif not _is_seed(made):
        faults.append(
            _("The seed is not the hash of the ledger's entry %(entry)s.")
            % {"entry": made.seed_entry}
        )
    kept = made.drawn.order_by("position").values_list("record__reference", flat=True)
    if list(kept) != draw(listed, made.size, made.seed):
        faults.append(_("List and seed give other records than those that are kept as drawn."))
    return faults


def _is_seed(made: Draw) -> bool:
    try:
        return hash_of_entry(made.seed_entry or 0) == made.seed
    except LookupError:
        return False


def check_draws(found: Verification, progress: Progress) -> None:
    """Repeat every draw, and tell those that don't come out the same."""
    draws = Draw.objects.select_related("campaign").order_by("pk")
    total = draws.count()
    for number, made in enumerate(draws.iterator(chunk_size=50), 1):
        for fault in faults_of(made):
            found.found(Difference.DRAW_DIFFERS, subject=f"draw {made.pk}", fault=fault)
        progress("records.draw", number, total)
