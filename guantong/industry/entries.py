"""The ledger codes of sectors, places and sites."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IndustryEntry(TextChoices):
    SECTOR_REGISTERED = "industry.sector.registered", _("registered the sector")
    SECTOR_CORRECTED = "industry.sector.corrected", _("corrected the sector")
    PLACE_REGISTERED = "industry.place.registered", _("registered the place")
    PLACE_CORRECTED = "industry.place.corrected", _("corrected the place")
    SITE_REGISTERED = "industry.site.registered", _("registered the site")
    SITE_CORRECTED = "industry.site.corrected", _("corrected the site")
