"""Samples: from which list they were drawn, with which seed, and what came out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.people.models import Person
from guantong.records.models.records import Record


class Purpose(models.TextChoices):
    REVISIT = "revisit", _("revisits")
    AUDIT = "audit", _("audit")


class Draw(models.Model):
    """One sample drawn from a list of records of one kind, so that anybody can draw it again.

    `listed` are the references drawn from, sorted, one a line; the ledger holds their `digest`.
    The seed is the hash of `seed_entry`, the last entry before (docs/decisions/draws.md); only a
    demonstration, which must be the same each time, names one itself.
    """

    LEDGER_PLAIN = {"kind", "filters", "seed", "digest"}
    LEDGER_UNTRACKED = {"listed"}

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="draws")
    purpose = models.CharField(_("drawn for"), max_length=20, choices=Purpose)
    kind = models.CharField(_("kind"), max_length=20)
    filters = models.CharField(_("filters"), max_length=500, blank=True)
    drawn_from = models.CharField(_("drawn from"), max_length=500)
    listed = models.TextField()
    digest = models.CharField(_("SHA-256 of the list"), max_length=64)
    population = models.PositiveIntegerField(_("length of the list"))
    size = models.PositiveIntegerField(_("drawn"))
    seed = models.CharField(_("seed"), max_length=64)
    seed_entry = models.BigIntegerField(_("entry of the seed"), null=True)
    drawn_on = models.DateField(_("drawn on"))
    drawn_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="draws", verbose_name=_("drawn by")
    )

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")

    def __str__(self) -> str:
        return self.drawn_from


class Drawn(models.Model):
    """One record that came out of a draw, as its `position`-th."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="drawn")
    record = models.ForeignKey(Record, models.PROTECT, related_name="drawn")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["draw", "position"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "record"], name="drawn_once"),
            models.UniqueConstraint(fields=["draw", "position"], name="one_drawn_a_position"),
        ]

    def __str__(self) -> str:
        return f"{self.draw_id}: {self.position}"
