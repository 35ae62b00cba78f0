"""What was taken out of an installation, without the words, to go from older backups too."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from guantong.evidence.entries import EvidenceEntry
from guantong.ledger.entries import LedgerEntry
from guantong.ledger.queries import entries_with_codes
from guantong.records.models import Record
from guantong.records.views.redacting import offered, take_out

FORMAT = 1
Redactions = Mapping[int, list[str]]


class NoRedactions(Exception):
    """The file can't be read, or is no list of redactions."""


def redactions() -> Redactions:
    """Return for each record, by id, the keys of the texts and files that were taken out of it."""
    found: dict[int, list[str]] = defaultdict(list)
    for entry in entries_with_codes(LedgerEntry.TEXT_BLANKED, EvidenceEntry.REDACTED):
        if entry.record is None:
            continue
        if entry.code == EvidenceEntry.REDACTED:
            found[entry.record].append(f"file:{entry.subject_id}")
            continue
        for name in entry.changes:
            field = name.removeprefix("@")
            found[entry.record].append(f"{entry.subject_kind}:{entry.subject_id}:{field}")
    return found


def write_redactions(path: Path) -> int:
    """Write the list to a file; it holds no words. Return how many texts and files it names."""
    found = redactions()
    said = {"format": FORMAT, "redactions": {str(record): keys for record, keys in found.items()}}
    path.write_text(json.dumps(said, indent=1), encoding="utf-8")
    return sum(len(keys) for keys in found.values())


def read_redactions(path: Path) -> Redactions:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format"] != FORMAT:
            raise ValueError(said["format"])
        return {int(pk): [str(key) for key in keys] for pk, keys in said["redactions"].items()}
    except OSError as error:
        sentence = _("%(file)s can't be read: %(why)s. Name the file that `redactions` wrote.")
        raise NoRedactions(sentence % {"file": path, "why": error.strerror}) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoRedactions(_("%(file)s is no list of redactions.") % {"file": path}) from error


def redact_again(wanted: Redactions, *, now: datetime.datetime) -> int:
    """Take out what is here of what the list names; the system does what was decided before."""
    count = 0
    for record in Record.objects.filter(pk__in=list(wanted)).order_by("pk"):
        held = offered(record)
        chosen = [held[key] for key in dict.fromkeys(wanted[record.pk]) if key in held]
        if chosen:
            reason = _("Taken out again after a restore: the backup was older than the redaction.")
            take_out(chosen, actor=None, now=now, reason=reason)
            count += len(chosen)
    return count
