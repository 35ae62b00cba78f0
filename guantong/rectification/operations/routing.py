"""Units ask units above them to own the cause of a problem, and are answered (提请上级解决)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.campaigns.rules import add_working_days
from guantong.ledger.operations import Writing, act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, HEAD, holds
from guantong.records.operations import move_records, name_partners
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.rectification.entries import ProblemEntry
from guantong.rectification.models import Outcome, Problem, Routing
from guantong.rectification.operations.assigning import follow_problems
from guantong.rectification.queries import waiting_routings
from guantong.units.models import Unit
from guantong.units.rules import is_above


class CannotRouteProblem(Refused):
    """The unit asked isn't above, one is asked already, or it isn't the head who asks and why."""


class CannotAnswerRouting(Refused):
    """Nobody asked, there is no answer in writing, or the unit asked isn't the actor's."""


def route_problems_up(
    *,
    problems: Sequence[Problem],
    unit: Unit,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Routing]:
    """Ask a unit above to own the cause of problems; from now its clock runs, in working days."""
    if not problems:
        return []
    prefetch_related_objects(problems, "record__unit", "record__campaign")
    refused = [
        Refusal(p.record, _("%(unit)s isn't above the unit of this problem.") % {"unit": unit.name})
        for p in problems
        if not is_above(unit.path, p.record.unit.path)
    ]
    if refused:
        raise CannotRouteProblem(refused)
    campaign = problems[0].record.campaign
    today = campaign.day_of(now)
    due_on = add_working_days(today, campaign.threshold("routing_days"), campaign.calendar)
    asked_by = paper.by if paper else getattr(actor, "pk", None)
    day = paper.on if paper else today
    with act(actor=actor, now=now, effective_on=day, reason=reason) as writing:
        move_records(
            problems,
            "route_up",
            actor=actor,
            now=now,
            error=CannotRouteProblem,
            reason=reason,
            paper=paper,
        )
        routings = [
            Routing(
                record=problem.record,
                asked_by_id=asked_by,
                asked_of=unit,
                asked_on=day,
                reason=reason.strip(),
                due_on=due_on,
            )
            for problem in problems
        ]
        writing.create(routings, code=ProblemEntry.ROUTED_UP)
    return routings


def take_over_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    owner: Person | None = None,
    paper: Paper | None = None,
) -> list[Problem]:
    """Own the cause: the unit asked leads the problem, and the unit that asked is its partner."""
    routings = _asked(problems, actor, now=now, paper=paper)
    if not problems:
        return []
    before = [(problem.record, problem.record.unit) for problem in problems]
    changes: dict[int, dict[str, Any]] = {
        pk: {"unit": routing.asked_of} for pk, routing in routings.items()
    }
    if owner is not None:
        changes = {pk: {**values, "owner": owner} for pk, values in changes.items()}
    day = paper.on if paper else problems[0].record.campaign.day_of(now)
    answerer = paper.by if paper else getattr(actor, "pk", None)
    with act(actor=actor, now=now, effective_on=day, reason=reason) as writing:
        moved = move_records(
            problems,
            "take_over",
            actor=actor,
            now=now,
            error=CannotAnswerRouting,
            reason=reason,
            paper=paper,
            changes=changes,
        )
        name_partners(named=before, actor=actor, now=now)
        for problem in problems:
            follow_problems(writing, [problem], unit=routings[problem.pk].asked_of)
        _answer(writing, routings, Outcome.TAKEN_OVER, reason, by=answerer)
    return moved


def answer_routings(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Problem]:
    """Answer in writing why the unit asked doesn't take problems over; they stay where they are."""
    routings = _asked(problems, actor, now=now, paper=paper)
    if not problems:
        return []
    day = paper.on if paper else problems[0].record.campaign.day_of(now)
    answerer = paper.by if paper else getattr(actor, "pk", None)
    with act(actor=actor, now=now, effective_on=day, reason=reason) as writing:
        moved = move_records(
            problems,
            "answer_routing",
            actor=actor,
            now=now,
            error=CannotAnswerRouting,
            reason=reason,
            paper=paper,
        )
        _answer(writing, routings, Outcome.ANSWERED, reason, by=answerer)
    return moved


def _asked(
    problems: Sequence[Problem],
    actor: Person | None,
    *,
    now: datetime.datetime,
    paper: Paper | None,
) -> dict[int, Routing]:
    """Return what waits for an answer, the actor being head or coordinator of the unit asked."""
    prefetch_related_objects(problems, "record__unit", "record__campaign")
    routings = waiting_routings(problem.pk for problem in problems)
    judge = actor
    if paper is not None:
        judge = Person.objects.get(pk=paper.by) if paper.by is not None else None
    if judge is None or not problems:
        return routings
    grants = judge.grants(problems[0].record.campaign.day_of(now))
    refused = []
    for problem in problems:
        routing = routings.get(problem.pk)
        if routing and not holds(grants, [HEAD, COORDINATOR], routing.asked_of.path):
            sentence = _("%(unit)s was asked: its head answers, or the coordinator.")
            refused.append(Refusal(problem.record, sentence % {"unit": routing.asked_of.name}))
        elif routing and routing.asked_by_id == judge.pk:
            refused.append(Refusal(problem.record, _("Nobody answers what they asked themselves.")))
    if refused:
        raise CannotAnswerRouting(refused)
    return routings


def _answer(
    writing: Writing,
    routings: dict[int, Routing],
    outcome: Outcome,
    text: str,
    *,
    by: int | None,
) -> None:
    writing.update(
        routings.values(),
        code=ProblemEntry.ROUTING_ANSWERED,
        outcome=outcome.value,
        answer=text.strip(),
        answered_by=by,
        answered_on=writing.effective_on,
    )
