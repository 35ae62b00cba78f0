"""Verifications are concluded from what the inspector found of criterion and measures."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guantong.ledger.operations import Writing, act
from guantong.people.models import Person
from guantong.records.operations import (
    move_records,
)
from guantong.records.refusals import Refusal, Refused
from guantong.rectification.entries import VerificationEntry
from guantong.rectification.models import Verification, VerificationItem
from guantong.rectification.operations.requesting import refuse_unappointed
from guantong.rectification.queries import (
    Subject,
    subjects_of,
)
from guantong.rectification.rules import VERIFICATION, fits


class CannotVerify(Refused):
    """A finding or dated evidence is missing, the findings say otherwise, or four eyes are not."""


@dataclass(frozen=True)
class Item:
    """What was found of one measure, by its id, or of the criterion where none is named."""

    text: str
    is_met: bool = True
    measure: int | None = None


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
            refuse_unappointed([v.record for v in verifications], actor, today, CannotVerify)
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
                subjects[v.pk].problem.pk: "\n".join(
                    dict.fromkeys(i.text for i in items[v.pk] if not i.is_met)
                )
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
