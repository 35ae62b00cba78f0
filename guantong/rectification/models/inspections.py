"""Inspections of units, their checklists, and what the units replied."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.people.models import Person
from guantong.records.models import Record, RecordDetail


class InspectionKind(models.TextChoices):
    SELF_EXAMINATION = "self_examination", _("Self-examination")
    INSPECTION = "inspection", _("Inspection by the office")
    SPOT_CHECK = "spot_check", _("Spot check")
    DISCIPLINARY_FEEDBACK = "disciplinary_feedback", _("Disciplinary-inspection feedback")
    GUIDANCE_FEEDBACK = "guidance_feedback", _("Guidance-group feedback")


class Inspection(RecordDetail):
    """One unit is looked at by somebody else, or by itself, against a checklist.

    `source_name` and `source_reference` say which group's feedback it is, where it comes from
    outside.
    """

    LEDGER_PLAIN = {"source_name", "source_reference"}

    inspection_kind = models.CharField(
        _("kind of inspection"),
        max_length=30,
        choices=InspectionKind,
        default=InspectionKind.INSPECTION,
    )
    purpose = models.TextField(_("what is looked at"), blank=True)
    planned_on = models.DateField(_("planned for"), null=True, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    feedback = models.TextField(_("feedback"), blank=True)
    fed_back_on = models.DateField(_("fed back on"), null=True, blank=True)
    settlement = models.TextField(_("how it was settled"), blank=True)
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    source_reference = models.CharField(_("number in the source"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        indexes = [models.Index(fields=["inspection_kind"])]


class Result(models.TextChoices):
    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")


class ChecklistItem(models.Model):
    """One thing that an inspection looks at, and what was found of it once it was made.

    `problem` is the problem that was raised from it, where it wasn't met.
    """

    record = models.ForeignKey(Record, models.PROTECT, related_name="checklist_items")
    position = models.PositiveIntegerField()
    text = models.CharField(_("checklist item"), max_length=500)
    result = models.CharField(_("result"), max_length=20, choices=Result, blank=True)
    found = models.TextField(_("what was found of it"), blank=True)
    problem = models.ForeignKey(
        Record,
        models.PROTECT,
        null=True,
        related_name="raised_from_items",
        verbose_name=_("problem raised"),
    )

    class Meta:
        ordering = ["record", "position"]
        constraints = [
            models.UniqueConstraint(fields=["record", "position"], name="one_item_a_place"),
            models.CheckConstraint(
                condition=Q(problem=None) | Q(result="not_met"),
                name="only_what_is_not_met_becomes_a_problem",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Stance(models.TextChoices):
    REPLY = "reply", _("Reply")
    OBJECTION = "objection", _("Objection")


class InspectionReply(models.Model):
    """What the head of an inspected unit answered to the feedback, in writing."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="inspection_replies")
    stance = models.CharField(_("reply or objection"), max_length=20, choices=Stance)
    text = models.TextField(_("reply"))
    replied_on = models.DateField(_("day"))
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["replied_on", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
