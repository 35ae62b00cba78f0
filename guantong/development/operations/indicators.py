"""Indicators are drafted, activated, given new versions, retired."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.models import Area, Campaign
from guantong.development.entries import DevelopmentEntry
from guantong.development.models import Direction, Indicator, Milestone
from guantong.development.rules import DRAFT
from guantong.ledger.operations import act
from guantong.people.models import Person
from guantong.people.rules import COORDINATOR, LIAISON
from guantong.records.models import Record
from guantong.records.operations import check_may_enter, move_records, open_records
from guantong.records.refusals import Refusal, Refused
from guantong.units.models import Unit

# What an indicator is measured against; of an active one it changes by a new version only.
MEASURED_AGAINST = frozenset(
    {
        "definition",
        "unit_of_measure",
        "direction",
        "baseline_value",
        "baseline_on",
        "target_value",
        "target_on",
    }
)


@dataclass(frozen=True)
class IndicatorDraft:
    """What is said of one indicator; `owner` is who answers for its data."""

    campaign: Campaign
    unit: Unit
    title: str
    area: Area | None = None
    owner: Person | None = None
    definition: str = ""
    unit_of_measure: str = ""
    direction: str = Direction.UP
    baseline_value: Decimal | None = None
    baseline_on: datetime.date | None = None
    target_value: Decimal | None = None
    target_on: datetime.date | None = None
    milestones: Mapping[datetime.date, Decimal] | None = None
    opened_on: datetime.date | None = None


class CannotDraftIndicator(Refused):
    """The unit is none of the actor's, or the days aren't in order."""


class CannotActivateIndicator(Refused):
    """Owner, unit of measure, baseline or target is missing."""


class CannotReviseIndicator(Refused):
    """Nothing changes, nobody says why, or the days aren't in order."""


class CannotRetireIndicator(Refused):
    """It isn't active."""


def draft_indicators(
    *, drafts: Sequence[IndicatorDraft], actor: Person | None, now: datetime.datetime
) -> list[Indicator]:
    """Draft indicators of priority areas."""
    if not drafts:
        return []
    today = drafts[0].campaign.day_of(now)
    indicators = [_indicator(draft, actor, today) for draft in drafts]
    check_may_enter(
        [indicator.record for indicator in indicators],
        actor=actor,
        roles=(LIAISON, COORDINATOR),
        today=today,
        error=CannotDraftIndicator,
    )
    _check_days(indicators, [d.milestones for d in drafts], CannotDraftIndicator)
    with act(actor=actor, now=now) as writing:
        open_records(writing, indicators, code=DevelopmentEntry.INDICATOR_DRAFTED)
        writing.create(
            [
                Milestone(indicator=indicator, day=day, value=value)
                for indicator, draft in zip(indicators, drafts, strict=True)
                for day, value in sorted((draft.milestones or {}).items())
            ],
            code=DevelopmentEntry.MILESTONE_SET,
        )
    return indicators


def activate_indicators(
    *,
    indicators: Sequence[Indicator],
    actor: Person | None,
    now: datetime.datetime,
    occurred_on: datetime.date | None = None,
) -> list[Indicator]:
    """Activate indicators that say who answers for the data, from where to where, and by when."""
    return move_records(
        indicators,
        "activate",
        actor=actor,
        now=now,
        occurred_on=occurred_on,
        error=CannotActivateIndicator,
    )


def revise_indicators(
    *,
    indicators: Sequence[Indicator],
    actor: Person | None,
    now: datetime.datetime,
    reason: str,
    milestones: Mapping[datetime.date, Decimal] | None = None,
    **values: Any,
) -> list[Indicator]:
    """Give active indicators a new version with other values, and a reason.

    `milestones`, where given, replace those that there were.
    """
    strangers = set(values) - MEASURED_AGAINST
    said = {name: value for name, value in values.items() if value not in (None, "")}
    if strangers or (not said and milestones is None):
        raise CannotReviseIndicator(
            [
                Refusal(i.record, _("Say what the new version changes: baseline, target or days."))
                for i in indicators
            ]
        )
    with act(actor=actor, now=now, reason=reason) as writing:
        moved = move_records(
            indicators,
            "revise",
            actor=actor,
            now=now,
            reason=reason,
            error=CannotReviseIndicator,
            changes={i.pk: {**said, "version": i.version + 1} for i in indicators},
        )
        kept = Milestone.objects.filter(indicator__in=[i.pk for i in indicators])
        if milestones is not None:
            writing.remove(list(kept), code=DevelopmentEntry.MILESTONE_REMOVED)
            writing.create(
                [
                    Milestone(indicator=indicator, day=day, value=value)
                    for indicator in indicators
                    for day, value in sorted(milestones.items())
                ],
                code=DevelopmentEntry.MILESTONE_SET,
            )
        by_indicator: dict[int, dict[datetime.date, Decimal]] = {i.pk: {} for i in indicators}
        for milestone in kept.all():
            by_indicator[milestone.indicator_id][milestone.day] = milestone.value
        _check_days(indicators, [by_indicator[i.pk] for i in indicators], CannotReviseIndicator)
    return moved


def retire_indicators(
    *,
    indicators: Sequence[Indicator],
    actor: Person | None,
    now: datetime.datetime,
) -> list[Indicator]:
    """Retire indicators that are no longer followed; their values stay."""
    return move_records(indicators, "retire", actor=actor, now=now, error=CannotRetireIndicator)


def _indicator(draft: IndicatorDraft, actor: Person | None, today: datetime.date) -> Indicator:
    record = Record(
        campaign=draft.campaign,
        kind="indicator",
        unit=draft.unit,
        title=draft.title,
        state=DRAFT,
        owner=draft.owner,
        author=actor,
        area=draft.area,
        opened_on=draft.opened_on or today,
    )
    return Indicator(
        record=record,
        definition=draft.definition,
        unit_of_measure=draft.unit_of_measure,
        direction=draft.direction,
        baseline_value=draft.baseline_value,
        baseline_on=draft.baseline_on,
        target_value=draft.target_value,
        target_on=draft.target_on,
    )


def _check_days(
    indicators: Sequence[Indicator],
    milestones: Sequence[Mapping[datetime.date, Decimal] | None],
    error: type[Refused],
) -> None:
    """Refuse a target that isn't after its baseline, and milestones that aren't between them."""
    refused = []
    for indicator, days in zip(indicators, milestones, strict=True):
        first, last = indicator.baseline_on, indicator.target_on
        if first is not None and last is not None and last <= first:
            refused.append(
                Refusal(indicator.record, _("The day of the target comes after the baseline's."))
            )
        elif days and (first is None or last is None or min(days) <= first or max(days) >= last):
            refused.append(
                Refusal(
                    indicator.record,
                    _("Milestones lie between the day of the baseline and the day of the target."),
                )
            )
    if refused:
        raise error(refused)
