"""Special rectification: named drives that group problems and measures."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.records.models import RecordDetail


class Drive(RecordDetail):
    """One special rectification (专项整治): what it is to put right, and how it ended.

    What it groups hangs from it by links. `left_open` is how many of these had not ended when it
    was closed.
    """

    purpose = models.TextField(_("what it is to put right"), blank=True)
    closed_on = models.DateField(_("drive closed on"), null=True, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    left_open = models.PositiveIntegerField(_("still open at the close"), null=True, blank=True)

    class Meta:
        verbose_name = _("special rectification")
        verbose_name_plural = _("special rectifications")
