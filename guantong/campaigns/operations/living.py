"""A campaign is opened, anew or after the last one's pattern, closed, and opened again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guantong.campaigns.entries import CampaignEntry
from guantong.campaigns.models import (
    Area,
    CalendarDay,
    Campaign,
    Goal,
    SessionFormat,
)
from guantong.kit.days import day_of
from guantong.kit.templatetags.days import day_in_words
from guantong.ledger.operations import Writing, act
from guantong.people.models import Person
from guantong.people.rules import ADMINISTRATOR, COORDINATOR, holds
from guantong.units.models import Unit

# What the next campaign has from the last, beside its goals, areas and days.
COPIED = ("word", "zone", "thresholds", "heads_approve_projects", "takes_files")


class CannotOpenCampaign(Exception):
    """The code is used, the campaign would end before it starts, or it isn't the actor's to say."""


class CannotCloseCampaign(Exception):
    """It is closed already, or it isn't the actor's to say."""


class CannotReopenCampaign(Exception):
    """It isn't closed, no reason is given, or it isn't the actor's to say."""


def open_campaign(
    *,
    code: str,
    name: str,
    unit: Unit,
    starts_on: datetime.date,
    actor: Person | None,
    now: datetime.datetime,
    goals: Sequence[str] = (),
    copied_from: Campaign | None = None,
    **values: Any,
) -> Campaign:
    """Open a campaign over a unit and all beneath it; a coordinator or administrator does.

    `copied_from` lends its goals, priority areas, thresholds, session formats and the rest of its
    calendar; what is given here goes before what is copied. What it required has had its day.
    """
    if actor is not None and not holds(
        actor.grants(day_of(now)), [COORDINATOR, ADMINISTRATOR], unit.path
    ):
        raise CannotOpenCampaign(
            _("A campaign over %(unit)s is opened by its coordinator or administrator.")
            % {"unit": unit}
        )
    if Campaign.objects.filter(code=code).exists():
        raise CannotOpenCampaign(
            _("A campaign with the code %(code)s exists. Choose another code.") % {"code": code}
        )
    ends_on = values.get("ends_on")
    if ends_on is not None and ends_on < starts_on:
        raise CannotOpenCampaign(
            _("The campaign would end on %(end)s, before it starts on %(start)s.")
            % {"end": day_in_words(ends_on), "start": day_in_words(starts_on)}
        )
    if copied_from is not None:
        values = {name: getattr(copied_from, name) for name in COPIED} | values
        goals = goals or [goal.name for goal in copied_from.goals.all()]
    campaign = Campaign(code=code, name=name, unit=unit, starts_on=starts_on, **values)
    with act(actor=actor, now=now, effective_on=starts_on) as writing:
        writing.create([campaign], code=CampaignEntry.OPENED)
        made = [Goal(campaign=campaign, name=g, position=n) for n, g in enumerate(goals)]
        writing.create(made, code=CampaignEntry.GOAL_SET)
        if copied_from is not None:
            _copy(writing, copied_from, campaign, made)
    return campaign


def close_campaign(
    *, campaign: Campaign, actor: Person | None, now: datetime.datetime, reason: str = ""
) -> Campaign:
    """Close a campaign: from then on it is read, and only personal data that must go is redacted.

    Its coordinator does. What is open in it stays as it stands; open problems can be carried
    forward.
    """
    refuse_strangers(campaign, actor, now, CannotCloseCampaign)
    if campaign.closed_on is not None:
        raise CannotCloseCampaign(
            _("“%(campaign)s” was closed on %(day)s already.")
            % {"campaign": campaign, "day": day_in_words(campaign.closed_on)}
        )
    today = campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=today, reason=reason) as writing:
        writing.update([campaign], code=CampaignEntry.CLOSED, closed_on=today)
    return campaign


def reopen_campaign(
    *, campaign: Campaign, actor: Person | None, now: datetime.datetime, reason: str
) -> Campaign:
    """Open a closed campaign again, for a written reason; its coordinator does."""
    refuse_strangers(campaign, actor, now, CannotReopenCampaign)
    if campaign.closed_on is None:
        raise CannotReopenCampaign(_("“%(campaign)s” is open.") % {"campaign": campaign})
    if not reason.strip():
        raise CannotReopenCampaign(_("Say in a sentence why it is opened again."))
    today = campaign.day_of(now)
    with act(actor=actor, now=now, effective_on=today, reason=reason) as writing:
        writing.update([campaign], code=CampaignEntry.REOPENED, closed_on=None)
    return campaign


def _copy(writing: Writing, last: Campaign, campaign: Campaign, goals: Sequence[Goal]) -> None:
    by_name = {goal.name: goal for goal in goals}
    writing.create(
        [
            Area(
                campaign=campaign,
                code=area.code,
                name=area.name,
                goal=by_name.get(area.goal.name) if area.goal else None,
                unit=area.unit,
                position=area.position,
            )
            for area in last.areas.select_related("goal", "unit")
        ],
        code=CampaignEntry.AREA_SET,
    )
    writing.create(
        [
            CalendarDay(campaign=campaign, day=day.day, is_working=day.is_working, name=day.name)
            for day in last.days.filter(day__gte=campaign.starts_on).order_by("day")
        ],
        code=CampaignEntry.DAY_SET,
    )
    writing.create(
        [
            SessionFormat(campaign=campaign, name=one.name, counts_as=one.counts_as)
            for one in last.session_formats.order_by("pk")
        ],
        code=CampaignEntry.FORMAT_SET,
    )


def refuse_strangers(
    campaign: Campaign, actor: Person | None, now: datetime.datetime, error: type[Exception]
) -> None:
    """Raise where somebody doesn't coordinate the whole campaign; the system may."""
    today = campaign.day_of(now)
    if actor is not None and not holds(actor.grants(today), [COORDINATOR], campaign.unit.path):
        raise error(_("That is for a coordinator of the whole campaign."))


def refuse_to_set(
    campaign: Campaign, actor: Any, now: datetime.datetime, error: type[Exception]
) -> None:
    """Raise where it isn't the actor's to set, or the campaign is closed and only read."""
    refuse_strangers(campaign, actor, now, error)
    if campaign.closed_on is not None:
        raise error(
            _("“%(campaign)s” was closed on %(day)s and is only read.")
            % {"campaign": campaign, "day": day_in_words(campaign.closed_on)}
        )
