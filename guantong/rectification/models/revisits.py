"""Revisits: whether what was put right lasts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.records.models import Draw, RecordDetail
from guantong.rectification.models.problems import Closure


class Means(models.TextChoices):
    VISIT = "visit", _("By visit")
    TELEPHONE = "telephone", _("By telephone")
    DOCUMENT = "document", _("By document")
    DATA = "data", _("By data")


class Revisit(RecordDetail):
    """Somebody looks again whether one closing of one problem lasts (督查回访).

    `draw` is the sample that it came out of; critical and high problems need none.
    """

    closure = models.ForeignKey(
        Closure, models.PROTECT, related_name="revisits", verbose_name=_("closing looked at")
    )
    draw = models.ForeignKey(
        Draw,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="revisits",
        verbose_name=_("sample"),
    )
    means = models.CharField(_("by what means"), max_length=10, choices=Means, blank=True)
    made_on = models.DateField(_("made on"), null=True, blank=True)
    found = models.TextField(_("what the revisit found"), blank=True)

    class Meta:
        verbose_name = _("revisit")
        verbose_name_plural = _("revisits")
