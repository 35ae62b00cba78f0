"""A coordinator lets a held file through, or turns it down."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guantong.exchange.entries import ImportEntry
from guantong.exchange.models import ImportRun, RunState
from guantong.exchange.operations.applying import Progress
from guantong.exchange.operations.importing import Outcome, carry_out, check, context_of
from guantong.exchange.operations.staging import staged_batches
from guantong.kit.days import day_of
from guantong.kit.sheets import Lookup, Sheet
from guantong.ledger.operations import act
from guantong.people.rules import COORDINATOR
from guantong.units.rules import covers


class CannotRelease(Exception):
    """The run is not held, or who would release it is no coordinator or brought it."""


def release_run(
    *,
    run: ImportRun,
    actor: Any,
    now: datetime.datetime,
    sheets: dict[str, Sheet],
    lookups: dict[str, Lookup],
    progress: Progress = lambda kind, done, total: None,
) -> Outcome:
    """Apply a held file on a coordinator's word, who is not the person who brought it (rule 1)."""
    _refuse_others(run, actor, now)
    context = context_of(
        actor=run.actor, now=now, campaign=run.source.campaign, source=run.source.name
    )
    batches = staged_batches(run, sheets)
    options = run.outcome.get("options", {})
    outcome = Outcome(None, batches, run=run, options=options)
    with transaction.atomic():
        with act(actor=actor, now=now) as writing:
            writing.update([run], code=ImportEntry.RELEASED, released_by=actor)
        conflicts = options.get("conflicts", "")
        check(batches, run.source, context, sheets, lookups, conflicts=conflicts)
        carry_out(
            outcome,
            run.source,
            context,
            is_dry=False,
            takes_part=options.get("takes_part", False),
            progress=progress,
            is_released=True,
        )
    return outcome


def turn_down_run(*, run: ImportRun, actor: Any, now: datetime.datetime, reason: str) -> ImportRun:
    """Refuse a held file with a reason: a coordinator, or who brought it and thinks again."""
    if run.actor_id != actor.pk:
        _refuse_others(run, actor, now)
    _refuse_unheld(run)
    if not reason.strip():
        raise CannotRelease(_("Say in a sentence why it is turned down; who brought it reads it."))
    outcome = {**run.outcome, "turned_down": reason.strip()}
    with act(actor=actor, now=now, reason=reason) as writing:
        values = {"state": RunState.REFUSED, "finished_at": now, "outcome": outcome}
        writing.update([run], code=ImportEntry.TURNED_DOWN, changes={run.pk: values})
        run.chunks.all().delete()
    return run


def may_release(*, run: ImportRun, actor: Any, now: datetime.datetime) -> bool:
    """Whether a held file waits for this person's word."""
    try:
        _refuse_others(run, actor, now)
    except CannotRelease:
        return False
    return True


def _refuse_unheld(run: ImportRun) -> None:
    if run.state != RunState.HELD:
        raise CannotRelease(
            _("Import %(run)s is not held; it is: %(state)s.")
            % {"run": run.pk, "state": run.get_state_display()}
        )


def _refuse_others(run: ImportRun, actor: Any, now: datetime.datetime) -> None:
    _refuse_unheld(run)
    campaign = run.source.campaign
    today = campaign.day_of(now) if campaign else day_of(now)
    reach = campaign.unit.path if campaign else ""
    coordinated = [grant for grant in actor.grants(today) if grant.role == COORDINATOR]
    if not any(campaign is None or covers(grant.path, reach) for grant in coordinated):
        raise CannotRelease(
            _("A held file is released by a coordinator of the whole campaign; %(person)s is none.")
            % {"person": actor}
        )
    if run.actor_id == actor.pk:
        raise CannotRelease(
            _("%(person)s brought this file; another coordinator must release it.")
            % {"person": actor}
        )
