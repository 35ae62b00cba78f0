"""Visits to sites, for whatever occasion."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guantong.industry.models import Site
from guantong.records.models import RecordDetail


class Visit(RecordDetail):
    """One visit to one site by a team (实地调研), for a project or another occasion.

    The record's title is its topic; its team are the record's researchers. `is_led` says that a
    leader takes part. A visit registered after it was made (补登) is counted apart.
    """

    site = models.ForeignKey(Site, models.PROTECT, related_name="visits", verbose_name=_("site"))
    purpose = models.TextField(_("purpose"), blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    is_unannounced = models.BooleanField(_("unannounced"), default=False)
    is_led = models.BooleanField(_("by leaders"), default=False)
    is_late = models.BooleanField(_("registered late"), default=False)
    visitor_days = models.DecimalField(
        _("visitor-days"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    host_hours = models.DecimalField(
        _("host hours"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    notes = models.TextField(_("notes"), blank=True)
    explanation = models.TextField(_("why once more"), blank=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        indexes = [models.Index(fields=["site", "starts_on", "ends_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="visit_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(visitor_days=None) | Q(visitor_days__gte=0),
                name="visitor_days_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(host_hours=None) | Q(host_hours__gte=0),
                name="host_hours_not_negative",
            ),
        ]
