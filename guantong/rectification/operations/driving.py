"""Special rectifications are opened, take problems and measures in, and are closed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR
from guantong.records.models import Link, LinkKind, Record
from guantong.records.operations import (
    check_may_enter,
    link_records,
    move_records,
    open_records,
    unlink_records,
)
from guantong.records.refusals import Refusal, Refused
from guantong.rectification.entries import DriveEntry
from guantong.rectification.models import Drive
from guantong.rectification.queries import left_open
from guantong.rectification.rules import DRIVE, GROUPED
from guantong.units.models import Unit


class CannotOpenDrive(Refused):
    """It has no title, or the unit isn't the coordinator's."""


class CannotGroup(Refused):
    """What is named is no problem or measure of the campaign, or isn't in the drive."""


class CannotCloseDrive(Refused):
    """It is closed, has no conclusion, or it isn't the coordinator who closes it."""


@dataclass(frozen=True)
class DriveDraft:
    """What is said of one special rectification that is to be opened."""

    campaign: Campaign
    unit: Unit
    title: str
    purpose: str = ""
    owner: Person | None = None
    area: Area | None = None
    due_on: datetime.date | None = None


def open_drives(
    *, drafts: Sequence[DriveDraft], actor: Person | None, now: datetime.datetime
) -> list[Drive]:
    """Open special rectifications under the unit that leads them; the coordinator does."""
    if not drafts:
        return []
    if not all(0 < len(draft.title.strip()) <= 500 for draft in drafts):
        raise CannotOpenDrive(_("A special rectification needs a title of at most 500 characters."))
    drives = [
        Drive(
            record=Record(
                campaign=draft.campaign,
                kind=DRIVE.kind,
                unit=draft.unit,
                title=draft.title.strip(),
                state=DRIVE.initial,
                owner=draft.owner,
                author=actor,
                area=draft.area,
                opened_on=draft.campaign.day_of(now),
                due_on=draft.due_on,
            ),
            purpose=draft.purpose,
        )
        for draft in drafts
    ]
    today = drafts[0].campaign.day_of(now)
    check_may_enter(
        [drive.record for drive in drives],
        actor=actor,
        roles=(COORDINATOR,),
        today=today,
        error=CannotOpenDrive,
    )
    with act(actor=actor, now=now, effective_on=today) as writing:
        open_records(writing, drives, code=DriveEntry.OPENED)
    return drives


def group_records(
    *,
    drives: Sequence[Drive],
    records: Sequence[Record],
    actor: Person | None,
    now: datetime.datetime,
) -> list[Link]:
    """Put problems and measures under open special rectifications; what is there stays."""
    refused = [
        Refusal(record, _("A special rectification groups problems and measures of its campaign."))
        for drive in drives
        for record in records
        if record.kind not in GROUPED or record.campaign_id != drive.record.campaign_id
    ]
    if refused or not records:
        raise CannotGroup(refused or _("Name the problems and measures that it takes in."))
    today = records[0].campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=today) as writing:
        move_records(drives, "group", actor=actor, now=now, error=CannotGroup)
        links = link_records(
            pairs=[(drive.record, record) for drive in drives for record in records],
            kind=LinkKind.GROUPED,
            actor=actor,
            now=now,
        )
        if not links:
            raise CannotGroup(_("All that is named is in it already."))
        taking = {link.source_id for link in links}
        writing.note(
            code=DriveEntry.GROUPED, subjects=[drive for drive in drives if drive.pk in taking]
        )
    return links


def ungroup_records(
    *,
    drives: Sequence[Drive],
    records: Sequence[Record],
    actor: Person,
    now: datetime.datetime,
    reason: str,
) -> None:
    """Take problems and measures out of special rectifications again, with the reason."""
    links = Link.objects.filter(
        source__in=[drive.pk for drive in drives], target__in=records, kind=LinkKind.GROUPED
    )
    there = {link.target_id for link in links}
    strangers = [
        Refusal(record, _("It isn't in the special rectification."))
        for record in records
        if record.pk not in there
    ]
    if strangers or not records:
        raise CannotGroup(strangers or _("Name the problems and measures to take out."))
    today = records[0].campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=today, reason=reason) as writing:
        move_records(drives, "ungroup", actor=actor, now=now, error=CannotGroup, reason=reason)
        unlink_records(links=list(links), actor=actor, now=now, reason=reason)
        writing.note(code=DriveEntry.UNGROUPED, subjects=drives)


def close_drives(
    *,
    drives: Sequence[Drive],
    conclusion: str,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Drive]:
    """Close special rectifications with a conclusion, keeping how much in them was still open."""
    if not conclusion.strip():
        sentence = _("Write the conclusion: what it put right, and what becomes of the rest.")
        raise CannotCloseDrive([Refusal(drive.record, sentence) for drive in drives])
    if not drives:
        return []
    counts = left_open(drive.pk for drive in drives)
    return move_records(
        drives,
        "close",
        actor=actor,
        now=now,
        error=CannotCloseDrive,
        changes={drive.pk: {"left_open": counts.get(drive.pk, 0)} for drive in drives},
        closed_on=drives[0].record.campaign.day_of(now),
        conclusion=conclusion.strip(),
    )
