"""What similar problems of several units propose (rule 7)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guantong.records.models import RecordDetail


class Proposal(RecordDetail):
    """Similar problems of several units propose a systemic problem (共性问题) for the unit above.

    The similar problems and, once there is one, the systemic problem hang from it by links.
    """

    likeness = models.PositiveSmallIntegerField(_("likeness asked for, in percent"))

    class Meta:
        verbose_name = _("systemic problem proposed")
        verbose_name_plural = _("systemic problems proposed")
