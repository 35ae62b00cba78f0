"""Rectification's recurring jobs."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.rectification.operations import escalate_overdue
from guantong.routine.registry import Job, Turn, add_job
from guantong.routine.rules import Every


def escalate(turn: Turn) -> str:
    """Escalate in each campaign that works today; what a day off left is raised on the next."""
    count = 0
    for campaign in Campaign.objects.open().order_by("pk"):
        if campaign.works_on(campaign.day_of(turn.now)):
            count += escalate_overdue(campaign=campaign, now=turn.now)
    return gettext("%(count)s overdue records were escalated.") % {"count": count}


add_job(Job("rectification.escalate", _("Escalate what is overdue"), Every.DAY, escalate))
