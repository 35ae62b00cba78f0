"""Verifications are requested of inspectors, replaced, and concluded from what they find."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.ledger.operations import Writing, act
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
from guantong.records.rules import Obstacle
from guantong.rectification.entries import VerificationEntry
from guantong.rectification.models import Measure, Problem, Verification, VerificationItem
from guantong.rectification.queries import (
    Subject,
    inspectors_of,
    measures_of,
    subjects_of,
)
from guantong.rectification.rules import VERIFICATION, fits


class CannotRequestVerification(Refused):
    """It isn't claimed, one is under way, or the inspector named is no second person to it."""


class CannotReplaceVerifier(Refused):
    """The verification is concluded, no reason was given, or the new inspector won't do."""


class CannotVerify(Refused):
    """A finding or dated evidence is missing, the findings say otherwise, or four eyes are not."""


@dataclass(frozen=True)
class Item:
    """What was found of one measure, by its id, or of the criterion where none is named."""

    text: str
    is_met: bool = True
    measure: int | None = None


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
        _refuse_inspector(records, inspector, actor, today, CannotRequestVerification)
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
        _name(
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
        _refuse_inspector(records, inspector, actor, today, CannotReplaceVerifier)
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
        _name(
            [*records, *(p.record for p in problems.values())],
            [m for several in measures.values() for m in several],
            inspector,
            actor=actor,
            now=now,
        )
    return moved


def pass_verifications(
    *,
    verifications: Sequence[Verification],
    items: Mapping[int, Sequence[Item]],
    actor: Person | None,
    now: datetime.datetime,
) -> list[Verification]:
    """Find criterion and measures met: the measures are accepted and the problems verified."""
    return _conclude("pass", verifications, items, actor=actor, now=now)


def pass_verifications_partly(
    *,
    verifications: Sequence[Verification],
    items: Mapping[int, Sequence[Item]],
    actor: Person | None,
    now: datetime.datetime,
) -> list[Verification]:
    """Accept the measures found met, and return only what failed, with the problems."""
    return _conclude("pass_partly", verifications, items, actor=actor, now=now)


def fail_verifications(
    *,
    verifications: Sequence[Verification],
    items: Mapping[int, Sequence[Item]],
    actor: Person | None,
    now: datetime.datetime,
) -> list[Verification]:
    """Find the criterion not met: the problems and all measures that failed are returned."""
    return _conclude("fail", verifications, items, actor=actor, now=now)


def _conclude(
    name: str,
    verifications: Sequence[Verification],
    items: Mapping[int, Sequence[Item]],
    *,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Verification]:
    if not verifications:
        return []
    verdict = VERIFICATION.transition(name).target or ""
    today = verifications[0].record.campaign.day_of(now)
    with act(actor=actor, now=now) as writing:
        if actor is not None:
            _refuse_unappointed([v.record for v in verifications], actor, today, CannotVerify)
        subjects = subjects_of(verifications)
        _refuse_items(verdict, verifications, subjects, items)
        concluded = move_records(
            verifications,
            name,
            actor=actor,
            now=now,
            error=CannotVerify,
            concluded_on=today,
        )
        _keep_items(writing, verifications, items)
        _settle_measures(verdict, subjects, items, now=now)
        problems = [subjects[v.pk].problem for v in verifications]
        if verdict == "passed":
            move_records(problems, "verify", actor=None, now=now, error=CannotVerify)
        else:
            reasons = {
                subjects[v.pk].problem.pk: "\n".join(i.text for i in items[v.pk] if not i.is_met)
                for v in verifications
            }
            move_records(
                problems,
                "return_on_verification",
                actor=None,
                now=now,
                error=CannotVerify,
                reason=reasons,
            )
    return concluded


def _keep_items(
    writing: Writing,
    verifications: Sequence[Verification],
    items: Mapping[int, Sequence[Item]],
) -> None:
    writing.create(
        [
            VerificationItem(
                record=v.record, measure_id=item.measure, is_met=item.is_met, text=item.text.strip()
            )
            for v in verifications
            for item in items[v.pk]
        ],
        code=VerificationEntry.FOUND,
    )


def _settle_measures(
    verdict: str,
    subjects: Mapping[int, Subject],
    items: Mapping[int, Sequence[Item]],
    *,
    now: datetime.datetime,
) -> None:
    """Accept the measures that were met, unless all failed with the criterion; return the rest."""
    found = {i.measure: i for v in subjects for i in items[v] if i.measure is not None}
    claimed = [measure for subject in subjects.values() for measure in subject.claimed]
    failed = [measure for measure in claimed if not found[measure.pk].is_met]
    if failed:
        move_records(
            failed,
            "return_on_verification",
            actor=None,
            now=now,
            error=CannotVerify,
            reason={measure.pk: found[measure.pk].text for measure in failed},
        )
    met = [measure for measure in claimed if found[measure.pk].is_met]
    if met and verdict != "failed":
        move_records(met, "accept_on_verification", actor=None, now=now, error=CannotVerify)


def _refuse_items(
    verdict: str,
    verifications: Sequence[Verification],
    subjects: Mapping[int, Subject],
    items: Mapping[int, Sequence[Item]],
) -> None:
    """Raise CannotVerify where a finding is missing or the findings don't bear the verdict out."""
    refused = []
    for verification in verifications:
        subject = subjects[verification.pk]
        # What isn't claimed has nothing to be judged; the move itself says so.
        if verification.record.state != "requested" or subject.problem.record.state != "claimed":
            continue
        given = items.get(verification.pk, ())
        about = [item.measure for item in given if item.text.strip()]
        wanted = {None, *(measure.pk for measure in subject.claimed)}
        if len(about) != len(given) or set(about) != wanted or len(about) != len(wanted):
            sentence = _(
                "Write one finding for the criterion and one for each of these measures: "
                "%(measures)s."
            ) % {"measures": ", ".join(m.record.reference for m in subject.claimed)}
            refused.append(Refusal(verification.record, sentence))
        elif not fits(
            verdict,
            criterion=next(item.is_met for item in given if item.measure is None),
            measures=[item.is_met for item in given if item.measure is not None],
        ):
            sentence = {
                "passed": _("It passes only if the criterion and every measure are met."),
                "partial": _("It passes in part only if something is met and something isn't."),
                "failed": _("It fails only if the criterion isn't met."),
            }[verdict]
            refused.append(Refusal(verification.record, sentence))
    if refused:
        raise CannotVerify(refused)


def _refuse_inspector(
    records: Sequence[Record],
    inspector: Person,
    actor: Person | None,
    today: datetime.date,
    error: type[Refused],
) -> None:
    """Raise `error` where the person named is no second person, or no inspector over a record."""
    doing = are_doers(records, inspector, today)
    refused = []
    for record in records:
        if actor is not None and inspector.pk == actor.pk:
            sentence = _("Nobody names themselves. Name another inspector.")
            refused.append(Refusal(record, sentence))
        elif doing[record.pk]:
            transition = VERIFICATION.transition("pass")
            sentence = sentence_for(Obstacle.SECOND, VERIFICATION, transition, "requested")
            refused.append(Refusal(record, sentence))
    if refused:
        raise error(refused)
    _refuse_unappointed(records, inspector, today, error)


def _refuse_unappointed(
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


def _name(
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
