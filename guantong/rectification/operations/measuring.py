"""Measures are carried out, claimed, judged, replaced and given more time."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from guantong.evidence.operations import Upload, attach_files
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations import move_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.rectification.entries import MeasureEntry
from guantong.rectification.models import Measure, Problem, ProgressNote
from guantong.rectification.operations.assigning import extend_records
from guantong.rectification.operations.planning import claim_problems


class CannotNoteProgress(Refused):
    """The measure has ended, there is no text, or it isn't the actor's to report on."""


class CannotClaimMeasure(Refused):
    """It isn't approved, has no dated evidence, or isn't the actor's to claim."""


class CannotAcceptMeasure(Refused):
    """It isn't claimed, hangs from a problem, or the actor is no second person to it."""


class CannotReturnMeasure(Refused):
    """It isn't claimed, or the actor neither coordinates nor inspects it, or gave no reason."""


class CannotEndMeasure(Refused):
    """It is accepted or its problem is being judged, or it isn't the head who says so and why."""


def note_progress(
    *,
    measures: Sequence[Measure],
    text: str | Mapping[int, str],
    actor: Person | None,
    now: datetime.datetime,
    noted_on: datetime.date | None = None,
) -> list[ProgressNote]:
    """Write down what was done on measures, the same on all or by id, by today or before."""
    if not measures:
        return []
    today = measures[0].record.campaign.day_of(now)
    day = noted_on or today
    texts = text if isinstance(text, Mapping) else dict.fromkeys((m.pk for m in measures), text)
    refused = [
        Refusal(measure.record, _("Write what was done."))
        for measure in measures
        if not texts[measure.pk].strip()
    ]
    if day > today:
        sentence = _("%(day)s is in the future.") % {"day": day_in_words(day)}
        refused += [Refusal(measure.record, sentence) for measure in measures]
    if refused:
        raise CannotNoteProgress(refused)
    notes = [
        ProgressNote(record=m.record, text=texts[m.pk].strip(), noted_on=day, author=actor)
        for m in measures
    ]
    with act(actor=actor, now=now) as writing:
        move_records(measures, "note_progress", actor=actor, now=now, error=CannotNoteProgress)
        writing.create(notes, code=MeasureEntry.PROGRESSED, effective_on=day)
    return notes


def claim_measures(
    *,
    measures: Sequence[Measure],
    actor: Person | None,
    now: datetime.datetime,
    completed_on: datetime.date | None = None,
    uploads: Sequence[Upload] = (),
    applies_for: Sequence[Problem] = (),
) -> list[Measure]:
    """Claim that measures are carried out, on evidence; nobody has judged them yet.

    Files may come with the claim, and so may the application for closure of problems that they
    were the last measures of; all in the same act, or not at all.
    """
    if not measures:
        return []
    today = measures[0].record.campaign.day_of(now)
    if completed_on and completed_on > today:
        sentence = _("%(day)s is in the future.") % {"day": day_in_words(completed_on)}
        raise CannotClaimMeasure([Refusal(m.record, sentence) for m in measures])
    day = completed_on or today
    dated = [upload if upload.dated_on else replace(upload, dated_on=day) for upload in uploads]
    with act(actor=actor, now=now):
        for measure in measures if dated else ():
            attach_files(record=measure.record, uploads=dated, actor=actor, now=now)
        claimed = move_records(
            measures,
            "claim",
            actor=actor,
            now=now,
            error=CannotClaimMeasure,
            completed_on=day,
        )
        if applies_for:
            claim_problems(problems=applies_for, actor=actor, now=now)
        return claimed


def accept_measures(
    *,
    measures: Sequence[Measure],
    actor: Person | None,
    now: datetime.datetime,
    paper: Paper | None = None,
) -> list[Measure]:
    """Accept claimed measures that no problem stands behind; a second person does it."""
    return move_records(
        measures, "accept", actor=actor, now=now, error=CannotAcceptMeasure, paper=paper
    )


def return_measures(
    *, measures: Sequence[Measure], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Measure]:
    """Send claimed measures back for more work."""
    return move_records(
        measures, "return", actor=actor, now=now, error=CannotReturnMeasure, reason=reason
    )


def supersede_measures(
    *,
    measures: Sequence[Measure],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Measure]:
    """End measures that another one has taken the place of."""
    return move_records(
        measures,
        "supersede",
        actor=actor,
        now=now,
        error=CannotEndMeasure,
        reason=reason,
        paper=paper,
    )


def withdraw_measures(
    *,
    measures: Sequence[Measure],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Measure]:
    """End measures that won't be carried out."""
    return move_records(
        measures,
        "withdraw",
        actor=actor,
        now=now,
        error=CannotEndMeasure,
        reason=reason,
        paper=paper,
    )


def extend_measures(
    *,
    measures: Sequence[Measure],
    due_on: datetime.date,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Measure]:
    """Give measures more time; the original due day stays."""
    return extend_records(measures, due_on=due_on, actor=actor, now=now, reason=reason, paper=paper)
