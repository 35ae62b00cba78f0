"""Audit queries, and the auditor's verdicts on records that were drawn."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.people.models import Person
from guantong.records.models import Drawn, RecordDetail


class Outcome(models.TextChoices):
    CLEARED = "cleared", _("Cleared up")
    UPHELD = "upheld", _("Upheld: to be put right")


class AuditQuery(RecordDetail):
    """An auditor asks about one record; its unit's head answers, the auditor settles (审计疑点)."""

    question = models.TextField(_("query"))
    answer = models.TextField(_("answer"), blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    settlement = models.TextField(_("settlement"), blank=True)
    outcome = models.CharField(
        _("outcome of the query"), max_length=10, choices=Outcome, blank=True
    )
    settled_on = models.DateField(_("settled on"), null=True, blank=True)

    class Meta:
        verbose_name = _("audit query")
        verbose_name_plural = _("audit queries")


class Finding(models.TextChoices):
    SOUND = "sound", _("Sound")
    QUERIED = "queried", _("Query raised")


class Verdict(models.Model):
    """What the auditor found of one record that was drawn: sound, or a query."""

    drawn = models.OneToOneField(Drawn, models.PROTECT, related_name="verdict")
    finding = models.CharField(_("verdict"), max_length=10, choices=Finding)
    note = models.TextField(_("remark"), blank=True)
    query = models.ForeignKey(
        AuditQuery, models.PROTECT, null=True, related_name="verdicts", verbose_name=_("query")
    )
    given_on = models.DateField(_("given on"))
    given_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("verdict by")
    )

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")

    def __str__(self) -> str:
        return f"{self.drawn}: {self.get_finding_display()}"
