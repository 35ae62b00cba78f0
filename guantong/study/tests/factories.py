"""A test organisation in the middle of its campaign, with sessions where they are wanted."""

import datetime
from dataclasses import dataclass
from typing import Any

from guantong.campaigns.models import Campaign, Format
from guantong.campaigns.tests.factories import campaign_of
from guantong.people.models import Person
from guantong.people.tests.factories import cast
from guantong.study.models import Session
from guantong.study.operations import SessionDraft, plan_sessions
from guantong.units.models import Unit
from guantong.units.tests.factories import NOW, TODAY, organisation


@dataclass(frozen=True)
class World:
    units: dict[str, Unit]
    people: dict[str, Person]
    campaign: Campaign


def world() -> World:
    units = organisation()
    people = cast(units)
    return World(units, people, campaign_of(units))


def draft(world: World, unit: str = "D1", **values: Any) -> SessionDraft:
    return SessionDraft(
        **{
            "campaign": world.campaign,
            "unit": world.units[unit],
            "title": "Reading chapter one",
            "format": Format.READING_CLASS,
            "planned_on": TODAY,
            **values,
        }
    )


def planned(world: World, unit: str = "D1", **values: Any) -> Session:
    """A session that the coordinator planned."""
    return plan_sessions(
        drafts=[draft(world, unit, **values)], actor=world.people["coordinator"], now=NOW
    )[0]


def held(
    world: World,
    unit: str = "D1",
    on: datetime.date = TODAY,
    head_count: int = 20,
    **values: Any,
) -> Session:
    """A session that the coordinator entered as held."""
    return planned(world, unit, held_on=on, head_count=head_count, **values)
