"""Problems end otherwise than by being put right, each ending with its reason (rule 3)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.models import LinkKind
from guantong.records.operations import link_records, move_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.rectification.models import Problem
from guantong.rectification.rules import ENDED


class CannotEndProblem(Refused):
    """The ending takes a higher authority and a reason, and the problem must be open."""


class CannotMergeProblem(Refused):
    """Measures are set, it would merge into itself or an ended one, or it isn't the coordinator."""


class CannotVoidProblem(Refused):
    """Measures are set already, no reason was given, or it isn't the coordinator."""


def end_unimplemented_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Problem]:
    """End problems that won't be put right; a higher authority says so and why."""
    return move_records(
        problems,
        "end_unimplemented",
        actor=actor,
        now=now,
        error=CannotEndProblem,
        reason=reason,
        paper=paper,
    )


def supersede_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Problem]:
    """End problems that something else has taken the place of; a higher authority says what."""
    return move_records(
        problems,
        "supersede",
        actor=actor,
        now=now,
        error=CannotEndProblem,
        reason=reason,
        paper=paper,
    )


def accept_problem_risks(
    *,
    problems: Sequence[Problem],
    until: datetime.date,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Problem]:
    """Live with problems until a day; a higher authority takes that upon itself."""
    past = [
        Refusal(p.record, _("The risk is accepted until a day that is still to come."))
        for p in problems
        if until <= p.record.campaign.day_of(now)
    ]
    if past:
        raise CannotEndProblem(past)
    return move_records(
        problems,
        "accept_risk",
        actor=actor,
        now=now,
        error=CannotEndProblem,
        reason=reason,
        paper=paper,
        accepted_until=until,
    )


def merge_problems(
    *,
    problems: Sequence[Problem],
    into: Problem,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> list[Problem]:
    """Merge problems into another that is open; what led to each stays linked to it."""
    target = into.record
    refused = [
        Refusal(p.record, _("A problem merges into another one of its campaign that is open."))
        for p in problems
        if p.pk == into.pk or target.state in ENDED or target.campaign_id != p.record.campaign_id
    ]
    if refused:
        raise CannotMergeProblem(refused)
    with act(actor=actor, now=now, reason=reason):
        moved = move_records(
            problems, "merge", actor=actor, now=now, error=CannotMergeProblem, reason=reason
        )
        link_records(
            pairs=[(p.record, target) for p in problems],
            kind=LinkKind.MERGED_INTO,
            actor=actor,
            now=now,
        )
    return moved


def void_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> list[Problem]:
    """Void problems that were none; they stay on record."""
    return move_records(
        problems, "void", actor=actor, now=now, error=CannotVoidProblem, reason=reason
    )
