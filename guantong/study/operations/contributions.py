"""Who contributed to a session, and who was there where the unit wants names."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON
from guantong.records.models import Record
from guantong.records.operations import check_may_enter
from guantong.records.refusals import Refusal, Refused
from guantong.study.entries import StudyEntry
from guantong.study.models import Attendance, Contribution, Presence, Session
from guantong.study.rules import HELD

ENTERING = (LIAISON, COORDINATOR)


@dataclass(frozen=True)
class ContributionDraft:
    """Who contributed what to which session; a person, or a name of somebody not registered."""

    session: Session
    sort: str
    person: Person | None = None
    name: str = ""
    cohort: str = ""
    topic: str = ""


@dataclass(frozen=True)
class AttendanceDraft:
    """Who was at which session or not; a person, or a name of somebody not registered."""

    session: Session
    person: Person | None = None
    name: str = ""
    number: str = ""
    presence: str = Presence.PRESENT


class CannotEnterContribution(Refused):
    """Nobody is named, the session wasn't held, or it is none of the actor's."""


class CannotNameAttendance(Refused):
    """Nobody is named, the session wasn't held, or it is none of the actor's."""


def enter_contributions(
    *, drafts: Sequence[ContributionDraft], actor: Person | None, now: datetime.datetime
) -> list[Contribution]:
    """Enter who guided the reading, spoke or shared experience in sessions that were held."""
    _check(drafts, actor, now, CannotEnterContribution)
    rows = [
        Contribution(
            session=d.session,
            person=d.person,
            name=d.name.strip(),
            sort=d.sort,
            cohort=d.cohort,
            topic=d.topic,
        )
        for d in drafts
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(rows, code=StudyEntry.CONTRIBUTION_ENTERED)
    return rows


def remove_contributions(
    *,
    contributions: Sequence[Contribution],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> None:
    """Take contributions that were never made out again, with a reason; the ledger keeps them."""
    sessions = [contribution.session for contribution in contributions]
    _check_removal(sessions, actor, now, reason, CannotEnterContribution)
    with act(actor=actor, now=now, reason=reason) as writing:
        writing.remove(contributions, code=StudyEntry.CONTRIBUTION_REMOVED)


def name_attendances(
    *, drafts: Sequence[AttendanceDraft], actor: Person | None, now: datetime.datetime
) -> list[Attendance]:
    """Name who was at sessions that were held; who is named already stays named once."""
    _check(drafts, actor, now, CannotNameAttendance)
    there: set[tuple[int, int | None, str]] = set(
        Attendance.objects.filter(session__in={d.session.pk for d in drafts}).values_list(
            "session_id", "person_id", "name"
        )
    )
    rows = []
    for draft in drafts:
        name = "" if draft.person else draft.name.strip()
        key = (draft.session.pk, draft.person.pk if draft.person else None, name)
        if key not in there:
            there.add(key)
            rows.append(
                Attendance(
                    session=draft.session,
                    person=draft.person,
                    name=name,
                    number=draft.number,
                    presence=draft.presence,
                )
            )
    with act(actor=actor, now=now) as writing:
        writing.create(rows, code=StudyEntry.ATTENDANCE_NAMED)
    return rows


def correct_attendances(
    *,
    attendances: Sequence[Attendance],
    changes: Mapping[int, Mapping[str, Any]],
    actor: Person | None,
    now: datetime.datetime,
) -> None:
    """Correct how it is noted that persons were at sessions; `changes` gives fields by id."""
    records = [attendance.session.record for attendance in attendances]
    _check_entering(records, actor, now, CannotNameAttendance)
    with act(actor=actor, now=now) as writing:
        writing.update(attendances, code=StudyEntry.ATTENDANCE_CORRECTED, changes=changes)


def remove_attendances(
    *, attendances: Sequence[Attendance], actor: Person | None, now: datetime.datetime, reason: str
) -> None:
    """Take names of persons who weren't there out again, with a reason; the ledger keeps them."""
    sessions = [attendance.session for attendance in attendances]
    _check_removal(sessions, actor, now, reason, CannotNameAttendance)
    with act(actor=actor, now=now, reason=reason) as writing:
        writing.remove(attendances, code=StudyEntry.ATTENDANCE_REMOVED)


def contribute(
    *,
    sessions: Sequence[Session],
    sort: str,
    actor: Person | None,
    now: datetime.datetime,
    speaker: Person | None = None,
    name: str = "",
    cohort: str = "",
    topic: str = "",
) -> list[Contribution]:
    """Enter one person's contribution to sessions that were held."""
    name = "" if speaker else name
    drafts = [ContributionDraft(one, sort, speaker, name, cohort, topic) for one in sessions]
    return enter_contributions(drafts=drafts, actor=actor, now=now)


def name_present(
    *,
    sessions: Sequence[Session],
    names: Sequence[str],
    actor: Person | None,
    now: datetime.datetime,
) -> list[Attendance]:
    """Name who was at sessions that were held, as far as the unit wants names."""
    drafts = [AttendanceDraft(one, name=name) for one in sessions for name in names]
    return name_attendances(drafts=drafts, actor=actor, now=now)


def take_names_out(
    *,
    sessions: Sequence[Session],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    contributions: Sequence[Contribution] = (),
    attendances: Sequence[Attendance] = (),
) -> None:
    """Take contributions and names out of sessions again, with a reason; the ledger keeps them."""
    ids = {session.pk for session in sessions}
    named = {c.session_id for c in contributions} | {a.session_id for a in attendances}
    if named - ids:
        raise CannotNameAttendance(
            [Refusal(one.record, _("That belongs to another session.")) for one in sessions]
        )
    with act(actor=actor, now=now, reason=reason):
        remove_contributions(contributions=contributions, actor=actor, now=now, reason=reason)
        remove_attendances(attendances=attendances, actor=actor, now=now, reason=reason)


def _check(
    drafts: Sequence[ContributionDraft] | Sequence[AttendanceDraft],
    actor: Person | None,
    now: datetime.datetime,
    error: type[Refused],
) -> None:
    """Refuse drafts that name nobody, or whose session wasn't held or is none of the actor's."""
    if not drafts:
        return
    _check_entering([draft.session.record for draft in drafts], actor, now, error)
    refused = []
    for draft in drafts:
        record = draft.session.record
        if record.state != HELD:
            refused.append(Refusal(record, _("Enter the session as held first.")))
        elif draft.person is None and not draft.name.strip():
            refused.append(Refusal(record, _("Name the person.")))
    if refused:
        raise error(refused)


def _check_entering(
    records: Sequence[Record],
    actor: Person | None,
    now: datetime.datetime,
    error: type[Refused],
) -> None:
    """Refuse sessions that are none of the actor's to enter; each is asked about once."""
    if not records:
        return
    each = list({record.pk: record for record in records}.values())
    today = each[0].campaign.day_of(now)
    check_may_enter(each, actor=actor, roles=ENTERING, today=today, error=error)


def _check_removal(
    sessions: Sequence[Session],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    error: type[Refused],
) -> None:
    if not sessions:
        return
    records = [session.record for session in sessions]
    _check_entering(records, actor, now, error)
    if not reason.strip():
        raise error([Refusal(records[0], _("Say in a sentence why this is taken out."))])
