"""From which numbers references are made."""

from django.db import models

from guantong.campaigns.models import Campaign


class ReferenceCounter(models.Model):
    """The last number that a campaign gave to a record of one kind."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind"], name="one_counter_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.last}"
