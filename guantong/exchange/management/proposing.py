"""Proposes the mapping with which a file of the same columns came last."""

import sys

from django.core.management import CommandError
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.exchange.mapping import Mapping, load_mapping
from guantong.exchange.models import ImportRun
from guantong.exchange.queries import run_of_same_shape
from guantong.kit.sheets.registry import sheets

_YES = frozenset(["y", "yes", "是"])


def proposed(
    content: bytes, name: str, campaign: Campaign | None, *, is_wanted: bool
) -> Mapping | None:
    """Return the kept mapping that fits a file, where it is wanted or agreed to on a terminal.

    Where one fits and nobody says that it is meant, the command stops and tells how to say so.
    """
    run = run_of_same_shape(content, name, campaign, sheets())
    if run is None:
        if is_wanted:
            raise CommandError(
                _("No file with these columns came by a mapping before: give one with --mapping.")
            )
        return None
    if not is_wanted and not _is_agreed(_told(run)):
        raise CommandError(
            _told(run)
            + " "
            + _("Say --as-before to use its mapping again, or what the rows are: import KIND FILE.")
        )
    return load_mapping(run.mapping, sheets())


def _told(run: ImportRun) -> str:
    return _(
        "The columns are those of “%(source)s”, last imported from %(file)s on %(day)s "
        "(import %(run)s)."
    ) % {
        "source": run.source.name,
        "file": run.file_name,
        "day": run.started_at.date(),
        "run": run.pk,
    }


def _is_agreed(told: str) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(told, _("Use its mapping again? [y/N]"), end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in _YES
