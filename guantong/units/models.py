"""The organisation: units in one tree, each parent with the days on which it was so."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.units.rules import below


class UnitKind(models.TextChoices):
    ORGANISATION = "organisation", _("Organisation")
    LEADERSHIP = "leadership", _("Leadership")
    DEPARTMENT = "department", _("Department or bureau")
    AFFILIATED = "affiliated", _("Affiliated unit")
    UNIVERSITY = "university", _("University")
    PROVINCIAL = "provincial", _("Provincial body")
    COMPANY = "company", _("Company")
    OFFICE = "office", _("Office or division")
    OTHER = "other", _("Other unit")


class UnitQuerySet(models.QuerySet["Unit"]):
    def under(self, unit: Unit) -> UnitQuerySet:
        """`unit` and all beneath it."""
        first, last = below(unit.path)
        return self.filter(path__gte=first, path__lt=last)

    def above(self, unit: Unit) -> UnitQuerySet:
        """The units over `unit`, highest first."""
        length = len(unit.path)
        prefixes = [unit.path[:end] for end in range(4, length, 4)]
        return self.filter(path__in=prefixes).order_by("path")

    def in_official_order(self) -> UnitQuerySet:
        return self.order_by("path")


class Unit(models.Model):
    """One unit of the organisation, for as long as it exists."""

    LEDGER_PLAIN = {"code"}
    LEDGER_UNTRACKED = {"path"}

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind, default=UnitKind.OTHER)
    position = models.PositiveIntegerField(_("official order"), default=0)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    path = models.CharField(max_length=120, db_index=True, default="", editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.short_name or self.name


class ParentPeriod(models.Model):
    """One unit hung beneath another from a day until a day (half open); none at the top."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="parent_periods")
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="child_periods")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(ends_on=None), name="one_parent_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="parent_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} < {self.parent} {self.starts_on} – {self.ends_on or ''}"


def parents_on(day: datetime.date) -> dict[int, int | None]:
    """Return each unit's parent as it was on `day`."""
    periods = ParentPeriod.objects.filter(starts_on__lte=day).filter(
        Q(ends_on=None) | Q(ends_on__gt=day)
    )
    return dict(periods.values_list("unit_id", "parent_id"))
