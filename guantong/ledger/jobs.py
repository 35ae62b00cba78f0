"""The ledger's recurring jobs: entries get their places, the tree is signed, rows are counted."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guantong.kit.statistics import refresh_statistics
from guantong.ledger.operations import sequence_entries, sign_checkpoint
from guantong.routine.registry import Job, Turn, add_job
from guantong.routine.rules import Every


def sequence(turn: Turn) -> str:
    count = sequence_entries()
    said = ngettext("%(count)s entry got its place.", "%(count)s entries got their place.", count)
    return said % {"count": count} if count else ""


def checkpoint(turn: Turn) -> str:
    sequence_entries(thorough=True)
    signed = sign_checkpoint(now=turn.now)
    return gettext("The tree of %(size)s entries is signed.") % {"size": signed.size}


def statistics(turn: Turn) -> str:
    refresh_statistics()
    return gettext("The database has counted its rows.")


# Each has transactions of its own and bears to be done twice.
add_job(
    Job("ledger.sequence", _("Entries get their places"), Every.MINUTE, sequence,
        is_one_transaction=False)
)  # fmt: skip
add_job(
    Job("ledger.checkpoint", _("Sign the ledger's checkpoint"), Every.DAY, checkpoint,
        is_one_transaction=False)
)  # fmt: skip
add_job(
    Job("ledger.statistics", _("Count the database's rows"), Every.DAY, statistics,
        is_one_transaction=False)
)  # fmt: skip
