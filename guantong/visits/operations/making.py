"""Visits are made, registered late, and written up."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations import give_references, move_records
from guantong.records.refusals import Refusal, Refused
from guantong.visits.models import Visit
from guantong.visits.queries import not_begun, teams_of
from guantong.visits.rules import CLEARED


class CannotMakeVisits(Refused):
    """It isn't cleared, or its first day is still to come."""


class CannotRegisterVisitsLate(Refused):
    """Its first day is still to come, or nobody says why it is late."""


class CannotWriteUpVisits(Refused):
    """There are no notes, or the visit isn't the actor's."""


def make_visits(
    *,
    visits: Sequence[Visit],
    actor: Person | None,
    now: datetime.datetime,
    made_on: datetime.date | None = None,
    visitor_days: Decimal | None = None,
    host_hours: Decimal | None = None,
) -> list[Visit]:
    """Enter visits as made: its team, once it has begun; what was unannounced becomes known.

    Visitor-days that nobody gives are the team's days on the site.
    """
    if not visits:
        return []
    day = made_on or visits[0].record.campaign.day_of(now)
    _check_begun([v for v in visits if v.record.state == CLEARED], day, CannotMakeVisits)
    with act(actor=actor, now=now):
        return move_records(
            visits,
            "make",
            actor=actor,
            now=now,
            occurred_on=made_on,
            error=CannotMakeVisits,
            changes=what_they_took(visits, visitor_days, host_hours),
        )


def register_visits_late(
    *, visits: Sequence[Visit], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Visit]:
    """Enter drafts as made that were never cleared (补登), with a reason; they count apart."""
    if not visits:
        return []
    today = visits[0].record.campaign.day_of(now)
    _check_begun(visits, today, CannotRegisterVisitsLate)
    with act(actor=actor, now=now):
        made = what_they_took(visits, None, None)
        return move_records(
            visits,
            "register_late",
            actor=actor,
            now=now,
            reason=reason,
            error=CannotRegisterVisitsLate,
            changes={pk: {**values, "is_late": True} for pk, values in made.items()},
        )


def write_up_visits(
    *, visits: Sequence[Visit], actor: Person | None, now: datetime.datetime, notes: str = ""
) -> list[Visit]:
    """Write visits up: its team, from notes."""
    bare = [
        Refusal(visit.record, _("Write what was seen and heard: a visit is written up from notes."))
        for visit in visits
        if not (notes.strip() or visit.notes.strip())
    ]
    if bare:
        raise CannotWriteUpVisits(bare)
    values: dict[str, Any] = {"notes": notes.strip()} if notes.strip() else {}
    return move_records(
        visits,
        "write_up",
        actor=actor,
        now=now,
        error=CannotWriteUpVisits,
        changes={visit.pk: values for visit in visits},
    )


def _check_begun(visits: Sequence[Visit], day: datetime.date, error: type[Refused]) -> None:
    coming = not_begun(visits, day)
    if coming:
        raise error([Refusal(v.record, coming[v.pk]) for v in visits if v.pk in coming])


def what_they_took(
    visits: Sequence[Visit], visitor_days: Decimal | None, host_hours: Decimal | None
) -> dict[int, dict[str, Any]]:
    """Return what each visit gets when it is made: what it took, and a reference if it had none."""
    teams = teams_of([visit.pk for visit in visits])
    hidden = [visit.record for visit in visits if visit.record.is_hidden]
    give_references(hidden)
    revealed = {r.pk: {"reference": r.reference, "is_hidden": False} for r in hidden}
    found: dict[int, dict[str, Any]] = {}
    for visit in visits:
        days = (visit.ends_on - visit.starts_on).days + 1
        given = visitor_days if visitor_days is not None else visit.visitor_days
        values: dict[str, Any] = dict(revealed.get(visit.pk, {}))
        values["visitor_days"] = Decimal(len(teams[visit.pk]) * days) if given is None else given
        if host_hours is not None:
            values["host_hours"] = host_hours
        found[visit.pk] = values
    return found
