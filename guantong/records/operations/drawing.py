"""Samples are drawn, so that nobody chooses who is in them and anybody can draw them again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.ledger.operations import act
from guantong.ledger.queries import hash_of_entry, newest_entry
from guantong.people.models import Person
from guantong.records.entries import RecordEntry
from guantong.records.models import Draw, Drawn, Record
from guantong.records.refusals import Refused
from guantong.records.rules import digest_of_list, draw


class CannotDraw(Refused):
    """The list is empty or shorter than the sample, or the seed isn't the drawer's to name."""


def draw_records(
    *,
    campaign: Campaign,
    purpose: str,
    kind: str,
    records: Iterable[Record],
    size: int,
    drawn_from: str,
    actor: Person | None,
    now: datetime.datetime,
    filters: str = "",
    seed: str = "",
) -> Draw:
    """Draw a sample of records of one kind, and keep the list, the seed and what came out.

    The seed is the hash of the ledger's last entry: nobody knows it beforehand, and nobody gets
    another one without leaving an entry. `drawn_from` says the list in words.
    """
    by_reference = {record.reference: record.pk for record in records if record.reference}
    if not 1 <= size <= len(by_reference):
        sentence = _("The list has %(length)s records; draw at least one and at most all of them.")
        raise CannotDraw(sentence % {"length": len(by_reference)})
    if seed and not campaign.is_demonstration:
        raise CannotDraw(_("Nobody chooses the seed of a draw; leave it to the ledger."))
    entry = None if seed else newest_entry()
    listed = sorted(by_reference)
    made = Draw(
        campaign=campaign,
        purpose=purpose,
        kind=kind,
        filters=filters,
        drawn_from=drawn_from,
        listed="\n".join(listed),
        digest=digest_of_list(listed),
        population=len(listed),
        size=size,
        seed=seed or hash_of_entry(entry or 0),
        seed_entry=entry,
        drawn_on=campaign.day_of(now),
        drawn_by=actor,
    )
    with act(actor=actor, now=now) as writing:
        writing.create([made], code=RecordEntry.DRAWN)
        writing.create(
            [
                Drawn(draw=made, record_id=by_reference[reference], position=position)
                for position, reference in enumerate(draw(listed, size, made.seed), 1)
            ],
            code=RecordEntry.DRAWN_RECORD,
        )
    return made
