"""Whether the files that are kept still are, byte for byte, what was attached."""

import hashlib

from guantong.evidence.models import File
from guantong.ledger.verification.findings import (
    Difference,
    Progress,
    Verification,
    subject_name,
)

_NAMED = 3


def check_files(found: Verification, progress: Progress) -> None:
    """Compare each file's bytes with its hash in the ledger; what was redacted must be gone."""
    files = File.objects.prefetch_related("attachments__record").order_by("pk")
    total = files.count()
    for done, file in enumerate(files.iterator(chunk_size=500), start=1):
        is_held = any(not one.redacted for one in file.attachments.all())
        expected = file.sha256 if is_held else ""
        present = _digest(file)
        if present != expected:
            found.found(
                Difference.ROW_ALTERED,
                subject=_subject(file),
                field="content",
                row=f"“{present or 'nothing'}”",
                ledger=f"“{expected or 'redacted'}”",
            )
        progress("evidence.content", done, total)


def _digest(file: File) -> str:
    if not file.path.exists():
        return ""
    with file.path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _subject(file: File) -> str:
    held_by = [f"{one.record.reference} {one.name}" for one in file.attachments.all()]
    more = f" +{len(held_by) - _NAMED}" if len(held_by) > _NAMED else ""
    return subject_name("file", file.pk, ", ".join(held_by[:_NAMED]) + more)
