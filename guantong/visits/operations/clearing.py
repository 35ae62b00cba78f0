"""Visits clear themselves under the limits; over them the coordinator clears (rule 5)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.utils.translation import gettext as _

from guantong.industry.models import Place, Site
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.records.operations import move_records
from guantong.records.refusals import Refusal, Refused
from guantong.records.rules import Paper
from guantong.visits.models import Visit
from guantong.visits.queries import excesses_of, refusal_of, without_explanation
from guantong.visits.rules import DRAFT


class CannotClearVisits(Refused):
    """The site would be crowded, or clearing is none of the actor's."""


class CannotExplainVisits(Refused):
    """Nothing is written, or there is no repetition to explain."""


def clear_visits(
    *, visits: Sequence[Visit], actor: Person | None, now: datetime.datetime
) -> list[Visit]:
    """Clear visits that stay under the limits, by the count of all that everybody may know."""
    if not visits:
        return []
    today = visits[0].record.campaign.day_of(now)
    with act(actor=actor, now=now):
        hold_sites(visits)
        drafts = [visit for visit in visits if visit.record.state == DRAFT]
        found = excesses_of(drafts, on=today)
        refused = refusal_of({pk: excesses for pk, excesses in found.items() if excesses})
        if refused:
            raise CannotClearVisits(
                [Refusal(v.record, refused[v.pk]) for v in drafts if v.pk in refused]
            )
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


def explain_visits(
    *, visits: Sequence[Visit], actor: Person | None, now: datetime.datetime, explanation: str
) -> list[Visit]:
    """Explain why the same people go to a site once more that gave no finding; then it may clear.

    Who goes, their unit's liaison or the coordinator explains; the explanation stays on record.
    """
    if not explanation.strip():
        sentence = _("Write in a sentence or two why this site is visited once more.")
        raise CannotExplainVisits([Refusal(visit.record, sentence) for visit in visits])
    with act(actor=actor, now=now):
        explained = move_records(
            visits,
            "explain",
            actor=actor,
            now=now,
            error=CannotExplainVisits,
            explanation=explanation.strip(),
        )
        clear_what_may(visits, actor=actor, now=now)
    return explained


def clear_what_may(
    visits: Sequence[Visit], *, actor: Person | None, now: datetime.datetime
) -> list[Visit]:
    """Let those drafts clear themselves that stay under the limits; the others stay drafts.

    So do those that wait for an explanation. What `actor` alone knows of doesn't count: the
    record's page tells of it. Who decides is the system.
    """
    if not visits:
        return []
    today = visits[0].record.campaign.day_of(now)
    hold_sites(visits)
    unexplained = without_explanation(visits)
    going = [visit for visit in visits if visit.pk not in unexplained]
    found = excesses_of(going, on=today)
    fitting = [visit for visit in going if not found[visit.pk]]
    return move_records(fitting, "clear", actor=None, now=now, error=CannotClearVisits)


def hold_sites(visits: Sequence[Visit]) -> None:
    """Hold sites, what they belong to and their places until the transaction ends.

    So that two teams can't both be the last to fit.
    """
    keys = {key for v in visits for key in (v.site_id, v.site.parent_id) if key is not None}
    sites = Site.objects.filter(pk__in=keys).order_by("pk")
    list(sites.select_for_update(no_key=True).values_list("pk", flat=True))
    keys = {v.site.place_id for v in visits if v.site.place_id is not None}
    places = Place.objects.filter(pk__in=keys).order_by("pk")
    list(places.select_for_update(no_key=True).values_list("pk", flat=True))
