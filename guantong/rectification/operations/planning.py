"""Units set the measures of their problems and claim the problems done; judges return them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations import move_records
from guantong.records.refusals import Refused
from guantong.records.rules import Paper
from guantong.rectification.entries import ProblemEntry
from guantong.rectification.models import Measure, Problem


class CannotApproveMeasure(Refused):
    """It isn't proposed, or the actor isn't head of its unit, or wrote or owns it."""


class CannotPlanProblem(Refused):
    """Criterion, root cause or an approved measure is missing, or it isn't the head who decides."""


class CannotClaimProblem(Refused):
    """A measure isn't claimed, or the claim isn't the actor's to make."""


class CannotReturnProblem(Refused):
    """It isn't claimed, or the actor neither coordinates nor inspects it, or gave no reason."""


def approve_measures(
    *,
    measures: Sequence[Measure],
    actor: Person | None,
    now: datetime.datetime,
    paper: Paper | None = None,
) -> list[Measure]:
    """Approve proposed measures; nobody approves what they wrote or own."""
    return move_records(
        measures, "approve", actor=actor, now=now, error=CannotApproveMeasure, paper=paper
    )


def plan_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    closure_criterion: str = "",
    root_cause: str = "",
    approve: Sequence[Measure] = (),
    paper: Paper | None = None,
) -> list[Problem]:
    """Settle what is done about problems and by what they'll be judged; texts not given stay.

    Measures that are to be approved with that are, or nothing is done (`CannotApproveMeasure`).
    """
    given = {"closure_criterion": closure_criterion, "root_cause": root_cause}
    texts: dict[str, Any] = {name: text for name, text in given.items() if text.strip()}
    before = {p.pk: {name: getattr(p, name) for name in texts} for p in problems}
    _say(problems, {p.pk: texts for p in problems})
    try:
        with act(actor=actor, now=now) as writing:
            approve_measures(measures=approve, actor=actor, now=now, paper=paper)
            moved = move_records(
                problems, "plan", actor=actor, now=now, error=CannotPlanProblem, paper=paper
            )
            if texts:
                writing.update(problems, code=ProblemEntry.CRITERION_SET, **texts)
    except Refused:
        _say(problems, before)
        raise
    return moved


def _say(problems: Sequence[Problem], texts: dict[int, dict[str, str]]) -> None:
    """Put texts on the problems at hand, where what planning needs looks for them."""
    for problem in problems:
        for name, text in texts[problem.pk].items():
            setattr(problem, name, text)


def claim_problems(
    *, problems: Sequence[Problem], actor: Person | None, now: datetime.datetime
) -> list[Problem]:
    """Say that problems are dealt with, all their measures being claimed; nobody has judged yet."""
    return move_records(problems, "claim", actor=actor, now=now, error=CannotClaimProblem)


def return_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Problem]:
    """Send problems back to their units; their measures stay as they are."""
    return move_records(
        problems,
        "return",
        actor=actor,
        now=now,
        error=CannotReturnProblem,
        reason=reason,
        paper=paper,
    )
