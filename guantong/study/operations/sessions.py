"""Series are opened; sessions are planned, held, cancelled."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign, Format, SessionFormat
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON, holds
from guantong.records.models import Record
from guantong.records.operations import (
    check_may_enter,
    move_records,
    name_partners,
    open_records,
)
from guantong.records.refusals import Refusal, Refused
from guantong.study.entries import StudyEntry
from guantong.study.models import Series, Session, SittingKind
from guantong.study.rules import PLANNED
from guantong.units.models import Unit

ENTERING = (LIAISON, COORDINATOR)


@dataclass(frozen=True)
class SeriesDraft:
    """What is said of one series that is to be opened."""

    campaign: Campaign
    unit: Unit
    name: str
    format: str = Format.READING_CLASS
    planned_sittings: int | None = None


@dataclass(frozen=True)
class SessionDraft:
    """What is said of one session; with `held_on` it is entered as held at once.

    `opened_on` is the day on which the plan was made; left out, it is the earliest day named, or
    today.
    """

    campaign: Campaign
    unit: Unit
    title: str
    format: str
    own_format: SessionFormat | None = None
    mode: str = ""
    series: Series | None = None
    sitting_number: int | None = None
    sitting_kind: str = SittingKind.ORDINARY
    planned_on: datetime.date | None = None
    held_on: datetime.date | None = None
    head_count: int | None = None
    place: str = ""
    materials: str = ""
    partners: Sequence[Unit] = ()
    owner: Person | None = None
    area: Area | None = None
    opened_on: datetime.date | None = None
    is_restricted: bool = False


class CannotOpenSeries(Refused):
    """The name is used in that unit, or the unit is none of the actor's."""


class CannotPlanSession(Refused):
    """The sitting is taken or has no series, or the unit is none of the actor's."""


class CannotHoldSession(Refused):
    """Day or head count is missing, or the day isn't over."""


class CannotCancelSession(Refused):
    """It was held, or nobody says why it is cancelled."""


