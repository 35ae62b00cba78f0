"""Requests to units are drafted, sent with what isn't held already, and closed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.directives.entries import DirectiveEntry
from guantong.directives.models import AskedUnit, Request, RequestItem
from guantong.directives.queries import items_of, keys_of
from guantong.directives.rules import DRAFT
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR
from guantong.records.models import Record
from guantong.records.operations import check_may_enter, move_records, name_partners, open_records
from guantong.records.refusals import Refusal, Refused
from guantong.units.models import Unit

LONGEST = 300


@dataclass(frozen=True)
class RequestDraft:
    """What is said of one request: what is asked (`items`), of which units, by which day.

    Besides those named in `units`: of all that lie `beneath` one, or are of a `unit_kind`, or both.
    """

    campaign: Campaign
    unit: Unit
    title: str
    items: Sequence[str]
    units: Sequence[Unit] = ()
    text: str = ""
    due_on: datetime.date | None = None
    owner: Person | None = None
    unit_kind: str = ""
    beneath: Unit | None = None


class CannotDraftRequest(Refused):
    """It asks for nothing, is due before today, or the unit is none of the actor's."""


class CannotAskAnyway(Refused):
    """Nothing of it is held already, or nobody says why it is asked all the same."""


class CannotSendRequest(Refused):
    """It asks nobody, by no day, or for nothing that isn't held already."""


class CannotCloseRequest(Refused):
    """It isn't sent."""


def draft_requests(
    *, drafts: Sequence[RequestDraft], actor: Person | None, now: datetime.datetime
) -> list[Request]:
    """Draft requests to units: the coordinator. Until they are sent no unit sees them."""
    if not drafts:
        return []
    today = drafts[0].campaign.day_of(now)
    requests = [_request(draft, actor, today) for draft in drafts]
    check_may_enter(
        [one.record for one in requests],
        actor=actor,
        roles=(COORDINATOR,),
        today=today,
        error=CannotDraftRequest,
    )
    refused = [
        Refusal(one.record, sentence)
        for draft, one in zip(drafts, requests, strict=True)
        if (sentence := _against(draft, today))
    ]
    if refused:
        raise CannotDraftRequest(refused)
    both = list(zip(drafts, requests, strict=True))
    with act(actor=actor, now=now) as writing:
        open_records(writing, requests, code=DirectiveEntry.DRAFTED)
        writing.create(
            [
                RequestItem(record=one.record, text=text)
                for draft, one in both
                for text in _texts(draft)
            ],
            code=DirectiveEntry.ITEM_ASKED,
        )
        writing.create(
            [
                AskedUnit(record=one.record, unit=unit)
                for draft, one in both
                for unit in _asked(draft)
            ],
            code=DirectiveEntry.UNIT_ASKED,
        )
    return requests


def ask_anyway(
    *,
    requests: Sequence[Request],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    items: Sequence[RequestItem] | None = None,
) -> list[Request]:
    """Ask for what is held although it is, with the reason why that doesn't do.

    Without `items` it is for all that is held.
    """
    held = [
        item
        for several in items_of([one.pk for one in requests]).values()
        for item in several
        if keys_of(item) and (items is None or item in items)
    ]
    if not held:
        sentence = _("Nothing of it is held already: it can be sent as it is.")
        raise CannotAskAnyway([Refusal(one.record, sentence) for one in requests])
    with act(actor=actor, now=now) as writing:
        moved = move_records(
            requests, "ask_anyway", actor=actor, now=now, reason=reason, error=CannotAskAnyway
        )
        writing.update(held, code=DirectiveEntry.ITEM_KEPT, why_new=reason.strip())
    return moved


def send_requests(
    *, requests: Sequence[Request], actor: Person | None, now: datetime.datetime
) -> list[Request]:
    """Send requests: what is held already is answered from there, and no unit is asked for it."""
    with act(actor=actor, now=now) as writing:
        sent = move_records(requests, "send", actor=actor, now=now, error=CannotSendRequest)
        items = items_of([one.pk for one in requests])
        found = {
            item: keys[0]
            for several in items.values()
            for item in several
            if (keys := keys_of(item))
        }
        writing.update(
            list(found),
            code=DirectiveEntry.ITEM_HELD,
            changes={item.pk: {"held_as": key} for item, key in found.items()},
        )
        asked = AskedUnit.objects.filter(record__in=[one.pk for one in requests])
        name_partners(
            named=[(one.record, one.unit) for one in asked.select_related("record", "unit")],
            actor=actor,
            now=now,
        )
    return sent


def close_requests(
    *, requests: Sequence[Request], actor: Person | None, now: datetime.datetime
) -> list[Request]:
    """Close requests that were sent, whoever has replied: the coordinator."""
    return move_records(requests, "close", actor=actor, now=now, error=CannotCloseRequest)


def _request(draft: RequestDraft, actor: Person | None, today: datetime.date) -> Request:
    record = Record(
        campaign=draft.campaign,
        kind="request",
        unit=draft.unit,
        title=draft.title.strip(),
        state=DRAFT,
        owner=draft.owner or actor,
        author=actor,
        opened_on=today,
        due_on=draft.due_on,
    )
    return Request(record=record, text=draft.text)


def _texts(draft: RequestDraft) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in draft.items if text.strip()))


def _asked(draft: RequestDraft) -> list[Unit]:
    """Those named, in their order, then those that a kind or a place in the tree means."""
    units = {unit.pk: unit for unit in draft.units}
    if draft.unit_kind or draft.beneath is not None:
        over = draft.beneath or draft.unit
        meant = Unit.objects.under(over).exclude(pk=over.pk).filter(closed_on=None)
        if draft.unit_kind:
            meant = meant.filter(kind=draft.unit_kind)
        units |= {unit.pk: unit for unit in meant.in_official_order() if unit.pk not in units}
    return list(units.values())


def _against(draft: RequestDraft, today: datetime.date) -> str:
    texts = _texts(draft)
    if not draft.title.strip() or not texts:
        return _("Write what is asked for, one thing on each line.")
    if any(len(text) > LONGEST for text in texts):
        return _("One thing asked for has more than %(count)s characters: part it.") % {
            "count": LONGEST
        }
    if (draft.unit_kind or draft.beneath is not None) and not _asked(draft):
        return _("There is no unit of this kind there: name others, or another kind.")
    if draft.due_on is not None and draft.due_on < today:
        return _("%(day)s has passed: give the units time.") % {"day": day_in_words(draft.due_on)}
    return ""
