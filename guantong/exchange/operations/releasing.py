"""A coordinator lets a held file through."""

import datetime
from typing import Any

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
    if run.state != RunState.HELD:
        raise CannotRelease(
            _("Import %(run)s is not held; it is: %(state)s.")
            % {"run": run.pk, "state": run.get_state_display()}
        )
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
    context = context_of(actor=run.actor, now=now, campaign=campaign, source=run.source.name)
    batches = staged_batches(run, sheets)
    with act(actor=actor, now=now) as writing:
        writing.update([run], code=ImportEntry.RELEASED, released_by=actor)
    outcome = Outcome(None, batches, run=run, options=run.outcome.get("options", {}))
    conflicts = outcome.options.get("conflicts", "")
    check(batches, run.source, context, sheets, lookups, conflicts=conflicts)
    carry_out(
        outcome,
        run.source,
        context,
        is_dry=False,
        takes_part=outcome.options.get("takes_part", False),
        progress=progress,
        is_released=True,
    )
    return outcome
