"""Problems are given to units and persons, declined by them, and given more time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import Writing, act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, HEAD, holds, holds_above
from guantong.records.operations import move_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.rectification.entries import VerificationEntry
from guantong.rectification.models import Problem
from guantong.rectification.queries import verifications_of
from guantong.units.models import Unit
from guantong.units.rules import covers


class CannotAssignProblem(Refused):
    """Unit, person or due day are missing or out of reach, or it isn't the actor's to assign."""


class CannotDeclineProblem(Refused):
    """Only the head of the unit may decline, while no measures are set, and must say why."""


class CannotExtendDueDay(Refused):
    """Only a higher authority gives more time, with a reason, and only a later day is more."""


def assign_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    unit: Unit | None = None,
    owner: Person | None = None,
    due_on: datetime.date | None = None,
    paper: Paper | None = None,
) -> list[Problem]:
    """Give problems to a unit and a person, with a due day; what isn't given stays as entered.

    A due day that was set before stays the original one (rule 4).
    """
    prefetch_related_objects(problems, "record__unit", "record__campaign", "record__owner")
    refused = _out_of_reach(problems, unit, actor=actor, now=now, paper=paper)
    changes: dict[int, dict[str, Any]] = {}
    for problem in problems:
        record = problem.record
        day = due_on or record.due_on
        if not (owner or record.owner_id) or day is None:
            refused.append(Refusal(record, _("Say who is responsible and by which day.")))
            continue
        if due_on is not None and due_on < record.campaign.day_of(now):
            sentence = _("%(day)s has passed: give the unit time.")
            refused.append(Refusal(record, sentence % {"day": day_in_words(due_on)}))
            continue
        changes[problem.pk] = {
            "unit": unit or record.unit,
            "owner": owner or record.owner,
            "due_on": day,
            "original_due_on": record.original_due_on or day,
        }
    if refused:
        raise CannotAssignProblem(refused)
    return move_records(
        problems,
        "assign",
        actor=actor,
        now=now,
        error=CannotAssignProblem,
        changes=changes,
        paper=paper,
    )


def reassign_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    unit: Unit | None = None,
    owner: Person | None = None,
    paper: Paper | None = None,
) -> list[Problem]:
    """Give problems to another unit or person; the due day stays as it is.

    A person of the earlier unit doesn't stay responsible by not being mentioned.
    """
    prefetch_related_objects(problems, "record__unit", "record__campaign", "record__owner__unit")
    refused = _out_of_reach(problems, unit, actor=actor, now=now, paper=paper)
    if unit is None and owner is None:
        refused += [Refusal(p.record, _("Say to which unit or person.")) for p in problems]
    if unit is not None and owner is None:
        refused += _left_behind(problems, unit)
    if refused:
        raise CannotAssignProblem(refused)
    values: dict[str, Any] = {
        name: value for name, value in (("unit", unit), ("owner", owner)) if value
    }
    with act(actor=actor, now=now, reason=reason) as writing:
        moved = move_records(
            problems,
            "reassign",
            actor=actor,
            now=now,
            error=CannotAssignProblem,
            reason=reason,
            paper=paper,
            **values,
        )
        if unit is not None:
            follow_problems(writing, problems, unit=unit)
    return moved


def _left_behind(problems: Sequence[Problem], unit: Unit) -> list[Refusal]:
    """Say whose problem would go to a unit that they don't belong to, and stay theirs unsaid."""
    sentence = _("%(person)s belongs to %(home)s: say who is responsible at %(unit)s.")
    return [
        Refusal(
            problem.record,
            sentence % {"person": owner, "home": owner.unit.name, "unit": unit.name},
        )
        for problem in problems
        if (owner := problem.record.owner) is not None
        and owner.unit is not None
        and not covers(unit.path, owner.unit.path)
        and not covers(owner.unit.path, unit.path)
    ]


def follow_problems(writing: Writing, problems: Sequence[Problem], *, unit: Unit) -> None:
    """Move verifications under way with their problems, since four eyes look at their unit."""
    waiting = [
        verification
        for several in verifications_of(p.pk for p in problems).values()
        for verification in several
        if verification.record.state == "requested"
    ]
    writing.update(waiting, code=VerificationEntry.FOLLOWED, unit=unit)


def decline_problems(
    *,
    problems: Sequence[Problem],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Problem]:
    """Give problems back to the coordinator, saying why they aren't the unit's."""
    return move_records(
        problems,
        "decline",
        actor=actor,
        now=now,
        error=CannotDeclineProblem,
        reason=reason,
        paper=paper,
    )


def extend_problems(
    *,
    problems: Sequence[Problem],
    due_on: datetime.date,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Problem]:
    """Give problems more time; the original due day stays, and "on time" is counted against it."""
    return extend_records(problems, due_on=due_on, actor=actor, now=now, reason=reason, paper=paper)


def extend_records(
    details: Sequence[Any],
    *,
    due_on: datetime.date,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Any]:
    """Set a later due day on problems or measures that have one."""
    refused = []
    for detail in details:
        record = detail.record
        if record.due_on is not None and due_on <= record.due_on:
            sentence = _("It is due on %(day)s; an extension is a later day.")
            refused.append(Refusal(record, sentence % {"day": day_in_words(record.due_on)}))
    if refused:
        raise CannotExtendDueDay(refused)
    return move_records(
        details,
        "extend",
        actor=actor,
        now=now,
        error=CannotExtendDueDay,
        reason=reason,
        paper=paper,
        due_on=due_on,
    )


def _out_of_reach(
    problems: Sequence[Problem],
    unit: Unit | None,
    *,
    actor: Person | None,
    now: datetime.datetime,
    paper: Paper | None,
) -> list[Refusal]:
    """Say that the unit which is to take the problems isn't under the actor."""
    if unit is None or actor is None or paper is not None or not problems:
        return []
    grants = actor.grants(problems[0].record.campaign.day_of(now))
    if holds(grants, [COORDINATOR], unit.path) or holds_above(grants, [HEAD], unit.path):
        return []
    sentence = _("%(unit)s isn't beneath you: the coordinator of both units can assign it.")
    return [Refusal(p.record, sentence % {"unit": unit.name}) for p in problems]
