"""Records are linked into the thread."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.entries import RecordEntry
from guantong.records.models import Link, LinkKind, Record
from guantong.records.queries import refuse_closed, standings
from guantong.records.refusals import Refusal, Refused
from guantong.records.registry import kind_of
from guantong.records.rules import Who

ANSWERABLE = frozenset(
    {Who.LIAISON, Who.HEAD, Who.RESPONSIBLE, Who.RESEARCHER, Who.INSPECTOR, Who.COORDINATOR}
)


class CannotLinkRecords(Refused):
    """It would lead from a record to itself, to another campaign, or isn't one of these kinds."""


def link_records(
    *,
    pairs: Sequence[tuple[Record, Record]],
    kind: str,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Link]:
    """Say that each source led to its target; a link that is there already stays as it is."""
    refused = [
        Refusal(one, sentence) for one, two in pairs if (sentence := _against(one, two, kind))
    ]
    if refused:
        raise CannotLinkRecords(refused)
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


def refer_to(*, record: Record, other: Record, actor: Person, now: datetime.datetime) -> list[Link]:
    """Put another record beside this one as to be seen, too: who answers for one of them."""
    _refuse_strangers([record, other], actor, record.campaign.day_of(now))
    if record.is_hidden or other.is_hidden:
        raise CannotLinkRecords(_("An unannounced visit can be linked once it has been made."))
    if Link.objects.filter(kind=LinkKind.SEE_ALSO, source=other, target=record).exists():
        return []
    return link_records(pairs=[(record, other)], kind=LinkKind.SEE_ALSO, actor=actor, now=now)


def refer_no_more(*, link: Link, actor: Person, now: datetime.datetime, reason: str) -> None:
    """Take such a reference back; other links came with a step of a record and stay with it."""
    if link.kind != LinkKind.SEE_ALSO:
        raise CannotLinkRecords(_("This link came with a step of the record, and stays with it."))
    _refuse_strangers([link.source, link.target], actor, link.target.campaign.day_of(now))
    unlink_records(links=[link], actor=actor, now=now, reason=reason)


def _refuse_strangers(records: Sequence[Record], actor: Person, on: datetime.date) -> None:
    standing = standings(records, actor, on)
    if not any(standing[record.pk] & ANSWERABLE for record in records):
        raise CannotLinkRecords(
            _(
                "Two records are linked by somebody who answers for one of them: the liaison or "
                "head of its unit, the person responsible, a researcher on it or a coordinator."
            )
        )


def _against(source: Record, target: Record, kind: str) -> str:
    """Say why `source` can't have led to `target` in this way, or nothing."""
    if source == target:
        return _("A record can't be linked to itself.")
    if source.campaign_id != target.campaign_id and kind != LinkKind.CARRIED_FORWARD:
        return _("It belongs to another campaign; only records of one campaign are linked.")
    # What is merely related, or to be seen too, claims no place in the thread.
    led_to_by = {LinkKind.RELATED: (), LinkKind.SEE_ALSO: (), **kind_of(target.kind).led_to_by}
    sources = led_to_by.get(kind, ())
    if kind in led_to_by and (not sources or source.kind in sources):
        return ""
    fitting = _(", ").join(str(kind_of(name).label) for name in sources)
    said = {"wrong": kind_of(source.kind).label, "target": kind_of(target.kind).label}
    if not fitting:
        return _("A record of the kind “%(wrong)s” can't lead to “%(target)s” in this way.") % said
    return _(
        "A record of the kind “%(wrong)s” can't lead to “%(target)s” in this way; these can: "
        "%(fitting)s."
    ) % {**said, "fitting": fitting}


def unlink_records(
    *, links: Sequence[Link], actor: Person, now: datetime.datetime, reason: str
) -> None:
    """Take links away again; that they were there stays in the ledger, with the reason."""
    if not reason.strip():
        raise CannotLinkRecords(_("Say in a sentence why the link is removed."))
    refuse_closed(link.target_id for link in links)
    with act(actor=actor, now=now, reason=reason) as writing:
        writing.remove(links, code=RecordEntry.UNLINKED, record_of=lambda link: link.target_id)
