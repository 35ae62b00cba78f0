"""A test organisation with indicators where they are wanted."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guantong.campaigns.models import Campaign
from guantong.campaigns.tests.factories import campaign_of
from guantong.development.models import Indicator, Observation
from guantong.development.operations import (
    IndicatorDraft,
    ObservationDraft,
    activate_indicators,
    draft_indicators,
    report_observations,
    validate_observations,
)
from guantong.people.models import Person
from guantong.people.tests.factories import cast
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, TODAY, organisation

BASELINE_ON = datetime.date(2023, 1, 1)
TARGET_ON = datetime.date(2023, 12, 31)


@dataclass(frozen=True)
class World:
    units: dict[str, Unit]
    people: dict[str, Person]
    campaign: Campaign


def world() -> World:
    units = organisation()
    people = cast(units)
    return World(units, people, campaign_of(units))


def draft(world: World, unit: str = "D1", **values: Any) -> IndicatorDraft:
    return IndicatorDraft(
        **{
            "campaign": world.campaign,
            "unit": world.units[unit],
            "title": "Share of own bearings",
            "area": world.campaign.areas.get(code="chains"),
            "owner": world.people["owner_d1"],
            "unit_of_measure": "%",
            "baseline_value": Decimal(10),
            "baseline_on": BASELINE_ON,
            "target_value": Decimal(46),
            "target_on": TARGET_ON,
            **values,
        }
    )


def drafted(world: World, unit: str = "D1", **values: Any) -> Indicator:
    return draft_indicators(
        drafts=[draft(world, unit, **values)], actor=world.people["coordinator"], now=NOW
    )[0]


def active(world: World, unit: str = "D1", **values: Any) -> Indicator:
    indicator = drafted(world, unit, **values)
    activate_indicators(indicators=[indicator], actor=world.people["coordinator"], now=NOW)
    return indicator


def reported(world: World, indicator: Indicator, value: Any, **values: Any) -> Observation:
    """A value that the liaison of D1 reported."""
    return report_observations(
        drafts=[
            ObservationDraft(
                **{
                    "indicator": indicator,
                    "value": Decimal(value),
                    "observed_on": TODAY,
                    **values,
                }
            )
        ],
        actor=world.people["liaison_d1"],
        now=NOW,
    )[0]


def validated(world: World, indicator: Indicator, value: Any, **values: Any) -> Observation:
    """A value that the head of D1 then validated."""
    observation = reported(world, indicator, value, **values)
    validate_observations(observations=[observation], actor=world.people["head_d1"], now=NOW)
    return observation