def open_series(
    *, drafts: Sequence[SeriesDraft], actor: Person | None, now: datetime.datetime
) -> list[Series]:
    """Open series of sittings; a unit uses a name once in a campaign."""
    taken = set(
        Series.objects.filter(campaign__in={d.campaign.pk for d in drafts}).values_list(
            "campaign_id", "unit_id", "name"
        )
    )
    for draft in drafts:
        today = draft.campaign.day_of(now)
        if actor is not None and not holds(actor.grants(today), ENTERING, draft.unit.path):
            raise CannotOpenSeries(
                _("Only a liaison or coordinator over %(unit)s opens a series there.")
                % {"unit": draft.unit}
            )
        key = (draft.campaign.pk, draft.unit.pk, draft.name)
        if key in taken:
            raise CannotOpenSeries(
                _("%(unit)s has a series called “%(name)s”. Add sittings to it.")
                % {"unit": draft.unit, "name": draft.name}
            )
        taken.add(key)
    series = [
        Series(
            campaign=d.campaign,
            unit=d.unit,
            name=d.name,
            format=d.format,
            planned_sittings=d.planned_sittings,
        )
        for d in drafts
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(series, code=StudyEntry.SERIES_OPENED)
    return series


def plan_sessions(
    *, drafts: Sequence[SessionDraft], actor: Person | None, now: datetime.datetime
) -> list[Session]:
    """Plan sessions of units; those with a day on which they were held are entered as held."""
    if not drafts:
        return []
    today = drafts[0].campaign.day_of(now)
    sessions = [_session(draft, actor, today) for draft in drafts]
    check_may_enter(
        [session.record for session in sessions],
        actor=actor,
        roles=ENTERING,
        today=today,
        error=CannotPlanSession,
    )
    _check_formats(sessions)
    _check_sittings(sessions)
    with act(actor=actor, now=now) as writing:
        open_records(writing, sessions, code=StudyEntry.SESSION_PLANNED)
        partnered = [
            (session.record, unit)
            for session, draft in zip(sessions, drafts, strict=True)
            for unit in draft.partners
        ]
        if partnered:
            name_partners(named=partnered, actor=actor, now=now)
        held = {
            session.pk: {"held_on": draft.held_on, "head_count": draft.head_count}
            for session, draft in zip(sessions, drafts, strict=True)
            if draft.held_on is not None
        }
        if held:
            hold_sessions(
                sessions=[session for session in sessions if session.pk in held],
                changes=held,
                actor=actor,
                now=now,
            )
    return sessions


def hold_sessions(
    *,
    sessions: Sequence[Session],
    actor: Person | None,
    now: datetime.datetime,
    held_on: datetime.date | None = None,
    head_count: int | None = None,
    changes: Mapping[int, Mapping[str, Any]] | None = None,
) -> list[Session]:
    """Enter sessions as held, each with its day and its head count.

    Values for all are given once, or for each by its id in `changes`; each counts from its day.
    """
    if not sessions:
        return []
    today = sessions[0].record.campaign.day_of(now)
    values = {
        session.pk: {
            "held_on": held_on or today,
            "head_count": head_count,
            **(changes or {}).get(session.pk, {}),
        }
        for session in sessions
    }
    by_day: dict[datetime.date, list[Session]] = {}
    refused = []
    for session in sessions:
        if not values[session.pk]["head_count"]:
            refused.append(
                Refusal(session.record, _("Give the head count: how many people took part."))
            )
        by_day.setdefault(values[session.pk]["held_on"], []).append(session)
    if refused:
        raise CannotHoldSession(refused)
    with act(actor=actor, now=now):
        for day, held in sorted(by_day.items(), key=lambda item: item[0]):
            move_records(
                held,
                "hold",
                actor=actor,
                now=now,
                error=CannotHoldSession,
                occurred_on=day,
                changes={session.pk: values[session.pk] for session in held},
            )
    return list(sessions)


def cancel_sessions(
    *, sessions: Sequence[Session], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Session]:
    """Cancel planned sessions, with a reason."""
    return move_records(
        sessions, "cancel", actor=actor, now=now, reason=reason, error=CannotCancelSession
    )


def _session(draft: SessionDraft, actor: Person | None, today: datetime.date) -> Session:
    days = [day for day in (draft.planned_on, draft.held_on, today) if day is not None]
    record = Record(
        campaign=draft.campaign,
        kind="session",
        unit=draft.unit,
        title=draft.title,
        state=PLANNED,
        owner=draft.owner,
        author=actor,
        area=draft.area,
        opened_on=draft.opened_on or min(days),
        is_restricted=draft.is_restricted,
    )
    return Session(
        record=record,
        format=draft.format,
        own_format=draft.own_format,
        mode=draft.mode,
        series=draft.series,
        sitting_number=draft.sitting_number,
        sitting_kind=draft.sitting_kind,
        planned_on=draft.planned_on,
        place=draft.place,
        materials=draft.materials,
    )


def _check_formats(sessions: Sequence[Session]) -> None:
    """Refuse a format that is none of the usual ones, or another campaign's own."""
    refused = []
    for session in sessions:
        own = session.own_format
        if session.format not in Format.values:
            refused.append(Refusal(session.record, _("Say the format of the session.")))
        elif own is not None and own.campaign_id != session.record.campaign_id:
            sentence = _("“%(name)s” is a format of another campaign.") % {"name": own}
            refused.append(Refusal(session.record, sentence))
    if refused:
        raise CannotPlanSession(refused)


def _check_sittings(sessions: Sequence[Session]) -> None:
    """Refuse a sitting without a series, or with a number that another sitting of it has."""
    numbered = [s for s in sessions if s.sitting_number is not None]
    wanted = Counter((s.series_id, s.sitting_number) for s in numbered)
    there = set(
        Session.objects.filter(
            series__in={s.series_id for s in numbered if s.series_id}
        ).values_list("series_id", "sitting_number")
    )
    refused = []
    for session in numbered:
        key = (session.series_id, session.sitting_number)
        if session.series_id is None:
            refused.append(
                Refusal(session.record, _("A sitting has its number in a series: name the series."))
            )
        elif key in there or wanted[key] > 1:
            refused.append(
                Refusal(
                    session.record,
                    _("“%(series)s” has a sitting number %(number)s. Give this one another.")
                    % {"series": session.series, "number": session.sitting_number},
                )
            )
    if refused:
        raise CannotPlanSession(refused)
