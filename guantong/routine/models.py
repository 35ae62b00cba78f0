"""The turns of recurring jobs and the tasks that people asked for, by which worker, how ended."""

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


class TaskState(models.TextChoices):
    """How a task stands."""

    WAITING = "waiting", _("waits")
    TAKEN = "taken", _("under way")
    DONE = "done", _("finished")
    FAILED = "failed", _("task failed")
    STOPPED = "stopped", _("stopped")


OPEN = (TaskState.WAITING, TaskState.TAKEN)


class TaskQuerySet(models.QuerySet["Task"]):
    def asked_by(self, person: int) -> Self:
        return self.filter(asked_by=person)

    def open(self) -> Self:
        """Those that wait or are under way."""
        return self.filter(state__in=OPEN)

    def mine(self, task: Task) -> Self:
        """The task, if the worker that took it still has it."""
        return self.filter(
            pk=task.pk, state=TaskState.TAKEN, worker=task.worker, attempts=task.attempts
        )


class Task(models.Model):
    """One piece of long work that somebody asked for, done once by one worker at a time.

    How far it is stands in files (see `progress`). `asked_by` is a person's id. It is no record of
    the campaign: what the work changes has its entries in the ledger. `url` is where its result is.
    """

    work = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    asked_by = models.BigIntegerField(null=True)
    language = models.CharField(max_length=10)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.WAITING)
    worker = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    said = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="task_state"),
            models.Index(fields=["asked_by", "-id"], name="task_asked_by"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
