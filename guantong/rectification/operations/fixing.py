"""Small problems are fixed at once and reported done, for a second person to verify (立行立改)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from guantong.evidence.operations import Upload, attach_files
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations import open_records
from guantong.records.refusals import Refusal, Refused
from guantong.rectification.entries import MeasureEntry, ProblemEntry
from guantong.rectification.models import MeasureKind, Problem
from guantong.rectification.operations.identifying import (
    ProblemDraft,
    connect_problems,
    problem_from,
    refuse_problem_drafts,
)
from guantong.rectification.operations.proposing import (
    MeasureDraft,
    connect_measures,
    measure_from,
)
from guantong.rectification.rules import SEVERITIES_WITHOUT_CAUSE


class CannotReportFixed(Refused):
    """What was done, its evidence, the criterion or, above low severity, the cause is lacking."""


@dataclass(frozen=True)
class FixedProblemDraft:
    """One problem, what was done about it, on which day, and the files that show it."""

    problem: ProblemDraft
    measure: str
    uploads: Sequence[Upload]
    description: str = ""
    completed_on: datetime.date | None = None


def report_fixed_problems(
    *, drafts: Sequence[FixedProblemDraft], actor: Person | None, now: datetime.datetime
) -> list[Problem]:
    """Enter problems with a finished measure and its evidence, already claimed, in one act.

    Where nobody says since when a problem was known, it was on the day that it was put right.
    """
    drafts = [_known_by_then(draft) for draft in drafts]
    refuse_problem_drafts([draft.problem for draft in drafts], actor=actor, now=now)
    refused = [Refusal(None, sentence) for draft in drafts for sentence in _lacking(draft, now)]
    if refused:
        raise CannotReportFixed(refused)
    problems = [problem_from(d.problem, actor=actor, now=now, state="claimed") for d in drafts]
    with act(actor=actor, now=now) as writing:
        open_records(writing, problems, code=ProblemEntry.FIXED)
        connect_problems(problems, [d.problem for d in drafts], actor=actor, now=now)
        measure_drafts = [
            MeasureDraft(
                title=draft.measure,
                problem=problem,
                measure_kind=MeasureKind.IMMEDIATE.value,
                description=draft.description,
                owner=problem.record.owner,
                due_on=problem.record.due_on,
                opened_on=problem.record.opened_on,
            )
            for problem, draft in zip(problems, drafts, strict=True)
        ]
        measures = [measure_from(d, actor=actor, now=now, state="claimed") for d in measure_drafts]
        for measure, draft in zip(measures, drafts, strict=True):
            measure.completed_on = draft.completed_on or measure.record.opened_on
        open_records(writing, measures, code=MeasureEntry.FIXED)
        connect_measures(measures, measure_drafts, actor=actor, now=now)
        for measure, draft in zip(measures, drafts, strict=True):
            day = measure.completed_on
            uploads = [u if u.dated_on else replace(u, dated_on=day) for u in draft.uploads]
            attach_files(record=measure.record, uploads=uploads, actor=actor, now=now)
    return problems


def _known_by_then(draft: FixedProblemDraft) -> FixedProblemDraft:
    problem = draft.problem
    if draft.completed_on is None or problem.identified_on or problem.opened_on:
        return draft
    return replace(draft, problem=replace(problem, identified_on=draft.completed_on))


def _lacking(draft: FixedProblemDraft, now: datetime.datetime) -> list[str]:
    problem = draft.problem
    lacking = []
    if not draft.measure.strip():
        lacking.append(_("Write what was done about it."))
    if not draft.uploads:
        lacking.append(_("Add evidence that shows what was done: a second person judges by it."))
    if not problem.closure_criterion.strip():
        lacking.append(_("It has no closure criterion. Write by what it will be judged."))
    if problem.severity not in SEVERITIES_WITHOUT_CAUSE and not problem.root_cause.strip():
        lacking.append(
            _("It has no root cause. Write why it came to be; only at low severity may it wait.")
        )
    if draft.completed_on and draft.completed_on > problem.campaign.day_of(now):
        lacking.append(_("%(day)s is in the future.") % {"day": day_in_words(draft.completed_on)})
    elif (
        draft.completed_on and problem.identified_on and draft.completed_on < problem.identified_on
    ):
        lacking.append(
            _("It can't have been put right before it was identified, on %(day)s.")
            % {"day": day_in_words(problem.identified_on)}
        )
    return lacking
