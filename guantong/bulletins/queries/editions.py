"""Whether the published files that are kept are what was published."""

import hashlib
from collections.abc import Iterator

from guantong.bulletins.models import Edition
from guantong.ledger.verification.findings import subject_name


def editions_kept() -> Iterator[tuple[str, str, str]]:
    """Give each published file with the hash of its bytes and that under which it was entered."""
    editions = Edition.objects.select_related("bulletin__record").order_by("pk")
    for edition in editions.iterator(chunk_size=20):
        name = f"{edition.bulletin.record.reference}, {edition.language}"
        digest = hashlib.sha256(edition.html.encode()).hexdigest()
        yield subject_name("edition", edition.pk, name), digest, edition.digest
