"""Decisions that were taken on paper."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.people.models import Person
from guantong.records.models.records import Record


class PaperDecision(models.Model):
    """A decision that somebody took on paper and a liaison or coordinator entered (代录)."""

    LEDGER_PLAIN = {"transition", "scan"}

    record = models.ForeignKey(Record, models.PROTECT, related_name="paper_decisions")
    transition = models.CharField(max_length=40)
    decided_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="paper_decisions",
        verbose_name=_("decided by"),
    )
    decided_on = models.DateField(_("decided on"))
    number = models.CharField(_("document number"), max_length=80, blank=True)
    # Empty only where the campaign takes no files.
    scan = models.CharField(_("scan"), max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.record_id}: {self.transition} {self.decided_on}"
