"""A campaign's thresholds, priority areas and working days are set."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.entries import CampaignEntry
from guantong.campaigns.models import Area, CalendarDay, Campaign, Goal
from guantong.campaigns.operations.living import refuse_strangers
from guantong.campaigns.rules import unknown_thresholds
from guantong.ledger.operations import act
from guantong.units.models import Unit


@dataclass(frozen=True)
class AreaDraft:
    """What is said of one priority area that is to be set."""

    code: str
    name: str
    goal: Goal | None = None
    unit: Unit | None = None


class CannotSetThresholds(Exception):
    """A name is no threshold, a value is negative, or it isn't the actor's to say."""


class CannotSetAreas(Exception):
    """Codes repeat, or it isn't the actor's to say."""


class CannotSetDays(Exception):
    """It isn't the actor's to say."""


class CannotTakeFiles(Exception):
    """It isn't the actor's to say."""


class CannotCorrectCampaign(Exception):
    """It would end before it starts, or it isn't the actor's to say."""


class CannotSetGoals(Exception):
    """A goal would be lost, or it isn't the actor's to say."""


def correct_campaign(
    *, campaign: Campaign, actor: Any, now: datetime.datetime, **values: Any
) -> Campaign:
    """Correct name, last day, and who approves projects: the campaign's coordinator does."""
    refuse_strangers(campaign, actor, now, CannotCorrectCampaign)
    ends_on = values.get("ends_on")
    if ends_on is not None and ends_on < campaign.starts_on:
        raise CannotCorrectCampaign(
            _("The campaign would end on %(end)s, before it starts on %(start)s.")
            % {"end": ends_on, "start": campaign.starts_on}
        )
    with act(actor=actor, now=now) as writing:
        writing.update([campaign], code=CampaignEntry.CORRECTED, **values)
    return campaign


def set_goals(
    *, campaign: Campaign, names: Sequence[str], actor: Any, now: datetime.datetime
) -> list[Goal]:
    """Word the campaign's goals anew, in their order, and add others after them.

    None is taken away: areas hang from them, and what was entered stays known.
    """
    refuse_strangers(campaign, actor, now, CannotSetGoals)
    known = list(campaign.goals.all())
    if len(names) < len(known):
        raise CannotSetGoals(
            _("A goal once set is kept: reword it. %(count)s are set, and %(given)s were given.")
            % {"count": len(known), "given": len(names)}
        )
    words = {
        goal.pk: {"name": name}
        for goal, name in zip(known, names, strict=False)
        if goal.name != name
    }
    reworded = [goal for goal in known if goal.pk in words]
    first = max((goal.position for goal in known), default=-1) + 1
    new = [
        Goal(campaign=campaign, name=name, position=first + number)
        for number, name in enumerate(names[len(known) :])
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(new, code=CampaignEntry.GOAL_SET)
        writing.update(reworded, code=CampaignEntry.GOAL_SET, changes=words)
    return new


def set_thresholds(
    *, campaign: Campaign, thresholds: Mapping[str, int], actor: Any, now: datetime.datetime
) -> Campaign:
    """Set some of the campaign's thresholds; the others keep their values. Its coordinator does."""
    refuse_strangers(campaign, actor, now, CannotSetThresholds)
    unknown = unknown_thresholds(thresholds)
    if unknown:
        raise CannotSetThresholds(
            _("There is no threshold named %(names)s.") % {"names": ", ".join(unknown)}
        )
    if any(value < 0 for value in thresholds.values()):
        raise CannotSetThresholds(_("A threshold is zero or more."))
    with act(actor=actor, now=now) as writing:
        writing.update(
            [campaign],
            code=CampaignEntry.CORRECTED,
            thresholds={**campaign.thresholds, **thresholds},
        )
    return campaign


def take_files(
    *, campaign: Campaign, takes_files: bool, actor: Any, now: datetime.datetime
) -> Campaign:
    """Say whether the campaign takes files at all (rule 12); what is kept already stays.

    A coordinator of the whole campaign says so.
    """
    refuse_strangers(campaign, actor, now, CannotTakeFiles)
    with act(actor=actor, now=now) as writing:
        writing.update([campaign], code=CampaignEntry.CORRECTED, takes_files=takes_files)
    return campaign


def set_areas(
    *, campaign: Campaign, drafts: Sequence[AreaDraft], actor: Any, now: datetime.datetime
) -> list[Area]:
    """Set priority areas, in the order given, after those that exist: the coordinator does."""
    refuse_strangers(campaign, actor, now, CannotSetAreas)
    codes = [draft.code for draft in drafts]
    taken = set(campaign.areas.filter(code__in=codes).values_list("code", flat=True))
    repeated = sorted({code for code in codes if code in taken or codes.count(code) > 1})
    if repeated:
        raise CannotSetAreas(
            _("These area codes are already used: %(codes)s. Give each area a code of its own.")
            % {"codes": ", ".join(repeated[:10])}
        )
    first = campaign.areas.count()
    areas = [
        Area(
            campaign=campaign,
            code=d.code,
            name=d.name,
            goal=d.goal,
            unit=d.unit,
            position=first + n,
        )
        for n, d in enumerate(drafts)
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(areas, code=CampaignEntry.AREA_SET)
    return areas


def correct_area(*, area: Area, actor: Any, now: datetime.datetime, **values: Any) -> Area:
    """Correct an area's name, goal, lead unit or place: the coordinator does."""
    return correct_areas(changes={area: values}, actor=actor, now=now)[0]


def correct_areas(
    *, changes: Mapping[Area, Mapping[str, Any]], actor: Any, now: datetime.datetime
) -> list[Area]:
    """Correct several areas' names, goals, lead units or places: the coordinator does."""
    for campaign in {area.campaign for area in changes}:
        refuse_strangers(campaign, actor, now, CannotSetAreas)
    with act(actor=actor, now=now) as writing:
        return writing.update(
            list(changes),
            code=CampaignEntry.AREA_CORRECTED,
            changes={area.pk: values for area, values in changes.items()},
        )


def set_days(
    *,
    campaign: Campaign,
    days: Mapping[datetime.date, bool],
    actor: Any,
    now: datetime.datetime,
    name: str = "",
) -> list[CalendarDay]:
    """Say which days are worked though weekends, or free though not: the coordinator does."""
    refuse_strangers(campaign, actor, now, CannotSetDays)
    known = {day.day: day for day in campaign.days.filter(day__in=days)}
    new = [
        CalendarDay(campaign=campaign, day=day, is_working=works, name=name)
        for day, works in days.items()
        if day not in known
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(new, code=CampaignEntry.DAY_SET)
        for day, row in known.items():
            writing.update([row], code=CampaignEntry.DAY_SET, is_working=days[day], name=name)
    campaign.__dict__.pop("calendar", None)
    return new
