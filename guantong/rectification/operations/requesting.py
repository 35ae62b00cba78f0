"""Verifications are requested of inspectors, and given to others."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import INSPECTOR, holds
from guantong.records.models import LinkKind, Part, Record
from guantong.records.operations import (
    link_records,
    move_records,
    name_participants,
    open_records,
    remove_participants,
)
from guantong.records.queries import are_doers
from guantong.records.refusals import Refusal, Refused, sentence_for
from guantong.records.rules import Lifecycle, Obstacle
from guantong.rectification.entries import VerificationEntry
from guantong.rectification.models import Measure, Problem, Verification
from guantong.rectification.queries import (
    inspectors_of,
    measures_of,
    subjects_of,
)
from guantong.rectification.rules import VERIFICATION


class CannotRequestVerification(Refused):
    """It isn't claimed, one is under way, or the inspector named is no second person to it."""


class CannotReplaceVerifier(Refused):
    """The verification is concluded, no reason was given, or the new inspector won't do."""


def request_verifications(
    *,
    problems: Sequence[Problem],
    inspector: Person,
    actor: Person | None,
    now: datetime.datetime,
    due_on: datetime.date | None = None,
) -> list[Verification]:
    """Name an inspector to verify claimed problems: a second person to each of them (rule 1)."""
    if not problems:
        return []
    prefetch_related_objects(problems, "record__unit", "record__campaign")
    today = problems[0].record.campaign.day_of(now)
    with act(actor=actor, now=now) as writing:
        move_records(
            problems,
            "request_verification",
            actor=actor,
            now=now,
            error=CannotRequestVerification,
        )
        records = [problem.record for problem in problems]
        refuse_inspector(records, inspector, actor, today, CannotRequestVerification)
        verifications = [
            Verification(
                record=Record(
                    campaign=record.campaign,
                    kind=VERIFICATION.kind,
                    unit=record.unit,
                    title=record.title,
                    state=VERIFICATION.initial,
                    author=actor,
                    area=record.area,
                    opened_on=today,
                    due_on=due_on,
                    is_priority=record.is_priority,
                    is_restricted=record.is_restricted,
                )
            )
            for record in records
        ]
        open_records(writing, verifications, code=VerificationEntry.REQUESTED)
        link_records(
            pairs=list(zip(records, (v.record for v in verifications), strict=True)),
            kind=LinkKind.VERIFIED_BY,
            actor=actor,
            now=now,
        )
        measures = measures_of([problem.pk for problem in problems])
        name_inspector(
            [*records, *(v.record for v in verifications)],
            [m for several in measures.values() for m in several],
            inspector,
            actor=actor,
            now=now,
        )
    return verifications


def replace_verifiers(
    *,
    verifications: Sequence[Verification],
    inspector: Person,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> list[Verification]:
    """Name another inspector for verifications under way; the one before loses the part."""
    if not verifications:
        return []
    today = verifications[0].record.campaign.day_of(now)
    with act(actor=actor, now=now, reason=reason):
        moved = move_records(
            verifications,
            "replace_verifier",
            actor=actor,
            now=now,
            error=CannotReplaceVerifier,
            reason=reason,
        )
        records = [v.record for v in verifications]
        refuse_inspector(records, inspector, actor, today, CannotReplaceVerifier)
        problems = {v: s.problem for v, s in subjects_of(verifications).items()}
        measures = measures_of([p.pk for p in problems.values()])
        judged = {v: [v, p.pk, *(m.pk for m in measures[p.pk])] for v, p in problems.items()}
        parts = inspectors_of(one for several in judged.values() for one in several)
        gone = {v: {part.person_id for part in parts[v]} for v in judged}
        removed = [
            part
            for verification, several in judged.items()
            for one in several
            for part in parts[one]
            if part.person_id in gone[verification]
        ]
        remove_participants(participants=removed, actor=actor, now=now, reason=reason)
        name_inspector(
            [*records, *(p.record for p in problems.values())],
            [m for several in measures.values() for m in several],
            inspector,
            actor=actor,
            now=now,
        )
    return moved


def refuse_inspector(
    records: Sequence[Record],
    inspector: Person,
    actor: Person | None,
    today: datetime.date,
    error: type[Refused],
    judging: tuple[Lifecycle, str] = (VERIFICATION, "pass"),
) -> None:
    """Raise `error` where the person named is no second person, or no inspector over a record.

    `judging` is the lifecycle and the transition that the person is named to make.
    """
    doing = are_doers(records, inspector, today)
    refused = []
    for record in records:
        if actor is not None and inspector.pk == actor.pk:
            sentence = _("Nobody names themselves. Name another inspector.")
            refused.append(Refusal(record, sentence))
        elif doing[record.pk]:
            lifecycle, name = judging
            transition = lifecycle.transition(name)
            sentence = sentence_for(Obstacle.SECOND, lifecycle, transition, lifecycle.initial)
            refused.append(Refusal(record, sentence))
    if refused:
        raise error(refused)
    refuse_unappointed(records, inspector, today, error)


def refuse_unappointed(
    records: Sequence[Record], person: Person, today: datetime.date, error: type[Refused]
) -> None:
    """Raise `error` where a person holds no inspector's appointment over a record's unit today."""
    prefetch_related_objects(records, "unit")
    grants = person.grants(today)
    sentence = _("%(person)s is not appointed as inspector over %(unit)s.")
    refused = [
        Refusal(record, sentence % {"person": person.name, "unit": record.unit.name})
        for record in records
        if not holds(grants, [INSPECTOR], record.unit.path)
    ]
    if refused:
        raise error(refused)


def name_inspector(
    records: Sequence[Record],
    measures: Sequence[Measure],
    inspector: Person,
    *,
    actor: Person | None,
    now: datetime.datetime,
) -> None:
    """Give the inspector the part on all that is to be judged, which also lets it be seen."""
    judged = [*records, *(measure.record for measure in measures)]
    name_participants(
        named=[(record, inspector) for record in judged],
        part=Part.INSPECTOR,
        actor=actor,
        now=now,
    )
