"""The ledger codes of study."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StudyEntry(TextChoices):
    SERIES_OPENED = "study.series.opened", _("opened the series")
    SESSION_PLANNED = "study.session.planned", _("planned the session")
    SESSION_HELD = "study.session.held", _("entered the session as held")
    SESSION_CANCELLED = "study.session.cancelled", _("cancelled the session")
    CONTRIBUTION_ENTERED = "study.contribution.entered", _("entered a contribution")
    CONTRIBUTION_REMOVED = "study.contribution.removed", _("removed a contribution")
    ATTENDANCE_NAMED = "study.attendance.named", _("named who attended")
    ATTENDANCE_CORRECTED = "study.attendance.corrected", _("corrected who attended")
    ATTENDANCE_REMOVED = "study.attendance.removed", _("removed a name from those who attended")
    IDEA_RAISED = "study.idea.raised", _("raised the idea")
    IDEA_LINKED = "study.idea.linked", _("took up the idea")
    IDEA_DECLINED = "study.idea.declined", _("decided on no action")
