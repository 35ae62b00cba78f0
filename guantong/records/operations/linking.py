"""Records are linked into the thread."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.entries import RecordEntry
from guantong.records.models import Link, Record
from guantong.records.queries import refuse_closed
from guantong.records.refusals import Refusal, Refused


class CannotLinkRecords(Refused):
    """The link exists, or would lead from a record to itself."""


def link_records(
    *,
    pairs: Sequence[tuple[Record, Record]],
    kind: str,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Link]:
    """Say that each source led to its target; a link that is there already stays as it is."""
    loops = [
        Refusal(one, _("A record can't be linked to itself.")) for one, two in pairs if one == two
    ]
    if loops:
        raise CannotLinkRecords(loops)
    refuse_closed(target.pk for _source, target in pairs)
    wanted = {(one.pk, two.pk): (one, two) for one, two in pairs}
    there = set(
        Link.objects.filter(kind=kind, source__in=[key[0] for key in wanted]).values_list(
            "source_id", "target_id"
        )
    )
    links = [
        Link(source=one, target=two, kind=kind)
        for key, (one, two) in wanted.items()
        if key not in there
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(links, code=RecordEntry.LINKED, record_of=lambda link: link.target_id)
    return links


def unlink_records(
    *, links: Sequence[Link], actor: Person, now: datetime.datetime, reason: str
) -> None:
    """Take links away again; that they were there stays in the ledger, with the reason."""
    if not reason.strip():
        raise CannotLinkRecords(_("Say in a sentence why the link is removed."))
    refuse_closed(link.target_id for link in links)
    with act(actor=actor, now=now, reason=reason) as writing:
        writing.remove(links, code=RecordEntry.UNLINKED, record_of=lambda link: link.target_id)
