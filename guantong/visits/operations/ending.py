"""Visits end without having been made: merged into another, cancelled, or not made."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.models import Link, LinkKind, Part
from guantong.records.operations import (
    link_records,
    move_records,
    name_participants,
    name_partners,
)
from guantong.records.refusals import Refusal, Refused
from guantong.visits.entries import VisitEntry
from guantong.visits.models import Visit
from guantong.visits.queries import teams_of
from guantong.visits.rules import CLEARED, DRAFT


class CannotMergeVisits(Refused):
    """The other visit goes elsewhere, is over, or one of the two is unannounced."""


class CannotCancelVisits(Refused):
    """It has been made, or nobody says why it is cancelled."""


class CannotEnterNotMade(Refused):
    """It has been made, or nobody says why it was not."""


def merge_visits(
    *,
    visits: Sequence[Visit],
    into: Visit,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> list[Visit]:
    """Merge visits into one to the same site (联合调研): teams, units and occasions join it."""
    refused = [
        Refusal(visit.record, sentence) for visit in visits if (sentence := _against(visit, into))
    ]
    if refused:
        raise CannotMergeVisits(refused)
    with act(actor=actor, now=now) as writing:
        merged = move_records(
            visits, "merge", actor=actor, now=now, reason=reason, error=CannotMergeVisits
        )
        link_records(
            pairs=[(visit.record, into.record) for visit in visits],
            kind=LinkKind.MERGED_INTO,
            actor=actor,
            now=now,
        )
        occasions = Link.objects.filter(
            target__in=[visit.pk for visit in visits], kind=LinkKind.FIELDWORK
        ).select_related("source")
        link_records(
            pairs=[(link.source, into.record) for link in occasions],
            kind=LinkKind.FIELDWORK,
            actor=actor,
            now=now,
        )
        teams = teams_of([visit.pk for visit in visits])
        joining = {person.pk: person for team in teams.values() for person in team}
        name_participants(
            named=[(into.record, person) for person in joining.values()],
            part=Part.RESEARCHER,
            actor=actor,
            now=now,
        )
        name_partners(
            named=[
                (into.record, visit.record.unit)
                for visit in visits
                if visit.record.unit_id != into.record.unit_id
            ],
            actor=actor,
            now=now,
        )
        if not into.is_led and any(person.is_leader for person in joining.values()):
            writing.update([into], code=VisitEntry.CHANGED, is_led=True)
    return merged


def cancel_visits(
    *, visits: Sequence[Visit], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Visit]:
    """Cancel visits before they are made, with a reason."""
    return move_records(
        visits, "cancel", actor=actor, now=now, reason=reason, error=CannotCancelVisits
    )


def enter_visits_not_made(
    *, visits: Sequence[Visit], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Visit]:
    """Enter that visits were planned and not made, with a reason."""
    return move_records(
        visits, "enter_not_made", actor=actor, now=now, reason=reason, error=CannotEnterNotMade
    )


def _against(visit: Visit, into: Visit) -> str:
    if into.pk == visit.pk:
        return _("A visit can't be merged into itself.")
    if into.record.campaign_id != visit.record.campaign_id or into.site_id != visit.site_id:
        return _("Visits to one site are merged; %(visit)s goes elsewhere.") % {
            "visit": into.record
        }
    if into.record.is_hidden or visit.record.is_hidden:
        return _("An unannounced visit is cancelled, not merged: a merge would make it known.")
    if into.record.state not in (DRAFT, CLEARED):
        return _("%(visit)s is no longer ahead. Choose one that is.") % {"visit": into.record}
    return ""
