"""Observations are reported, and validated or rejected by a second person."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from guantong.development.entries import DevelopmentEntry
from guantong.development.models import Indicator, Observation
from guantong.development.rules import REPORTED, RETIRED, written
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON
from guantong.records.models import LinkKind, Record
from guantong.records.operations import check_may_enter, link_records, move_records, open_records
from guantong.records.refusals import Refusal, Refused


@dataclass(frozen=True)
class ObservationDraft:
    """What is said of one value; `corrects` is the observation that it revises."""

    indicator: Indicator
    value: Decimal
    observed_on: datetime.date
    is_projection: bool = False
    corrects: Observation | None = None
    source: str = ""
    opened_on: datetime.date | None = None


class CannotReportObservation(Refused):
    """The indicator is retired or none of the actor's, or a measured value lies in the future."""


class CannotValidateObservation(Refused):
    """Whoever reported a value can't validate it."""


class CannotRejectObservation(Refused):
    """Whoever reported a value can't reject it, and a rejection has its reason."""


def report_observations(
    *, drafts: Sequence[ObservationDraft], actor: Person | None, now: datetime.datetime
) -> list[Observation]:
    """Report values of indicators; its liaison, coordinator or the owner of its data may.

    A projection may lie in the future; a measured value can't. A correction names what it revises.
    """
    if not drafts:
        return []
    today = drafts[0].indicator.record.campaign.day_of(now)
    observations = [_observation(draft, actor, today) for draft in drafts]
    _check_standing(drafts, actor, today)
    refused = [
        Refusal(draft.indicator.record, sentence)
        for draft in drafts
        if (sentence := _obstacle(draft, today))
    ]
    if refused:
        raise CannotReportObservation(refused)
    with act(actor=actor, now=now) as writing:
        open_records(writing, observations, code=DevelopmentEntry.OBSERVATION_REPORTED)
        link_records(
            pairs=[(o.indicator.record, o.record) for o in observations],
            kind=LinkKind.OBSERVED,
            actor=actor,
            now=now,
        )
    return observations


def validate_observations(
    *,
    observations: Sequence[Observation],
    actor: Person | None,
    now: datetime.datetime,
    occurred_on: datetime.date | None = None,
) -> list[Observation]:
    """Validate values as a second person; a validated correction takes the place of the former."""
    return move_records(
        observations,
        "validate",
        actor=actor,
        now=now,
        occurred_on=occurred_on,
        error=CannotValidateObservation,
    )


def reject_observations(
    *,
    observations: Sequence[Observation],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
) -> list[Observation]:
    """Reject values as a second person, with a reason; they stay, and count nowhere."""
    return move_records(
        observations, "reject", actor=actor, now=now, reason=reason, error=CannotRejectObservation
    )


def _observation(
    draft: ObservationDraft, actor: Person | None, today: datetime.date
) -> Observation:
    indicator = draft.indicator.record
    said = written(draft.value, draft.indicator.unit_of_measure)
    record = Record(
        campaign=indicator.campaign,
        kind="observation",
        unit=indicator.unit,
        # Its day stands beside it, as the reader writes days.
        title=f"{indicator.title} · {said}"[:500],
        state=REPORTED,
        owner=indicator.owner,
        author=actor,
        area=indicator.area,
        opened_on=draft.opened_on or today,
        is_restricted=indicator.is_restricted,
    )
    return Observation(
        record=record,
        indicator=draft.indicator,
        value=draft.value,
        observed_on=draft.observed_on,
        is_projection=draft.is_projection,
        revision_of=draft.corrects,
        source=draft.source,
    )


def _check_standing(
    drafts: Sequence[ObservationDraft], actor: Person | None, today: datetime.date
) -> None:
    if actor is None:
        return
    records = {d.indicator.pk: d.indicator.record for d in drafts}
    foreign = [record for record in records.values() if record.owner_id != actor.pk]
    check_may_enter(
        foreign,
        actor=actor,
        roles=(LIAISON, COORDINATOR),
        today=today,
        error=CannotReportObservation,
    )


def _obstacle(draft: ObservationDraft, today: datetime.date) -> str | None:
    state = draft.indicator.record.state
    if state == RETIRED:
        return _("This indicator is retired and takes no more values.")
    if draft.observed_on > today and not draft.is_projection:
        return _("%(day)s is in the future: enter the value as a projection.") % {
            "day": day_in_words(draft.observed_on)
        }
    if draft.corrects is not None and draft.corrects.indicator_id != draft.indicator.pk:
        return _("A correction revises a value of the same indicator.")
    return None
