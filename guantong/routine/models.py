"""The turns of recurring jobs: which were taken, by which worker, until when, with what result."""

from __future__ import annotations

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """How a turn stands."""

    TAKEN = "taken", _("under way")
    DONE = "done", _("turn done")
    FAILED = "failed", _("failed")
    OVERTAKEN = "overtaken", _("made good by a later turn")


class RunQuerySet(models.QuerySet["Run"]):
    def of(self, job: str) -> Self:
        return self.filter(job=job)

    def lost(self, now: datetime.datetime) -> Self:
        """Those whose worker let its lease run out: it died, or the work failed."""
        return self.filter(outcome=Outcome.TAKEN, lease_until__lt=now)


class Run(models.Model):
    """One job was taken for one period, by one worker at a time, until it was done once.

    It is no record of the campaign: what a job changes has its entries in the ledger.
    """

    job = models.CharField(_("job"), max_length=80)
    begins_at = models.DateTimeField(_("period"))
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.TAKEN)
    worker = models.CharField(_("worker"), max_length=80)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=1)
    taken_at = models.DateTimeField(_("taken"))
    lease_until = models.DateTimeField()
    ended_at = models.DateTimeField(_("ended"), null=True)
    said = models.TextField(_("said"), blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "begins_at"], name="one_run_a_period")
        ]
        indexes = [models.Index(fields=["outcome", "lease_until"])]

    def __str__(self) -> str:
        return f"{self.job} {self.begins_at:%Y-%m-%d %H:%M}: {self.outcome}"
