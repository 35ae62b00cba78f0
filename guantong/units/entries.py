"""The ledger codes of units."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnitEntry(TextChoices):
    REGISTERED = "units.unit.registered", _("registered the unit")
    CORRECTED = "units.unit.corrected", _("corrected the unit")
    MOVED = "units.unit.moved", _("moved the unit")
    CLOSED = "units.unit.closed", _("closed the unit")
