"""Problems, the measures that answer them, and the verifications that judge both."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.industry.models import Sector
from guantong.people.models import Person
from guantong.records.models import Draw, Record, RecordDetail


class Severity(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")
    CRITICAL = "critical", _("Critical")


class Problem(RecordDetail):
    """One thing that is not as it should be, and for which one unit answers until it is.

    `source_name` and `source_reference` say from which register it was imported and what it is
    called there; `source_ending` is that register's own word on how it ended.
    """

    LEDGER_PLAIN = {"source_name", "source_reference", "source_ending"}

    description = models.TextField(_("what is wrong"), blank=True)
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity, default=Severity.MEDIUM
    )
    root_cause = models.TextField(_("root cause"), blank=True)
    closure_criterion = models.TextField(_("closure criterion"), blank=True)
    reply = models.TextField(_("reply of the unit"), blank=True)
    identified_on = models.DateField(_("identified on"))
    # The last closing; that it was undone is said by the state and by the closures, which all stay.
    closed_on = models.DateField(_("closed out on"), null=True, blank=True)
    accepted_until = models.DateField(_("risk accepted until"), null=True, blank=True)
    is_systemic = models.BooleanField(_("systemic problem"), default=False)
    # Kept up for long (长期坚持): looked at again on this day, and so on until it isn't needed.
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
        verbose_name=_("sector"),
    )
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    source_reference = models.CharField(_("number in the source"), max_length=120, blank=True)
    source_ending = models.CharField(_("ending in the source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        indexes = [
            models.Index(fields=["source_name", "source_reference"]),
            models.Index(fields=["severity"]),
            models.Index(fields=["review_on"]),
            models.Index(fields=["accepted_until"]),
        ]


class ClosureQuerySet(models.QuerySet["Closure"]):
    def standing_on(self, day: datetime.date) -> ClosureQuerySet:
        """Those made by the end of `day` and not undone by then."""
        return self.filter(closed_on__lte=day).filter(Q(undone_on=None) | Q(undone_on__gt=day))


class Closure(models.Model):
    """One problem was closed once, with this determination; a reopening leaves the row standing."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="closures")
    # Unknown where the source names an ending without its day.
    closed_on = models.DateField(_("closed out on"), null=True, blank=True)
    determination = models.TextField(_("determination"), blank=True)
    is_from_source = models.BooleanField(_("according to the source"), default=False)
    closed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )
    undone_on = models.DateField(_("reopened on"), null=True, blank=True)
    listed_in = models.ForeignKey(
        Draw,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="listed_closures",
        verbose_name=_("among those drawn from"),
    )

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.UniqueConstraint(
                fields=["record"], condition=Q(undone_on=None), name="one_closure_stands"
            )
        ]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.closed_on}"


class MeasureKind(models.TextChoices):
    IMMEDIATE = "immediate", _("Immediate")
    TIME_BOUND = "time_bound", _("Time-bound")
    INSTITUTIONAL = "institutional", _("Long-term and institutional")


class Measure(RecordDetail):
    """One thing that a unit does about a problem, or to move a priority area."""

    LEDGER_PLAIN = {"source_name", "source_reference"}

    measure_kind = models.CharField(
        _("kind of measure"), max_length=20, choices=MeasureKind, default=MeasureKind.TIME_BOUND
    )
    description = models.TextField(_("what is done"), blank=True)
    expected_effect = models.TextField(_("expected effect"), blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    source_reference = models.CharField(_("number in the source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("measure")
        verbose_name_plural = _("measures")
        indexes = [
            models.Index(fields=["measure_kind"]),
            models.Index(fields=["source_name", "source_reference"]),
        ]


class ProgressNote(models.Model):
    """What was done on one measure by a day, as somebody wrote it then."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="progress_notes")
    text = models.TextField(_("progress"))
    noted_on = models.DateField(_("day"))
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["noted_on", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Verification(RecordDetail):
    """A second person judges one problem and its measures, from evidence and by the criterion."""

    concluded_on = models.DateField(_("concluded on"), null=True, blank=True)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")


class VerificationItem(models.Model):
    """What one verification found of one measure, or, where none is named, of the criterion."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="verification_items")
    measure = models.ForeignKey(
        Record,
        models.PROTECT,
        null=True,
        related_name="findings_of_verification",
        verbose_name=_("measure"),
    )
    is_met = models.BooleanField(_("met"))
    text = models.TextField(_("what was found"))

    class Meta:
        ordering = ["record", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "measure"], name="one_finding_a_measure"),
            models.UniqueConstraint(
                fields=["record"], condition=Q(measure=None), name="one_finding_of_the_criterion"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]
