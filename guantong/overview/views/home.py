"""Home: the thread as counts, where it is cut, what waits, what changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from guantong.campaigns.requests import CampaignRequest
from guantong.overview.queries import cuts_of, thread_of, waiting_for
from guantong.overview.thread import Cut, draw
from guantong.overview.views.changes import recent
from guantong.overview.views.work import work_rows

SHORT = 6


def home(request: CampaignRequest) -> HttpResponse:
    """Show the campaign at a glance, as far as this person may see it."""
    campaign, person, today = request.campaign, request.user, request.today
    if campaign is None:
        return render(request, "overview/empty.html")
    thread = thread_of(campaign, person=person, on=today)
    cuts = cuts_of(campaign, person=person, on=today)
    tails = [
        Cut(line.step, line.in_picture, line.count, line.url) for line in cuts if line.in_picture
    ]
    labels = {stage.name: stage.label for stage in thread.stages}
    largest = max([stage.count for stage in thread.stages] + [1])
    waiting = waiting_for(person, campaign=campaign, on=today, limit=SHORT)
    return render(
        request,
        "overview/home.html",
        {
            "day": (today - campaign.starts_on).days + 1,
            "picture": draw(thread.stages, thread.flows, tails),
            "stages": [(stage, 100 * stage.count / largest) for stage in thread.stages],
            "flows": [
                {"from": labels[f.source], "to": labels[f.target], "count": f.count, "url": f.url}
                for f in thread.flows
                if f.source in labels and f.target in labels
            ],
            "has_records": any(stage.count for stage in thread.stages),
            "cuts": cuts,
            "waiting": work_rows(waiting, campaign=campaign, today=today),
            "changes": recent(campaign=campaign, person=person, on=today, size=SHORT),
        },
    )
