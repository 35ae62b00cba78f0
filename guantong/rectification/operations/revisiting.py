"""Revisits are assigned, made and concluded; what came back is reopened."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from guantong.industry.models import Site
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.models import Record
from guantong.records.operations import move_records, remove_participants
from guantong.records.queries import refusals_of
from guantong.records.refusals import Refusal, Refused
from guantong.rectification.models import Means, Problem, Revisit
from guantong.rectification.operations.closing import reopen_problems
from guantong.rectification.operations.requesting import (
    name_inspector,
    refuse_inspector,
    refuse_unappointed,
)
from guantong.rectification.queries import (
    inspectors_of,
    measures_of,
    problems_of_revisits,
    without_visit,
)
from guantong.rectification.rules import ENDED, REVISIT
from guantong.visits.models import Visit
from guantong.visits.operations import VisitDraft, plan_visits


class CannotAssignRevisit(Refused):
    """The person named is no second person to the problem, closed it, or is no inspector."""


class CannotMakeRevisit(Refused):
    """It isn't the inspector, nothing was found, or the visit was never registered."""


class CannotConcludeRevisit(Refused):
    """It isn't made, isn't the inspector's, or its problem is open again."""


def assign_revisits(
    *,
    revisits: Sequence[Revisit],
    inspector: Person,
    actor: Person | None,
    now: datetime.datetime,
) -> list[Revisit]:
    """Name an inspector for revisits: a second person to each problem, and not who closed it."""
    with act(actor=actor, now=now):
        move_records(revisits, "assign", actor=actor, now=now, error=CannotAssignRevisit)
        _name(revisits, inspector, actor=actor, now=now)
    return list(revisits)


def replace_revisit_inspectors(
    *,
    revisits: Sequence[Revisit],
    inspector: Person,
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> list[Revisit]:
    """Name another inspector for revisits; the one before loses the part in them."""
    with act(actor=actor, now=now, reason=reason):
        move_records(
            revisits,
            "replace_inspector",
            actor=actor,
            now=now,
            error=CannotAssignRevisit,
            reason=reason,
        )
        parts = inspectors_of(r.pk for r in revisits)
        gone = [part for several in parts.values() for part in several]
        remove_participants(participants=gone, actor=actor, now=now, reason=reason)
        _name(revisits, inspector, actor=actor, now=now)
    return list(revisits)


def plan_revisit_visits(
    *,
    revisits: Sequence[Revisit],
    site: Site,
    starts_on: datetime.date,
    actor: Person,
    now: datetime.datetime,
    ends_on: datetime.date | None = None,
    purpose: str = "",
    is_unannounced: bool = False,
) -> list[Visit]:
    """Register visits that are to be made for revisits, each by its inspector.

    The revisit itself gets no entry: it would tell of a visit that is unannounced (rule 5).
    """
    prefetch_related_objects(revisits, "record__unit", "record__campaign")
    today = revisits[0].record.campaign.day_of(now) if revisits else now.date()
    transition = REVISIT.transition("plan_visit")
    refused = refusals_of(revisits, transition, person=actor, on=today)
    if refused:
        raise CannotMakeRevisit(list(refused.values()))
    drafts = [
        VisitDraft(
            campaign=revisit.record.campaign,
            unit=revisit.record.unit,
            title=revisit.record.title,
            site=site,
            occasion=revisit.record,
            starts_on=starts_on,
            ends_on=ends_on,
            purpose=purpose,
            team=[actor],
            is_unannounced=is_unannounced,
            is_restricted=revisit.record.is_restricted,
        )
        for revisit in revisits
    ]
    return plan_visits(drafts=drafts, actor=actor, now=now)


def make_revisits(
    *,
    revisits: Sequence[Revisit],
    means: str,
    found: str,
    actor: Person | None,
    now: datetime.datetime,
    made_on: datetime.date | None = None,
) -> list[Revisit]:
    """Enter revisits as made, by what means and what was found; a visit was registered before."""
    refused = []
    if not found.strip():
        sentence = _("Write what was found.")
        refused += [Refusal(revisit.record, sentence) for revisit in revisits]
    elif means == Means.VISIT:
        lacking = without_visit(revisit.pk for revisit in revisits)
        sentence = _(
            "No visit for it has been made. Plan one here and enter it as made, or choose another "
            "means."
        )
        refused += [Refusal(r.record, sentence) for r in revisits if r.pk in lacking]
    if refused:
        raise CannotMakeRevisit(refused)
    day = made_on or (revisits[0].record.campaign.day_of(now) if revisits else None)
    return move_records(
        revisits,
        "make",
        actor=actor,
        now=now,
        error=CannotMakeRevisit,
        occurred_on=day,
        means=means,
        made_on=day,
        found=found.strip(),
    )


def sustain_revisits(
    *, revisits: Sequence[Revisit], actor: Person | None, now: datetime.datetime
) -> list[Revisit]:
    """Conclude that what was put right lasts."""
    _refuse_conclusion(revisits, actor, now)
    return move_records(revisits, "sustain", actor=actor, now=now, error=CannotConcludeRevisit)


def recur_revisits(
    *, revisits: Sequence[Revisit], actor: Person | None, now: datetime.datetime, reason: str
) -> list[Revisit]:
    """Conclude that the problems came back, and reopen those that aren't open already."""
    _refuse_conclusion(revisits, actor, now)
    with act(actor=actor, now=now, reason=reason):
        concluded = move_records(
            revisits, "recur", actor=actor, now=now, error=CannotConcludeRevisit, reason=reason
        )
        problems = problems_of_revisits(r.pk for r in revisits).values()
        ended = list({p.pk: p for p in problems if p.record.state in ENDED}.values())
        reopen_problems(problems=ended, actor=actor, now=now, reason=reason)
    return concluded


def _refuse_conclusion(
    revisits: Sequence[Revisit], actor: Person | None, now: datetime.datetime
) -> None:
    """Raise where the actor's appointment as inspector has ended."""
    if actor is not None and revisits:
        today = revisits[0].record.campaign.day_of(now)
        refuse_unappointed([r.record for r in revisits], actor, today, CannotConcludeRevisit)


def _name(
    revisits: Sequence[Revisit],
    inspector: Person,
    *,
    actor: Person | None,
    now: datetime.datetime,
) -> None:
    """Give the inspector the part on the revisits, their problems and their measures."""
    records: list[Record] = [revisit.record for revisit in revisits]
    if not records:
        return
    today = records[0].campaign.day_of(now)
    judging = (REVISIT, "sustain")
    refuse_inspector(records, inspector, actor, today, CannotAssignRevisit, judging)
    closed = [r.record for r in revisits if r.closure.closed_by_id == inspector.pk]
    if closed:
        sentence = _("%(person)s closed it, and can't say whether it lasts.")
        refused = [Refusal(record, sentence % {"person": inspector.name}) for record in closed]
        raise CannotAssignRevisit(refused)
    problems: dict[int, Problem] = problems_of_revisits(r.pk for r in revisits)
    measures = measures_of([p.pk for p in problems.values()])
    name_inspector(
        [*records, *(p.record for p in problems.values())],
        [measure for several in measures.values() for measure in several],
        inspector,
        actor=actor,
        now=now,
    )
