"""Problems are closed, and reopened; every closure is kept."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations import move_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.rectification.entries import ProblemEntry
from guantong.rectification.models import Closure, Problem


class CannotCloseProblem(Refused):
    """Criterion, dated evidence, passed verification or determination is missing (rule 2)."""


class CannotReopenProblem(Refused):
    """It hasn't ended, or the actor neither coordinates nor inspects it, or gave no reason."""


def close_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    determination: str,
    paper: Paper | None = None,
) -> list[Problem]:
    """Close verified problems with a written determination, which stays whatever comes after."""
    if not determination.strip():
        sentence = _("Write the determination: what was found, and why that settles it.")
        raise CannotCloseProblem([Refusal(p.record, sentence) for p in problems])
    if not problems:
        return []
    day = paper.on if paper else problems[0].record.campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=day) as writing:
        closed = move_records(
            problems,
            "close",
            actor=actor,
            now=now,
            error=CannotCloseProblem,
            paper=paper,
            closed_on=day,
        )
        closed_by = paper.by if paper else getattr(actor, "pk", None)
        writing.create(
            [
                Closure(
                    record=problem.record,
                    closed_on=day,
                    determination=determination.strip(),
                    closed_by_id=closed_by,
                )
                for problem in problems
            ],
            code=ProblemEntry.CLOSURE_KEPT,
        )
    return closed


def reopen_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Problem]:
    """Open problems again that had ended; their closures stay, marked as undone on this day."""
    if not problems:
        return []
    day = paper.on if paper else problems[0].record.campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=day, reason=reason) as writing:
        reopened = move_records(
            problems,
            "reopen",
            actor=actor,
            now=now,
            error=CannotReopenProblem,
            reason=reason,
            paper=paper,
        )
        standing = Closure.objects.filter(record__in=[p.pk for p in problems], undone_on=None)
        writing.update(standing, code=ProblemEntry.CLOSURE_UNDONE, undone_on=day)
    return reopened
