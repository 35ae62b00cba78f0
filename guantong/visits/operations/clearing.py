"""Visits clear themselves under the limits; over them the coordinator clears (rule 5)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from guantong.industry.models import Site
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations import move_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.visits.models import Visit
from guantong.visits.queries import excesses_of, refusal_of
from guantong.visits.rules import DRAFT


class CannotClearVisits(Refused):
    """The site would be crowded, or clearing is none of the actor's."""


def clear_visits(
    *, visits: Sequence[Visit], actor: Person | None, now: datetime.datetime
) -> list[Visit]:
    """Clear visits that stay under the limits, counting all visits that the actor may know of."""
    if not visits:
        return []
    today = visits[0].record.campaign.day_of(now)
    with act(actor=actor, now=now):
        hold_sites(visits)
        drafts = [visit for visit in visits if visit.record.state == DRAFT]
        found = excesses_of(drafts, viewer=actor, on=today)
        refused = [
            Refusal(visit.record, refusal_of(found[visit.pk], visit.site))
            for visit in drafts
            if found[visit.pk]
        ]
        if refused:
            raise CannotClearVisits(refused)
        return move_records(visits, "clear", actor=actor, now=now, error=CannotClearVisits)


def clear_visits_over_limits(
    *,
    visits: Sequence[Visit],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    paper: Paper | None = None,
) -> list[Visit]:
    """Clear visits to crowded sites: the coordinator, who plans them not themselves, in writing."""
    return move_records(
        visits,
        "clear_over_limits",
        actor=actor,
        now=now,
        reason=reason,
        paper=paper,
        error=CannotClearVisits,
    )


def clear_what_may(
    visits: Sequence[Visit], *, actor: Person | None, now: datetime.datetime
) -> list[Visit]:
    """Let those drafts clear themselves that stay under the limits; the others stay drafts.

    Whatever `actor` knows counts, so that a coordinator's own entry meets the true count; who
    decides is the system.
    """
    if not visits:
        return []
    today = visits[0].record.campaign.day_of(now)
    hold_sites(visits)
    found = excesses_of(visits, viewer=actor, on=today)
    fitting = [visit for visit in visits if not found[visit.pk]]
    return move_records(fitting, "clear", actor=None, now=now, error=CannotClearVisits)


def hold_sites(visits: Sequence[Visit]) -> None:
    """Hold the sites' rows until the transaction ends, so that two teams can't both be the last."""
    sites = Site.objects.filter(pk__in={visit.site_id for visit in visits}).order_by("pk")
    list(sites.select_for_update(no_key=True).values_list("pk", flat=True))
