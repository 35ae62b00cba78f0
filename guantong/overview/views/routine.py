"""The recurring jobs: when which ran last, and what it said."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from guantong.campaigns.requests import CampaignRequest
from guantong.overview.shell import SEEING
from guantong.routine.queries import is_working, job_lines, last_tick


def sees_routine(request: CampaignRequest) -> bool:
    """Whether the jobs are this person's business."""
    return any(grant.role in SEEING for grant in request.user.grants(request.today))


def routine(request: CampaignRequest) -> HttpResponse:
    """Show each job with its last turns."""
    if not sees_routine(request):
        raise Http404
    return render(
        request,
        "overview/routine.html",
        {
            "jobs": job_lines(),
            "is_working": is_working(request.now),
            "last_tick": last_tick(),
        },
    )
