"""Every signed-in request has its campaign, its instant and its day."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from guantong.campaigns.models import Campaign
from guantong.campaigns.queries import current_campaign
from guantong.kit.days import day_of
from guantong.people.models import Person


class CampaignRequest(HttpRequest):
    """A request as views get it: who asks, in which campaign, when, on which of its days."""

    user: Person
    campaign: Campaign | None
    now: datetime.datetime
    today: datetime.date


class CampaignMiddleware:
    """Gives the request its campaign and shows times in that campaign's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: CampaignRequest) -> HttpResponse:
        request.now = timezone.now()
        request.today = day_of(request.now)
        request.campaign = None
        if request.user.is_authenticated:
            request.campaign = current_campaign(request.session.get("campaign"))
        if request.campaign is None:
            return self.get_response(request)
        request.today = request.campaign.day_of(request.now)
        with timezone.override(zoneinfo.ZoneInfo(request.campaign.zone)):
            return self.get_response(request)
