"""The ledger codes of development."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DevelopmentEntry(TextChoices):
    INDICATOR_DRAFTED = "development.indicator.drafted", _("drafted the indicator")
    INDICATOR_ACTIVATED = "development.indicator.activated", _("activated the indicator")
    INDICATOR_REVISED = "development.indicator.revised", _("issued a new version of the indicator")
    INDICATOR_RETIRED = "development.indicator.retired", _("retired the indicator")
    MILESTONE_SET = "development.milestone.set", _("set the milestone")
    MILESTONE_REMOVED = "development.milestone.removed", _("removed the milestone")
    OBSERVATION_REPORTED = "development.observation.reported", _("reported the observation")
    OBSERVATION_VALIDATED = "development.observation.validated", _("validated the observation")
    OBSERVATION_REJECTED = "development.observation.rejected", _("rejected the observation")
