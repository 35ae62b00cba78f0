"""A campaign's name, thresholds, goals, priority areas and working days are set."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.entries import CampaignEntry
from guantong.campaigns.models import Area, CalendarDay, Campaign, Goal
from guantong.campaigns.operations.living import refuse_to_set
from guantong.campaigns.rules import (
    DEFAULT_THRESHOLDS,
    thresholds_against,
    unknown_thresholds,
)
from guantong.kit.templatetags.days import day_in_words
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
    """A name is no threshold, a value won't do, or it isn't the actor's to say.

    `names` are the thresholds whose values won't do.
    """

    def __init__(self, sentence: str, names: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.names = names


class CannotCorrectCampaign(Exception):
    """It would end before it starts, it has no name, or it isn't the actor's to say."""


class CannotSetGoals(Exception):
    """A goal has no words or repeats, or it isn't the actor's to say."""


class CannotSetAreas(Exception):
    """Codes repeat, or it isn't the actor's to say."""


class CannotSetDays(Exception):
    """It isn't the actor's to say."""


class CannotTakeFiles(Exception):
    """It isn't the actor's to say."""


def set_thresholds(
    *, campaign: Campaign, thresholds: Mapping[str, int], actor: Any, now: datetime.datetime
) -> Campaign:
    """Set some of the campaign's thresholds; the others keep their values. Its coordinator does."""
    refuse_to_set(campaign, actor, now, CannotSetThresholds)
    unknown = unknown_thresholds(thresholds)
    if unknown:
        raise CannotSetThresholds(
            _("There is no threshold named %(names)s.") % {"names": ", ".join(unknown)}
        )
    if any(value < 0 for value in thresholds.values()):
        raise CannotSetThresholds(_("A threshold is zero or more."))
    whole = {**DEFAULT_THRESHOLDS, **campaign.thresholds, **thresholds}
    if wrong := thresholds_against(whole):
        sentence = _(
            "A longer span allows no fewer visits than a shorter one, a higher level waits no "
            "shorter than a lower one, and a share is 100 percent at most."
        )
        raise CannotSetThresholds(sentence, list(wrong))
    with act(actor=actor, now=now) as writing:
        writing.update(
            [campaign],
            code=CampaignEntry.CORRECTED,
            thresholds={**campaign.thresholds, **thresholds},
        )
    return campaign


def correct_campaign(
    *,
    campaign: Campaign,
    actor: Any,
    now: datetime.datetime,
    thresholds: Mapping[str, int] | None = None,
    **values: Any,
) -> Campaign:
    """Correct a campaign's name, its own word, its last day and who approves projects.

    Its coordinator does; thresholds given with it are set in the same act.
    """
    refuse_to_set(campaign, actor, now, CannotCorrectCampaign)
    if not values.get("name", campaign.name).strip():
        raise CannotCorrectCampaign(_("A campaign has a name."))
    ends_on = values.get("ends_on", campaign.ends_on)
    if ends_on is not None and ends_on < campaign.starts_on:
        raise CannotCorrectCampaign(
            _("The campaign would end on %(end)s, before it starts on %(start)s.")
            % {"end": day_in_words(ends_on), "start": day_in_words(campaign.starts_on)}
        )
    with act(actor=actor, now=now) as writing:
        if values:
            writing.update([campaign], code=CampaignEntry.CORRECTED, **values)
        if thresholds:
            set_thresholds(campaign=campaign, thresholds=thresholds, actor=actor, now=now)
    return campaign


def set_goals(
    *, campaign: Campaign, names: Sequence[str], actor: Any, now: datetime.datetime
) -> list[Goal]:
    """Set goals in the campaign's own words, after those that exist: the coordinator does."""
    refuse_to_set(campaign, actor, now, CannotSetGoals)
    names = [name.strip() for name in names]
    _refuse_goals(names, campaign.goals.values_list("name", flat=True))
    first = campaign.goals.count()
    goals = [Goal(campaign=campaign, name=name, position=first + n) for n, name in enumerate(names)]
    with act(actor=actor, now=now) as writing:
        writing.create(goals, code=CampaignEntry.GOAL_SET)
    return goals


def correct_goals(
    *, changes: Mapping[Goal, Mapping[str, Any]], actor: Any, now: datetime.datetime
) -> list[Goal]:
    """Correct the words or the order of goals: the coordinator does."""
    for campaign in {goal.campaign for goal in changes}:
        refuse_to_set(campaign, actor, now, CannotSetGoals)
        others = campaign.goals.exclude(pk__in=[goal.pk for goal in changes])
        names = [values.get("name", goal.name).strip() for goal, values in changes.items()]
        _refuse_goals(names, others.values_list("name", flat=True))
    with act(actor=actor, now=now) as writing:
        return writing.update(
            list(changes),
            code=CampaignEntry.GOAL_CORRECTED,
            changes={goal.pk: values for goal, values in changes.items()},
        )


def take_files(
    *, campaign: Campaign, takes_files: bool, actor: Any, now: datetime.datetime
) -> Campaign:
    """Say whether the campaign takes files at all (rule 12); what is kept already stays.

    A coordinator of the whole campaign says so.
    """
    refuse_to_set(campaign, actor, now, CannotTakeFiles)
    with act(actor=actor, now=now) as writing:
        writing.update([campaign], code=CampaignEntry.CORRECTED, takes_files=takes_files)
    return campaign


def set_areas(
    *, campaign: Campaign, drafts: Sequence[AreaDraft], actor: Any, now: datetime.datetime
) -> list[Area]:
    """Set priority areas, in the order given, after those that exist: the coordinator does."""
    refuse_to_set(campaign, actor, now, CannotSetAreas)
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
        refuse_to_set(campaign, actor, now, CannotSetAreas)
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
    refuse_to_set(campaign, actor, now, CannotSetDays)
    known = {day.day: day for day in campaign.days.filter(day__in=days)}
    new = [
        CalendarDay(campaign=campaign, day=day, is_working=works, name=name)
        for day, works in days.items()
        if day not in known
    ]
    with act(actor=actor, now=now) as writing:
        writing.create(new, code=CampaignEntry.DAY_SET)
        for day, row in known.items():
            writing.update([row], code=CampaignEntry.DAY_SET, is_working=days[day])
    campaign.__dict__.pop("calendar", None)
    return new


def correct_days(
    *, changes: Mapping[CalendarDay, Mapping[str, Any]], actor: Any, now: datetime.datetime
) -> list[CalendarDay]:
    """Correct what is said of days of the calendar: the coordinator does."""
    for campaign in {day.campaign for day in changes}:
        refuse_to_set(campaign, actor, now, CannotSetDays)
    with act(actor=actor, now=now) as writing:
        return writing.update(
            list(changes),
            code=CampaignEntry.DAY_CORRECTED,
            changes={day.pk: values for day, values in changes.items()},
        )


def _refuse_goals(names: Sequence[str], others: Iterable[str]) -> None:
    if not all(names):
        raise CannotSetGoals(_("Say the goal in words."))
    known = set(others)
    if repeated := [name for n, name in enumerate(names) if name in known or name in names[:n]]:
        raise CannotSetGoals(_("“%(goal)s” is a goal already.") % {"goal": repeated[0]})
