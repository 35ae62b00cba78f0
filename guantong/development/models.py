"""Development: indicators with their target paths, and what was observed of them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guantong.development import rules
from guantong.records.models import RecordDetail

# SQLite keeps 15 significant digits of a decimal; what must be told apart has to fit in them.
DIGITS, PLACES = 24, 10


class Direction(models.TextChoices):
    UP = rules.UP, _("Higher is better")
    DOWN = rules.DOWN, _("Lower is better")


class Indicator(RecordDetail):
    """One measured quantity of a priority area: where it stood, and where it should go by when."""

    definition = models.TextField(_("definition"), blank=True)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=60, blank=True)
    direction = models.CharField(
        _("direction"), max_length=4, choices=Direction, default=Direction.UP
    )
    baseline_value = models.DecimalField(
        _("baseline"), max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True
    )
    baseline_on = models.DateField(_("day of the baseline"), null=True, blank=True)
    target_value = models.DecimalField(
        _("target"), max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True
    )
    target_on = models.DateField(_("day of the target"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.CheckConstraint(
                condition=Q(baseline_on=None)
                | Q(target_on=None)
                | Q(target_on__gt=F("baseline_on")),
                name="target_after_baseline",
            )
        ]


class Milestone(models.Model):
    """A value that the indicator should have on a day between its baseline and its target."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="milestones")
    day = models.DateField(_("day"))
    value = models.DecimalField(_("value"), max_digits=DIGITS, decimal_places=PLACES)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["indicator", "day"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "day"], name="one_milestone_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.value}"


class Observation(RecordDetail):
    """One value of an indicator on one day: measured, or projected, and then kept apart.

    A correction is a new row that names the one it revises; both stay.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="observations")
    value = models.DecimalField(_("value"), max_digits=DIGITS, decimal_places=PLACES)
    observed_on = models.DateField(_("observed on"))
    is_projection = models.BooleanField(_("projection"), default=False)
    revision_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="revised_by",
        verbose_name=_("corrects"),
    )
    source = models.CharField(_("source of the value"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        indexes = [models.Index(fields=["indicator", "is_projection", "observed_on"])]
