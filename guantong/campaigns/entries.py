"""The ledger codes of campaigns."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CampaignEntry(TextChoices):
    OPENED = "campaigns.campaign.opened", _("opened the campaign")
    CLOSED = "campaigns.campaign.closed", _("closed the campaign")
    REOPENED = "campaigns.campaign.reopened", _("opened the campaign again")
    CORRECTED = "campaigns.campaign.corrected", _("corrected the campaign")
    GOAL_SET = "campaigns.goal.set", _("set the goal")
    GOAL_CORRECTED = "campaigns.goal.corrected", _("corrected the goal")
    AREA_SET = "campaigns.area.set", _("set the priority area")
    AREA_CORRECTED = "campaigns.area.corrected", _("corrected the priority area")
    DAY_SET = "campaigns.day.set", _("set the working day")
    DAY_CORRECTED = "campaigns.day.corrected", _("corrected the working day")
    FORMAT_SET = "campaigns.format.set", _("set the session format")
    FORMAT_CORRECTED = "campaigns.format.corrected", _("corrected the session format")
    REQUIREMENT_SET = "campaigns.requirement.set", _("set the study requirement")
    REQUIREMENT_CORRECTED = "campaigns.requirement.corrected", _("corrected the study requirement")
    REQUIREMENT_LIFTED = "campaigns.requirement.lifted", _("lifted the study requirement")
