"""Pages given to those who have no account, and pasted texts that wait to become records."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.industry.models import Site
from guantong.people.models import Person


class GivenPageQuerySet(models.QuerySet["GivenPage"]):
    def open_on(self, day: datetime.date) -> GivenPageQuerySet:
        """Those that may be read on `day`."""
        return self.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day), until__gte=day)


class GivenPage(models.Model):
    """One visited site was given a link to a page of what became of the findings made there.

    Whoever has the link reads it, up to and with the day `until`, unless it is taken back.
    """

    site = models.ForeignKey(
        Site, models.PROTECT, related_name="given_pages", verbose_name=_("site")
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="given_pages")
    given_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("page given by")
    )
    given_on = models.DateField(_("page given on"))
    until = models.DateField(_("readable until"))
    withdrawn_on = models.DateField(_("taken back on"), null=True, blank=True)

    objects = GivenPageQuerySet.as_manager()

    class Meta:
        verbose_name = _("given page")
        verbose_name_plural = _("given pages")
        indexes = [models.Index(fields=["campaign", "site"])]

    def __str__(self) -> str:
        return f"{self.site}: {self.given_on} – {self.until}"


class Piece(models.Model):
    """One piece of a text that somebody pasted, until they enter it as a record or drop it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="pieces")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="pieces")
    kind = models.CharField(max_length=20)
    text = models.TextField()
    pasted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "kind"], name="piece_person_kind")]

    def __str__(self) -> str:
        return self.text[:60]
