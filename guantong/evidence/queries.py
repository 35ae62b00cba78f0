"""Reads of evidence across records."""

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db.models import Q

from guantong.evidence.models import Attachment, File
from guantong.evidence.rules import START, look_of
from guantong.ledger.verification.findings import subject_name
from guantong.people.models import Person
from guantong.people.rules import HEAD, LIAISON
from guantong.records.models import Partner, Record
from guantong.records.queries import standings
from guantong.records.visibility import units_of

_NAMED = 3
# What stands for the hash of a content that isn't there.
NOTHING = "nothing"


def with_evidence(record_ids: Iterable[int], *, on: datetime.date) -> set[int]:
    """Return those of the records that have dated evidence which holds on the day `on`."""
    attached = Attachment.objects.holding(on).filter(record__in=list(record_ids))
    return set(attached.values_list("record_id", flat=True))


def evidence_on(record_ids: Iterable[int], *, on: datetime.date) -> dict[int, list[Attachment]]:
    """Return by record the evidence that holds on the day `on`, in the order in which it came."""
    found: dict[int, list[Attachment]] = {pk: [] for pk in record_ids}
    for one in Attachment.objects.holding(on).filter(record__in=list(found)).order_by("pk"):
        found[one.record_id].append(one)
    return found


def may_add(records: Sequence[Record], person: Person, on: datetime.date) -> set[int]:
    """Return those of the records to which `person` may add evidence.

    Whoever stands to a record in any capacity may, and the liaison or head of a partner unit: it
    has a share in the work, or was asked for something.
    """
    standing = standings(records, person, on)
    rest = [record.pk for record in records if not standing[record.pk] and not record.is_restricted]
    partners = Partner.objects.filter(record__in=rest) if rest else Partner.objects.none()
    mine = partners.filter(unit__in=units_of(person, [LIAISON, HEAD], on))
    return {pk for pk, who in standing.items() if who} | set(mine.values_list("record", flat=True))


def may_change(attachment: Attachment, person: Person, on: datetime.date) -> bool:
    """Whether `person` may replace or withdraw it: who stands to its record, or added it."""
    record = attachment.record
    if standings([record], person, on)[record.pk]:
        return True
    return attachment.author_id == person.pk and bool(may_add([record], person, on))


def reusable(record: Record, *, person: Person, on: datetime.date, words: str = "") -> Any:
    """Return the evidence of other records that `person` may see and `record` lacks, newest first.

    `words` are looked for in names, captions and references; what no longer holds is left out.
    """
    seen = Record.objects.visible_to(person, on).filter(campaign=record.campaign_id)
    there = record.attachments.filter(withdrawn=False, redacted=False).values("file")
    found = Attachment.objects.holding(on).filter(record__in=seen.values("pk"))
    found = found.exclude(record=record.pk).exclude(file__in=there).exclude(file=None)
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(caption__icontains=word)
            | Q(record__reference__iexact=word)
            | Q(record__title__icontains=word)
        )
    return found.select_related("file", "record").order_by("-dated_on", "-pk")


def kept_path(attachment: Attachment) -> Path | None:
    """Where the content is kept; None where there is none, it was redacted or is missing."""
    if attachment.file is None or attachment.redacted or not attachment.file.path.exists():
        return None
    return attachment.file.path


def look_at(file: File) -> str:
    """Return what a kept file is by its own bytes, whatever it is called."""
    with file.path.open("rb") as content:
        return look_of(content.read(START), file.media_type)


def versions_of(attachment: Attachment) -> list[Attachment]:
    """Return the document's versions that lead to this one and from it, newest first."""
    several = Attachment.objects.select_related("file", "author", "replaces")
    newest = attachment
    while (newer := several.filter(replaces=newest.pk).first()) is not None:
        newest = newer
    found = [newest]
    while found[-1].replaces_id is not None:
        found.append(several.get(pk=found[-1].replaces_id))
    return found


def contents() -> Iterator[tuple[str, str, str]]:
    """Give each file with the hash of its bytes and that under which it was attached.

    What was redacted wherever it was attached must be gone.
    """
    files = File.objects.prefetch_related("attachments__record").order_by("pk")
    for file in files.iterator(chunk_size=500):
        is_held = any(not one.redacted for one in file.attachments.all())
        yield _named(file), _digest_of(file), file.sha256 if is_held else NOTHING


def _digest_of(file: File) -> str:
    if not file.path.exists():
        return NOTHING
    with file.path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _named(file: File) -> str:
    held_by = [f"{one.record.reference} {one.name}" for one in file.attachments.all()]
    more = f" +{len(held_by) - _NAMED}" if len(held_by) > _NAMED else ""
    return subject_name("file", file.pk, ", ".join(held_by[:_NAMED]) + more)
