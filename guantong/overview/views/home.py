"""Home: the thread, where it is cut, what waits, and what came since one was last here."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from guantong.campaigns.models import Campaign
from guantong.campaigns.requests import CampaignRequest
from guantong.figures.scope import Scope
from guantong.figures.views.pages import scope_of
from guantong.industry.models import Sector
from guantong.overview.queries import (
    changes_since,
    cuts_of,
    first_steps,
    kept_by,
    thread_of,
    waiting_for,
)
from guantong.overview.thread import Cut, draw
from guantong.overview.views.changes import recent
from guantong.overview.views.work import work_rows
from guantong.people.models import Person
from guantong.people.operations import mark_here
from guantong.people.rules import ADMINISTRATOR, COORDINATOR, SEEING_ROLES
from guantong.records.models import Record
from guantong.records.visibility import widest
from guantong.units.models import Unit
from guantong.units.rules import covers

SHORT = 6
# Who sets a campaign up.
SETTING_UP = frozenset({ADMINISTRATOR, COORDINATOR})
# How far back one looks who was never here before.
WEEK = datetime.timedelta(7)


def home(request: CampaignRequest) -> HttpResponse:
    """Show the campaign at a glance, as far as this person may see it.

    The address may narrow it to a unit, a priority area, a sector, or how it stood on a past day.
    """
    campaign, person, today = request.campaign, request.user, request.today
    if campaign is None:
        return render(request, "overview/empty.html")
    scope = _scope_of(request)
    thread, cuts = thread_of(scope), cuts_of(scope)
    tails = [
        Cut(line.step, line.in_picture, line.count, line.url) for line in cuts if line.in_picture
    ]
    labels = {stage.name: stage.label for stage in thread.stages}
    has_records = any(stage.count for stage in thread.stages)
    roles = {grant.role for grant in person.grants(today)}
    # An administrator sees no record by that role: what they keep stands in the thread's place.
    is_blind = ADMINISTRATOR in roles and not roles & SEEING_ROLES and _holds_records(campaign)
    keeps = is_blind and not has_records
    largest = max([stage.count for stage in thread.stages] + [1])
    # On a past day nothing of what is of today stands beside the thread.
    waiting = (
        waiting_for(person, campaign=campaign, on=today, limit=SHORT) if scope.is_today else []
    )
    since = mark_here(person=person, on=today) or today - WEEK
    return render(
        request,
        "overview/home.html",
        {
            "day": (scope.as_of - campaign.starts_on).days + 1,
            "picture": draw(thread.stages, thread.flows, tails),
            "stages": [(stage, 100 * stage.count / largest) for stage in thread.stages],
            "flows": [
                {"from": labels[f.source], "to": labels[f.target], "count": f.count, "url": f.url}
                for f in thread.flows
                if f.source in labels and f.target in labels
            ],
            "has_records": has_records,
            "first_steps": first_steps(campaign, roles=roles, on=today)
            if roles & SETTING_UP and not has_records and not keeps and scope.is_today
            else (),
            "kept": kept_by(person, on=today, now=request.now) if keeps else (),
            "cuts": [(line, scope.is_today and bool(line.act_by & roles)) for line in cuts],
            "waiting": work_rows(waiting, campaign=campaign, today=today),
            "changes": recent(campaign=campaign, person=person, on=today, size=SHORT)
            if scope.is_today
            else (),
            "since": since,
            "came": changes_since(scope, since) if scope.is_today and not scope.only else [],
            **narrowed(scope, person),
        },
    )


def _holds_records(campaign: Campaign) -> bool:
    return Record.objects.filter(campaign=campaign, is_hidden=False).exists()


def _scope_of(request: CampaignRequest) -> Scope:
    """The scope that the address names; of breakdowns, home is narrowed to a sector only."""
    scope = scope_of(request)
    sector = scope.only.get("sector", "")
    if sector and not Sector.objects.filter(code=sector).exists():
        raise Http404
    return replace(scope, only={"sector": sector} if sector else {})


def narrowed(scope: Scope, person: Person) -> dict[str, Any]:
    """What the page says of its scope, and to what else it could be narrowed."""
    return {
        "scope": scope,
        "units": _units_offered(scope, person),
        "sees_all": _sees_all(scope, person),
        "areas": scope.campaign.areas.all(),
        "sectors": Sector.objects.order_by("pk"),
        "sector": scope.only.get("sector", ""),
        "past": None if scope.is_today else scope.as_of,
        "present_url": "/",
    }


def _units_offered(scope: Scope, person: Person) -> list[Unit]:
    """The units to which the person may narrow the page: above and beneath where it is now, as far
    as their records are seen."""
    whole, now = scope.campaign.unit, scope.unit
    paths = _paths_seen(scope, person)
    if now is None and not _sees_all(scope, person):
        own = Unit.objects.filter(path__in=paths)
        beneath = Unit.objects.filter(parent__in=own) if len(paths) == 1 else own.none()
        return list((own | beneath).filter(closed_on=None).distinct().in_official_order())
    above = Unit.objects.above(now) if now else ()
    beneath = Unit.objects.filter(parent=now or whole, closed_on=None).in_official_order()
    around = [*above, *([now] if now else ()), *beneath]
    return [
        unit
        for unit in around
        if unit == now
        or (unit != whole and (not paths or any(covers(path, unit.path) for path in paths)))
    ]


def _paths_seen(scope: Scope, person: Person) -> list[str]:
    """Where the person sees whole units; nowhere, who sees only what they have a part in."""
    grants = person.grants(scope.today)
    return widest(grant.path for grant in grants if grant.role in SEEING_ROLES)


def _sees_all(scope: Scope, person: Person) -> bool:
    paths = _paths_seen(scope, person)
    return not paths or any(covers(path, scope.campaign.unit.path) for path in paths)
