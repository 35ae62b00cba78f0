"""Filtered lists that people have named, for themselves or for everybody."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guantong.campaigns.models import Campaign
from guantong.people.models import Person


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def offered_to(self, person: Person) -> SavedViewQuerySet:
        """The person's own views, and those that others share, by name."""
        return self.filter(Q(person=person) | Q(is_shared=True)).order_by("name", "pk")


class SavedView(models.Model):
    """A list of one kind with its filters, under a name; it holds an address and no record."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="saved_views")
    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_views")
    kind = models.CharField(max_length=40)
    name = models.CharField(_("name of the view"), max_length=60)
    query = models.CharField(max_length=1000)
    is_shared = models.BooleanField(_("for everybody"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "person", "kind", "name"], name="one_view_of_a_name"
            )
        ]
        indexes = [models.Index(fields=["campaign", "kind", "is_shared"])]

    def __str__(self) -> str:
        return self.name
