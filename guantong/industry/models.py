"""Sectors, places, and the sites that the campaign visits and that problems concern."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Sector(models.Model):
    """One sector (行业) of industry, in the organisation's own division."""

    LEDGER_PLAIN = {"code"}

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveIntegerField(_("official order"), default=0)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """One place in which sites lie: a country, a province, a city or a county."""

    LEDGER_PLAIN = {"code"}

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("lies in"),
    )
    position = models.PositiveIntegerField(_("official order"), default=0)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="place_not_in_itself"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SiteKind(models.TextChoices):
    ENTERPRISE = "enterprise", _("Enterprise")
    PLANT = "plant", _("Plant or works")
    PARK = "park", _("Industrial park")
    INSTITUTION = "institution", _("Institution")
    SCHOOL = "school", _("School or university")
    GOVERNMENT = "government", _("Local government")
    COMMUNITY = "community", _("Community or village")
    OTHER = "other", _("Other site")


class Site(models.Model):
    """One site (调研点位) that can be visited: an enterprise, a plant of it, a park, a village.

    `parent` is what it belongs to (a works of an enterprise, an enterprise in a park), where visits
    to the one burden the other. `source` names the register that it comes from, if any.
    """

    LEDGER_PLAIN = {"code", "source"}

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=300, db_index=True)
    kind = models.CharField(_("kind"), max_length=20, choices=SiteKind, default=SiteKind.ENTERPRISE)
    sector = models.ForeignKey(
        Sector,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sites",
        verbose_name=_("sector"),
    )
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sites",
        verbose_name=_("place"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("belongs to"),
    )
    is_lead = models.BooleanField(_("lead enterprise"), default=False)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="site_not_in_itself"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(latitude__gte=-90, latitude__lte=90),
                name="site_latitude_is_one",
            ),
            models.CheckConstraint(
                condition=Q(longitude=None) | Q(longitude__gte=-180, longitude__lte=180),
                name="site_longitude_is_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name
