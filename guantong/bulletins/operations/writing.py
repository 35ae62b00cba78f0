"""Bulletins are written, and rewritten as long as nobody has signed them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.bulletins.entries import BulletinEntry
from guantong.bulletins.models import Bulletin
from guantong.bulletins.rules.lifecycle import DRAFT, REVIEW
from guantong.campaigns.models import Campaign
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import StaleRow, act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR
from guantong.records.models import Record
from guantong.records.operations import check_may_enter, correct_records, open_records
from guantong.records.refusals import Refusal, Refused
from guantong.units.models import Unit


@dataclass(frozen=True)
class BulletinDraft:
    """What is said of one bulletin; its figures are those at the end of the day `as_of`."""

    campaign: Campaign
    unit: Unit
    title: str
    as_of: datetime.date
    signatory: Person
    text_zh: str = ""
    text_en: str = ""
    title_en: str = ""
    issue: str = ""
    distribution: str = ""
    corrects: Bulletin | None = None
    opened_on: datetime.date | None = None


class CannotWriteBulletin(Refused):
    """The unit is none of the actor's, or the day is in the future."""


class CannotRewriteBulletin(Refused):
    """Somebody has signed it already, or changed it since it was read."""


def bulletin_of(
    draft: BulletinDraft, *, author: Person | None, opened_on: datetime.date
) -> Bulletin:
    """Return a bulletin that is not saved, as to look at it before it is written."""
    record = Record(
        campaign=draft.campaign,
        kind="bulletin",
        unit=draft.unit,
        title=draft.title,
        state=DRAFT,
        owner=author,
        author=author,
        opened_on=opened_on,
    )
    return Bulletin(
        record=record,
        issue=draft.issue,
        title_en=draft.title_en,
        text_zh=draft.text_zh,
        text_en=draft.text_en,
        as_of=draft.as_of,
        signatory=draft.signatory,
        distribution=draft.distribution,
        corrects=draft.corrects,
    )


def write_bulletins(
    *, drafts: Sequence[BulletinDraft], actor: Person | None, now: datetime.datetime
) -> list[Bulletin]:
    """Write bulletins as drafts: a coordinator of the unit."""
    bulletins = []
    for draft in drafts:
        today = draft.campaign.day_of(now)
        if draft.as_of > today:
            raise CannotWriteBulletin(
                _("%(day)s is in the future; figures go up to today, %(today)s.")
                % {"day": day_in_words(draft.as_of), "today": day_in_words(today)}
            )
        bulletins.append(bulletin_of(draft, author=actor, opened_on=draft.opened_on or today))
    if not bulletins:
        return []
    check_may_enter(
        [bulletin.record for bulletin in bulletins],
        actor=actor,
        roles=(COORDINATOR,),
        today=drafts[0].campaign.day_of(now),
        error=CannotWriteBulletin,
    )
    with act(actor=actor, now=now) as writing:
        open_records(writing, bulletins, code=BulletinEntry.WRITTEN)
    return bulletins


def rewrite_bulletin(
    *,
    bulletin: Bulletin,
    actor: Person,
    now: datetime.datetime,
    revision: int | None = None,
    **values: Any,
) -> Bulletin:
    """Change the text of a bulletin that nobody has signed, nor changed since `revision`."""
    if revision is not None:
        bulletin.record.revision = revision
    if bulletin.record.state not in (DRAFT, REVIEW):
        sentence = _("What is signed is not rewritten; write another one that corrects it.")
        raise CannotRewriteBulletin([Refusal(bulletin.record, sentence)])
    try:
        correct_records(details=[bulletin], actor=actor, now=now, changes={bulletin.pk: values})
    except StaleRow as stale:
        sentence = _("Somebody changed this bulletin since you opened it.")
        raise CannotRewriteBulletin([Refusal(bulletin.record, sentence)]) from stale
    return bulletin
