"""What becomes of a problem beside its lifecycle: asked of a unit above, or reviewed for long."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.people.models import Person
from guantong.records.models import Record
from guantong.units.models import Unit


class Outcome(models.TextChoices):
    TAKEN_OVER = "taken_over", _("Taken over")
    ANSWERED = "answered", _("Answered in writing")


class RoutingQuerySet(models.QuerySet["Routing"]):
    def waiting_on(self, day: datetime.date) -> RoutingQuerySet:
        """Those asked by the end of `day` and not answered by then."""
        return self.filter(asked_on__lte=day).filter(Q(answered_on=None) | Q(answered_on__gt=day))


class Routing(models.Model):
    """A unit asked a unit above it to own the cause of one problem (提请上级解决)."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="routings")
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    asked_of = models.ForeignKey(
        Unit, models.PROTECT, related_name="routings", verbose_name=_("unit asked above")
    )
    asked_on = models.DateField(_("asked on"))
    reason = models.TextField(_("why the unit above is asked"))
    due_on = models.DateField(_("answer due on"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    answer = models.TextField(_("answer of the unit above"), blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    objects = RoutingQuerySet.as_manager()

    class Meta:
        ordering = ["asked_on", "pk"]
        indexes = [models.Index(fields=["answered_on", "due_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(answered_on=None), name="one_routing_waits"
            )
        ]

    def __str__(self) -> str:
        return self.reason[:80]


class Review(models.Model):
    """A long-term problem was looked at again on a day, and the next day set (长期坚持)."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="reviews")
    reviewed_on = models.DateField(_("reviewed on"))
    text = models.TextField(_("what the review found"))
    next_on = models.DateField(_("next review on"), null=True, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["reviewed_on", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
