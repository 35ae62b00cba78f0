"""Every signed-in request has its campaign, its instant and its day."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from guantong.campaigns.models import Campaign
from guantong.campaigns.queries import chosen_of, known_campaigns
from guantong.kit.days import day_of
from guantong.kit.templatetags.days import day_in_words
from guantong.people.models import Person


class CampaignRequest(HttpRequest):
    """A request as views get it: who asks, in which campaign, when, on which of its days."""

    user: Person
    campaign: Campaign | None
    campaigns: list[Campaign]
    now: datetime.datetime
    today: datetime.date


class CampaignMiddleware:
    """Gives the request its campaign and shows times in that campaign's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: CampaignRequest) -> HttpResponse:
        request.now = timezone.now()
        request.today = day_of(request.now)
        request.campaigns = []
        request.campaign = None
        if request.user.is_authenticated:
            request.campaigns = known_campaigns()
            request.campaign = chosen_of(request.campaigns, request.session.get("campaign"))
        if request.campaign is None:
            return self.get_response(request)
        request.today = request.campaign.day_of(request.now)
        with timezone.override(zoneinfo.ZoneInfo(request.campaign.zone)):
            return self.get_response(request)


def past_day(request: CampaignRequest) -> datetime.date | None:
    """Return the past day that the address asks for (`?on=2026-09-30`); None where it is today.

    Whatever is shown as of that day is shown with today's rights.
    """
    text = request.GET.get("on", "")
    if not text:
        return None
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise Http404(
            _("“%(text)s” is no day; write it as 2026-09-30.") % {"text": text}
        ) from error
    if day > request.today:
        raise Http404(_("%(day)s is in the future.") % {"day": day_in_words(day)})
    return None if day == request.today else day
