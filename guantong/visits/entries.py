"""The ledger codes of visits."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VisitEntry(TextChoices):
    PLANNED = "visits.visit.planned", _("planned the visit")
    ADOPTED = "visits.visit.adopted", _("adopted the visit from another register")
    CLEARED = "visits.visit.cleared", _("cleared the visit")
    CLEARED_OVER_LIMITS = (
        "visits.visit.cleared_over_limits",
        _("cleared the visit over the limits"),
    )
    EXPLAINED = "visits.visit.explained", _("explained why the site is visited once more")
    JOINED = "visits.visit.joined", _("joined the visit with another team")
    CHANGED = "visits.visit.changed", _("changed site, days or team of the visit")
    MADE = "visits.visit.made", _("entered the visit as made")
    REGISTERED_LATE = "visits.visit.registered_late", _("registered the visit late")
    WRITTEN_UP = "visits.visit.written_up", _("wrote the visit up")
    MERGED = "visits.visit.merged", _("merged the visit into another")
    CANCELLED = "visits.visit.cancelled", _("cancelled the visit")
    NOT_MADE = "visits.visit.not_made", _("entered that the visit was not made")
