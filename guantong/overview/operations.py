"""Every write of the overview: pages given to visited sites, and pasted texts kept for entering."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.industry.models import Site
from guantong.ledger.operations import act
from guantong.overview.entries import OverviewEntry
from guantong.overview.models import GivenPage, Piece
from guantong.overview.rules import pieces_of
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, holds
from guantong.records.models import Record
from guantong.records.refusals import Refused

LONGEST = datetime.timedelta(366)


class CannotGivePage(Refused):
    """Who gives it is no coordinator, or the day is past or too far off."""


class CannotWithdrawPage(Refused):
    """Who takes it back is no coordinator, or it was taken back already."""


def give_page(
    *,
    site: Site,
    campaign: Campaign,
    until: datetime.date,
    actor: Person | None,
    now: datetime.datetime,
) -> GivenPage:
    """Give a site a link to what became of the findings made there: a coordinator, for a year."""
    today = campaign.day_of(now)
    if not _coordinates(campaign, actor, today):
        raise CannotGivePage(_("Such a page is given by the campaign's coordinator: ask them."))
    if not today <= until <= today + LONGEST:
        raise CannotGivePage(_("Say a last day between today and a year from now."))
    page = GivenPage(site=site, campaign=campaign, given_by=actor, given_on=today, until=until)
    with act(actor=actor, now=now) as writing:
        writing.create([page], code=OverviewEntry.PAGE_GIVEN)
    return page


def withdraw_page(*, page: GivenPage, actor: Person | None, now: datetime.datetime) -> GivenPage:
    """Take a page back, so that its link opens nothing any more: a coordinator."""
    today = page.campaign.day_of(now)
    if not _coordinates(page.campaign, actor, today):
        raise CannotWithdrawPage(_("Such a page is taken back by the campaign's coordinator."))
    if page.withdrawn_on is not None:
        raise CannotWithdrawPage(_("This page was taken back already; its link opens nothing."))
    with act(actor=actor, now=now) as writing:
        writing.update([page], code=OverviewEntry.PAGE_WITHDRAWN, withdrawn_on=today)
    return page


def paste_text(
    *, person: Person, campaign: Campaign, kind: str, text: str, now: datetime.datetime
) -> list[Piece]:
    """Keep the pieces of a pasted text for their person, to enter or drop them one by one."""
    return Piece.objects.bulk_create(
        Piece(person=person, campaign=campaign, kind=kind, text=piece, pasted_at=now)
        for piece in pieces_of(text)
    )


def drop_piece(*, piece: Piece) -> None:
    """Forget a piece: it was entered as a record, or isn't to be one."""
    piece.delete()


def forget_words(*, record: Record, fields: Collection[str], texts: Collection[str]) -> None:
    """Forget pasted pieces that say words which were redacted on a record."""
    for text in filter(None, map(str.strip, texts)):
        said = Piece.objects.filter(campaign=record.campaign_id, text__contains=text)
        said.delete()


def _coordinates(campaign: Campaign, person: Person | None, today: datetime.date) -> bool:
    return person is None or holds(person.grants(today), [COORDINATOR], campaign.unit.path)
