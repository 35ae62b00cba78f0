"""Rectification's recurring jobs."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.rectification.operations import (
    escalate_overdue,
    raise_revisits,
    reopen_expired_risks,
)
from guantong.routine.registry import Job, Turn, add_job
from guantong.routine.rules import Every


def escalate(turn: Turn) -> str:
    """Escalate in each campaign that works today; what a day off left is raised on the next."""
    count = 0
    for campaign in Campaign.objects.open().order_by("pk"):
        if campaign.works_on(campaign.day_of(turn.now)):
            count += escalate_overdue(campaign=campaign, now=turn.now)
    return gettext("%(count)s overdue records were escalated.") % {"count": count}


def reopen_risks(turn: Turn) -> str:
    """Open problems again whose risk is accepted no longer."""
    campaigns = Campaign.objects.open().order_by("pk")
    count = sum(len(reopen_expired_risks(campaign=one, now=turn.now)) for one in campaigns)
    return gettext("%(count)s problems were reopened, their risk being accepted no longer.") % {
        "count": count
    }


def set_revisits_down(turn: Turn) -> str:
    """Set down the revisits of what was closed since, with the samples drawn for them."""
    campaigns = Campaign.objects.open().order_by("pk")
    count = sum(len(raise_revisits(campaign=one, now=turn.now).revisits) for one in campaigns)
    return gettext("%(count)s revisits were set down.") % {"count": count}


add_job(Job("rectification.escalate", _("Escalate what is overdue"), Every.DAY, escalate))
add_job(Job("rectification.reopen", _("Reopen expired risks"), Every.DAY, reopen_risks))
add_job(Job("rectification.revisits", _("Set revisits down"), Every.DAY, set_revisits_down))
