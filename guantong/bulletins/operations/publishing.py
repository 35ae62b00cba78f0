"""Bulletins are published: sealed, covered by a signed checkpoint, made into signed files."""

from __future__ import annotations

import datetime
import hashlib
import json
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from guantong.bulletins.entries import BulletinEntry
from guantong.bulletins.models import LANGUAGES, Bulletin, Edition
from guantong.bulletins.queries.building import Built, Seals, build
from guantong.bulletins.queries.paging import figures_of, page_of
from guantong.bulletins.verification import describe, seal_block, signed_text
from guantong.figures.operations import Seal, keep_lists
from guantong.ledger.operations import act
from guantong.ledger.operations.checkpoints import sign_checkpoint
from guantong.ledger.operations.sequencing import sequence_entries
from guantong.ledger.queries import is_covered
from guantong.ledger.signing import signer
from guantong.people.models import Person
from guantong.records.operations import move_records
from guantong.records.queries import refusals_of
from guantong.records.refusals import Refused
from guantong.records.registry import kind_of

# An entry waits for transactions that began before its own; long ones are imports.
TRIES, PAUSE = 60, 0.5


class CannotPublishBulletin(Refused):
    """It isn't signed, or its entries can't be covered by a checkpoint yet."""


def publish_bulletins(
    *, bulletins: Sequence[Bulletin], actor: Person | None, now: datetime.datetime
) -> list[Bulletin]:
    """Publish signed bulletins; from then on they never change (rule 9).

    First the figures are sealed and entered; once a checkpoint covers those entries, the files are
    made and signed. Broken off between the two, it is simply done again.
    """
    if not bulletins:
        return []
    transition = kind_of("bulletin").lifecycle.transition("publish")
    today = bulletins[0].record.campaign.day_of(now)
    refused = refusals_of(bulletins, transition, person=actor, on=today)
    if refused:
        raise CannotPublishBulletin(list(refused.values()))
    with act(actor=actor, now=now) as writing:
        built = {bulletin.pk: _seal(bulletin, actor, now, today, writing) for bulletin in bulletins}
        operation = writing.operation
    checkpoint = covering_checkpoint(operation, now)
    with act(actor=actor, now=now) as writing:
        editions = [
            _edition(bulletin, one, now, checkpoint)
            for bulletin in bulletins
            for one in built[bulletin.pk]
        ]
        writing.create(editions, code=BulletinEntry.EDITION_MADE)
        move_records(bulletins, "publish", actor=actor, now=now, error=CannotPublishBulletin)
    return list(bulletins)


def _seal(
    bulletin: Bulletin,
    actor: Person | None,
    now: datetime.datetime,
    today: datetime.date,
    writing: Any,
) -> list[Built]:
    """Count everything once for all languages, keep the lists and enter the seals."""
    counted: Seals = {}
    built = [
        build(bulletin, language, today=today, seals=counted) for language in bulletin.languages
    ]
    seals = list(counted.values())
    keep_lists(seals=seals, actor=actor, now=now)
    sealed = {"as_of": bulletin.as_of.isoformat(), "figures": [_sealed(seal) for seal in seals]}
    digest = hashlib.sha256(json.dumps(sealed, sort_keys=True, ensure_ascii=False).encode())
    writing.update(
        [bulletin], code=BulletinEntry.SEALED, sealed=sealed, sealed_digest=digest.hexdigest()
    )
    return built


def _sealed(seal: Seal) -> dict[str, Any]:
    """Return a seal with its words in all languages."""
    plain = seal.plain()
    for name in ("label", "definition"):
        plain[name] = {}
        for language, code in LANGUAGES.items():
            with override(code):
                plain[name][language] = str(getattr(seal.figure, name))
    return plain


def covering_checkpoint(operation: UUID, now: datetime.datetime) -> str:
    """Return the note of a signed checkpoint that covers every entry of an operation."""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE)
        sequence_entries()
        checkpoint = sign_checkpoint(now=now)
        if is_covered(operation):
            return str(checkpoint.note)
    raise CannotPublishBulletin(
        _("A longer change is still being written, after which this can be sealed: try again soon.")
    )


def _edition(bulletin: Bulletin, built: Built, now: datetime.datetime, checkpoint: str) -> Edition:
    page = page_of(bulletin, built, published_at=now, checkpoint=checkpoint)
    manifest = {
        **describe(page),
        "reference": bulletin.record.reference,
        "title": built.title,
        "issue": bulletin.issue,
        "language": built.language,
        "campaign": bulletin.record.campaign.code,
        "signatory": str(bulletin.signatory),
        "as_of": bulletin.as_of.isoformat(),
        "published_at": now.astimezone(datetime.UTC).isoformat(),
        "sealed_digest": bulletin.sealed_digest,
        "checkpoint": checkpoint,
        "figures": figures_of(built),
    }
    note = signer(settings.HOME / "keys").sign(signed_text(manifest))
    html = page + seal_block(manifest, note)
    return Edition(
        bulletin=bulletin,
        language=built.language,
        digest=hashlib.sha256(html.encode()).hexdigest(),
        html=html,
    )
